package archive

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// source is the package that is built.
const source = "github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cmd/cockroach"

// Build makes the static binary of the stand-in that behaves as v, at path. It
// runs `go build` in the module that the working directory is in.
func Build(ctx context.Context, v version.Version, path string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w -X main.version="+v.String(), "-o", path, source)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the stand-in %s: %w\n%s", v, err, out)
	}
	return nil
}

// Name gives the file name that the vendor gives the archive of v.
func Name(v version.Version) string { return "cockroach-" + v.String() + ".linux-amd64.tgz" }

// Make builds the stand-in and packs it into folder; it gives the archive's path.
func Make(ctx context.Context, v version.Version, folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the folder for the archive: %w", err)
	}
	temp, err := os.MkdirTemp("", "stand-in-")
	if err != nil {
		return "", fmt.Errorf("make a folder to build in: %w", err)
	}
	defer os.RemoveAll(temp)
	binary := filepath.Join(temp, "cockroach")
	if err := Build(ctx, v, binary); err != nil {
		return "", err
	}
	path := filepath.Join(folder, Name(v))
	aside := path + ".new"
	w, err := os.Create(aside)
	if err != nil {
		return "", fmt.Errorf("make the archive: %w", err)
	}
	if err := Pack(w, v, binary); err != nil {
		w.Close()
		os.Remove(aside)
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("write the archive: %w", err)
	}
	return path, os.Rename(aside, path)
}

// stamp is the time of all files in the archive, so that it is reproducible.
var stamp = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Pack writes the archive of v with the given binary. From 20.2 on the published
// ones carry the libraries of the spatial functions; ours are placeholders.
func Pack(w io.Writer, v version.Version, binary string) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("compress the archive: %w", err)
	}
	t := tar.NewWriter(z)
	top := "cockroach-" + v.String() + ".linux-amd64/"
	body, err := os.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("read the binary: %w", err)
	}
	files := []struct {
		name string
		mode int64
		body []byte
	}{{top, 0o755, nil}, {top + "cockroach", 0o755, body}}
	if v.AtLeast(20, 2, 0) {
		note := []byte("placeholder of the stand-in database; not a library\n")
		files = append(files, []struct {
			name string
			mode int64
			body []byte
		}{{top + "lib/", 0o755, nil}, {top + "lib/libgeos.so", 0o755, note}, {top + "lib/libgeos_c.so", 0o755, note}}...)
	}
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.body)), ModTime: stamp, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if f.body == nil {
			h.Typeflag = tar.TypeDir
		}
		if err := t.WriteHeader(h); err != nil {
			return fmt.Errorf("pack %s: %w", f.name, err)
		}
		if _, err := t.Write(f.body); err != nil {
			return fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	if err := t.Close(); err != nil {
		return fmt.Errorf("finish the archive: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("finish the archive: %w", err)
	}
	return nil
}
