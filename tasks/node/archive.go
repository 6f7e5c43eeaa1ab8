package node

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// content is what a fetched file turns out to be, judged by its first bytes and not by its name.
type content int

const (
	unknownContent content = iota
	gzipContent
	tarContent
	zipContent
	programContent
)

// sniffLength reaches the magic of a tar header, at byte 257.
const sniffLength = 512

// sniff recognises gzip, zip, tar, ELF programs and scripts.
func sniff(head []byte) content {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzipContent
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return zipContent
	case bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("#!")):
		return programContent
	case len(head) >= 262 && string(head[257:262]) == "ustar":
		return tarContent
	}
	return unknownContent
}

// errNoArchive says that a file is none of the accepted kinds.
var errNoArchive = errors.New("it is neither a tgz, tar or zip archive nor a program; an error page of the web server may have been fetched instead")

// extract unpacks the file at archive into the folder target, which exists and is empty. A bare program, compressed or not,
// becomes the file name in it. Names that lead out of target are refused, links too: os.Root checks each step.
func extract(ctx context.Context, archive, target, name string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	root, err := os.OpenRoot(target)
	if err != nil {
		return err
	}
	defer root.Close()
	in := bufio.NewReaderSize(&cancelReader{ctx, file}, 1<<20)
	kind := peekKind(in)
	if kind == gzipContent {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		in = bufio.NewReaderSize(unzipped, 1<<20)
		if kind = peekKind(in); kind != tarContent && kind != programContent {
			return errNoArchive
		}
	}
	switch kind {
	case tarContent:
		return extractTar(tar.NewReader(in), root)
	case zipContent:
		return extractZip(ctx, file, root)
	case programContent:
		return writeFile(root, name, 0o755, in)
	}
	return errNoArchive
}

func peekKind(in *bufio.Reader) content {
	head, _ := in.Peek(sniffLength) // a short file gives what there is
	return sniff(head)
}

func extractTar(in *tar.Reader, root *os.Root) error {
	for {
		header, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch header.Typeflag {
		case tar.TypeReg:
			err = writeFile(root, header.Name, header.FileInfo().Mode(), in)
		case tar.TypeDir:
			err = makeFolder(root, header.Name)
		case tar.TypeSymlink:
			err = writeLink(root, header.Name, header.Linkname)
		case tar.TypeXGlobalHeader:
		default:
			err = fmt.Errorf("entry %q is no file, folder or link", header.Name)
		}
		if err != nil {
			return err
		}
	}
}

func extractZip(ctx context.Context, file *os.File, root *os.Root) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	in, err := zip.NewReader(file, info.Size())
	if err != nil {
		return err
	}
	for _, entry := range in.File {
		if entry.Mode().IsDir() {
			err = makeFolder(root, entry.Name)
		} else {
			err = extractZipFile(ctx, root, entry)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func extractZipFile(ctx context.Context, root *os.Root, entry *zip.File) error {
	if !entry.Mode().IsRegular() {
		return fmt.Errorf("entry %q is no file or folder", entry.Name)
	}
	body, err := entry.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	return writeFile(root, entry.Name, entry.Mode(), &cancelReader{ctx, body})
}

func local(name string) (string, error) {
	clean := filepath.Clean(filepath.FromSlash(name))
	if !filepath.IsLocal(clean) {
		return "", fmt.Errorf("entry %q leads out of the archive's folder", name)
	}
	return clean, nil
}

func makeFolder(root *os.Root, name string) error {
	clean, err := local(name)
	if err != nil || clean == "." {
		return err
	}
	return root.MkdirAll(clean, 0o755)
}

func writeFile(root *os.Root, name string, mode fs.FileMode, body io.Reader) error {
	clean, err := local(name)
	if err != nil {
		return err
	}
	if err := root.MkdirAll(filepath.Dir(clean), 0o755); err != nil {
		return err
	}
	out, err := root.OpenFile(clean, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode.Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, body)
	return errors.Join(err, out.Close())
}

func writeLink(root *os.Root, name, target string) error {
	clean, err := local(name)
	if err != nil {
		return err
	}
	if _, err := local(filepath.Join(filepath.Dir(clean), target)); err != nil || filepath.IsAbs(target) {
		return fmt.Errorf("link %q leads out of the archive's folder, to %q", name, target)
	}
	if err := root.MkdirAll(filepath.Dir(clean), 0o755); err != nil {
		return err
	}
	return root.Symlink(target, clean)
}

// cancelReader ends a long read when the task is told to stop.
type cancelReader struct {
	ctx context.Context
	in  io.Reader
}

func (r *cancelReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}
