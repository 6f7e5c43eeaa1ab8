package node

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const program = "#!/bin/sh\necho 'Build Tag:    v24.1.6'\n"

type entry struct{ name, body, link string }

// published has the layout of the archives from v20.2 on.
var published = []entry{
	{name: "cockroach-v24.1.6.linux-amd64/"}, {name: "cockroach-v24.1.6.linux-amd64/cockroach", body: program},
	{name: "cockroach-v24.1.6.linux-amd64/lib/libgeos.so", body: "x"}, {name: "cockroach-v24.1.6.linux-amd64/lib/libgeos.so.1", link: "libgeos.so"},
}

func tarOf(t *testing.T, entries []entry) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.body)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		switch {
		case e.link != "":
			h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
		case strings.HasSuffix(e.name, "/"):
			h.Typeflag = tar.TypeDir
		case e.body == "fifo":
			h.Typeflag, h.Size, e.body = tar.TypeFifo, 0, ""
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t *testing.T, body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t *testing.T, entries []entry) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPrepareBinary(t *testing.T) {
	tgz := gzipOf(t, tarOf(t, published))
	for name, c := range map[string]struct {
		body []byte
		edit func(*Settings)
		want string // path below the unpacked folder
		says string
	}{
		"tgz":             {body: tgz, want: "cockroach-v24.1.6.linux-amd64/cockroach"},
		"tar":             {body: tarOf(t, published), want: "cockroach-v24.1.6.linux-amd64/cockroach"},
		"zip":             {body: zipOf(t, published[:3]), want: "cockroach-v24.1.6.linux-amd64/cockroach"},
		"bare program":    {body: []byte(program), want: "cockroach"},
		"bare, gzipped":   {body: gzipOf(t, []byte(program)), want: "cockroach"},
		"right folder":    {body: tgz, edit: func(s *Settings) { s.Dir = "cockroach-v24.1.6.linux-amd64" }, want: "cockroach-v24.1.6.linux-amd64/cockroach"},
		"right sum":       {body: tgz, edit: func(s *Settings) { s.SHA256 = hexSum(tgz) }, want: "cockroach-v24.1.6.linux-amd64/cockroach"},
		"nearest the top": {body: tarOf(t, []entry{{name: "a/b/cockroach", body: "x"}, {name: "z/cockroach", body: program}}), want: "z/cockroach"},
		"wrong folder":    {body: tgz, edit: func(s *Settings) { s.Dir = "cockroach-v20.1.5.linux-amd64" }, says: "folder cockroach-v20.1.5.linux-amd64"},
		"wrong sum":       {body: tgz, edit: func(s *Settings) { s.SHA256 = hexSum(nil) }, says: "has the SHA-256 sum " + hexSum(tgz)},
		"no program":      {body: tarOf(t, []entry{{name: "README", body: "x"}, {name: "cockroach/x", body: "x"}}), says: "it holds README, cockroach/x"},
		"empty archive":   {body: tarOf(t, []entry{{name: "a/"}}), says: "no file at all"},
		"error page":      {body: []byte("<html>404</html>"), says: "error page"},
		"empty file":      {body: nil, says: "error page"},
		"cut off":         {body: tgz[:len(tgz)-30], says: "unexpected EOF"},
		"leads out":       {body: tarOf(t, []entry{{name: "../evil", body: "x"}}), says: "leads out"},
		"absolute":        {body: tarOf(t, []entry{{name: "/evil", body: "x"}}), says: "leads out"},
		"link leads out":  {body: tarOf(t, []entry{{name: "a/l", link: "../../evil"}}), says: "leads out"},
		"absolute link":   {body: tarOf(t, []entry{{name: "a/l", link: "/etc"}}), says: "leads out"},
		"zip leads out":   {body: zipOf(t, []entry{{name: "a/../../evil", body: "x"}}), says: "leads out"},
		"device":          {body: tarOf(t, []entry{{name: "pipe", body: "fifo"}}), says: "no file, folder or link"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "a.tgz"), c.body, 0o644); err != nil {
				t.Fatal(err)
			}
			s := Settings{Archive: "a.tgz"}
			if c.edit != nil {
				c.edit(&s)
			}
			got, err := prepareBinary(t.Context(), dir, s.Program(), NewJournal(io.Discard, time.Now))
			if c.says != "" {
				var fault *Fault
				if !errors.As(err, &fault) || fault.Code != tasks.ExitArchive || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("%q, %v; want an error with %q", got, err, c.says)
				}
				if _, err := os.Stat(filepath.Join(dir, unpackedFolder)); err == nil && c.edit == nil && !strings.Contains(c.says, "hold") && c.says != "no file at all" {
					t.Error("a half-unpacked archive looks complete")
				}
				if _, err := os.Stat(filepath.Join(dir, "evil")); err == nil {
					t.Error("a file was written outside")
				}
				return
			}
			if want := filepath.Join(dir, unpackedFolder, c.want); err != nil || got != want {
				t.Fatalf("%q, %v; want %q", got, err, want)
			}
			if err := checkVersion(t.Context(), got, must(t, "v24.1.6"), os.Environ()); err != nil {
				t.Error(err)
			}
		})
	}
}

func hexSum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func TestUnpackingStopsWhenTheTaskDoes(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.tgz"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := prepareBinary(ctx, dir, Program{Archive: "a.tgz"}, NewJournal(io.Discard, time.Now)); err == nil {
		t.Error("unpacked after the end")
	}
}

func TestCheckVersion(t *testing.T) {
	for name, c := range map[string]struct{ body, says string }{
		"no release":   {"#!/bin/sh\necho 'Build Tag: unknown'\n", `"unknown"`},
		"fails":        {"#!/bin/sh\necho 'libc.so.6: version not found' >&2\nexit 3\n", "does not run on this agent, it says: libc.so.6: version not found: exit status 3"},
		"no such exec": {"\x7fELF garbage", "does not run on this agent"},
	} {
		path := filepath.Join(t.TempDir(), "cockroach")
		if err := os.WriteFile(path, []byte(c.body), 0o755); err != nil {
			t.Fatal(err)
		}
		err := checkVersion(t.Context(), path, must(t, "v24.1.6"), nil)
		if err == nil || ExitCode(err) != tasks.ExitVersion || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAProgramThatIsStillOpenIsTriedAgain: a child that starts at the wrong moment holds it open for writing.
func TestAProgramThatIsStillOpenIsTriedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cockroach")
	program, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := program.WriteString("#!/bin/sh\necho Build Tag: v24.1.6\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := runVersion(t.Context(), path, nil); !errors.Is(err, syscall.ETXTBSY) {
		t.Errorf("a program that is written runs: %v", err)
	}
	closed := make(chan error)
	time.AfterFunc(50*time.Millisecond, func() { closed <- program.Close() })
	if err := checkVersion(t.Context(), path, must(t, "v24.1.6"), os.Environ()); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
