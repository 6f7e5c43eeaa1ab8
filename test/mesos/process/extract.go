package process

import (
	"archive/tar"
	"archive/zip"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// extract unpacks a file into dir when its name says that it is an archive (the list is in Mesos: docs/fetcher.md). Names
// that lead out of dir are refused by os.Root.
func extract(file, dir string) error {
	name := strings.ToLower(filepath.Base(file))
	ends := func(suffixes ...string) bool {
		for _, suffix := range suffixes {
			if strings.HasSuffix(name, suffix) {
				return true
			}
		}
		return false
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	switch {
	case ends(".tgz", ".tar.gz"):
		err = withFile(file, func(f io.Reader) error {
			unzipped, err := gzip.NewReader(f)
			if err != nil {
				return err
			}
			return untar(unzipped, root)
		})
	case ends(".tbz2", ".tar.bz2"):
		err = withFile(file, func(f io.Reader) error { return untar(bzip2.NewReader(f), root) })
	case ends(".tar"):
		err = withFile(file, func(f io.Reader) error { return untar(f, root) })
	case ends(".txz", ".tar.xz"):
		var output []byte
		if output, err = exec.Command("tar", "-C", dir, "-xJf", file).CombinedOutput(); err != nil {
			err = fmt.Errorf("%w: %s", err, output)
		}
	case ends(".zip"):
		err = unzip(file, root)
	case ends(".gz"):
		err = withFile(file, func(f io.Reader) error {
			unzipped, err := gzip.NewReader(f)
			if err != nil {
				return err
			}
			return writeFile(root, filepath.Base(file)[:len(name)-len(".gz")], 0o644, unzipped)
		})
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(file), err)
	}
	return nil
}

func withFile(name string, use func(io.Reader) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return use(file)
}

func untar(archive io.Reader, root *os.Root) error {
	reader := tar.NewReader(archive)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.Clean(header.Name)
		switch header.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(name, 0o755)
		case tar.TypeReg:
			err = writeFile(root, name, os.FileMode(header.Mode).Perm(), reader)
		case tar.TypeSymlink:
			err = replace(root, name, func() error { return root.Symlink(header.Linkname, name) })
		case tar.TypeLink:
			err = replace(root, name, func() error { return root.Link(filepath.Clean(header.Linkname), name) })
		}
		if err != nil {
			return err
		}
	}
}

func unzip(file string, root *os.Root) error {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		name := filepath.Clean(entry.Name)
		if entry.FileInfo().IsDir() {
			if err := root.MkdirAll(name, 0o755); err != nil {
				return err
			}
			continue
		}
		content, err := entry.Open()
		if err != nil {
			return err
		}
		err = errors.Join(writeFile(root, name, entry.Mode().Perm(), content), content.Close())
		if err != nil {
			return err
		}
	}
	return nil
}

func writeFile(root *os.Root, name string, mode os.FileMode, content io.Reader) error {
	return replace(root, name, func() error {
		file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode|0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		return errors.Join(err, file.Close())
	})
}

// replace makes an entry anew: the folders above it, and in place of an older entry of that name.
func replace(root *os.Root, name string, make func() error) error {
	if dir := filepath.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return make()
}
