package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

func TestPack(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "cockroach")
	if err := os.WriteFile(binary, []byte("program"), 0o600); err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string][]string{
		"v20.1.5": {"cockroach-v20.1.5.linux-amd64/ 755", "cockroach-v20.1.5.linux-amd64/cockroach 755"},
		"v24.1.6": {"cockroach-v24.1.6.linux-amd64/ 755", "cockroach-v24.1.6.linux-amd64/cockroach 755", "cockroach-v24.1.6.linux-amd64/lib/ 755",
			"cockroach-v24.1.6.linux-amd64/lib/libgeos.so 755", "cockroach-v24.1.6.linux-amd64/lib/libgeos_c.so 755"},
	} {
		var a, b bytes.Buffer
		v := version.MustParse(tag)
		if err := Pack(&a, v, binary); err != nil {
			t.Fatal(err)
		}
		os.Chtimes(binary, stamp, stamp)
		if err := Pack(&b, v, binary); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two archives of one binary differ (%v)", tag, err)
		}
		z, err := gzip.NewReader(&a)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for r := tar.NewReader(z); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, h.Name+" "+modeText(h.Mode))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v; want %v", tag, got, want)
		}
	}
	if err := Pack(io.Discard, version.MustParse("v24.1.6"), binary+"-missing"); err == nil {
		t.Error("an archive without a binary was packed")
	}
	if got := Name(version.MustParse("v24.1.6")); got != "cockroach-v24.1.6.linux-amd64.tgz" {
		t.Errorf("name %s", got)
	}
}

func modeText(m int64) string {
	return string([]byte{'0' + byte(m>>6&7), '0' + byte(m>>3&7), '0' + byte(m&7)})
}
