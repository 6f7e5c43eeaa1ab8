package certs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Folders of a Place: what --certs-dir of the database and of its clients name.
const (
	nodeDir   = "certs"
	clientDir = "certs-client"
)

// caFile is the bundle of authorities: in both folders, and in the sandbox.
const caFile = "ca.crt"

// file is one file of a folder.
type file struct {
	name    string
	content []byte
}

func installPair(dir, folder, name string, p *pair, ca string) error {
	key, err := encodeKey(p.signer)
	if err != nil {
		return err
	}
	return replaceFolder(dir, folder, []file{{caFile, []byte(ca)}, {name + ".crt", []byte(p.certificate)}, {name + ".key", key}})
}

// replaceFolder makes dir/name show these files and no others, all of them at one moment: see the package's comment. Modes are
// set whatever the umask is, and nobody but the owner gets in: the database refuses keys that others may read.
func replaceFolder(dir, name string, files []file) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write the folder %s: %w", name, err)
		}
	}()
	fresh, err := os.MkdirTemp(dir, "."+name+".")
	if err != nil {
		return err
	}
	shown := false
	defer func() {
		if !shown {
			_ = os.RemoveAll(fresh) // the first error counts
		}
	}()
	if err = os.Chmod(fresh, 0o700); err != nil {
		return err
	}
	for _, f := range files {
		if err = writeFile(filepath.Join(fresh, f.name), f.content, 0o600); err != nil {
			return err
		}
	}
	if err = syncPath(fresh); err != nil {
		return err
	}
	link := fresh + ".link"
	if err = os.Symlink(filepath.Base(fresh), link); err != nil {
		return err
	}
	if err = os.Rename(link, filepath.Join(dir, name)); err != nil {
		_ = os.Remove(link) // the first error counts
		return err
	}
	shown = true
	if err = syncPath(dir); err != nil {
		return err
	}
	return removeFolders(dir, name, filepath.Base(fresh))
}

// removeFolder removes a name and all that replaceFolder made under it.
func removeFolder(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the folder %s: %w", name, err)
	}
	return removeFolders(dir, name, "")
}

// replaceFile makes dir/name show this content, all of it at one moment, to everybody.
func replaceFile(dir, name string, content []byte) error {
	fresh := filepath.Join(dir, "."+name+".new")
	err := os.Remove(fresh) // what a crash left
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = writeFile(fresh, content, 0o644)
	}
	if err == nil {
		err = os.Rename(fresh, filepath.Join(dir, name))
	}
	if err == nil {
		err = syncPath(dir)
	}
	if err != nil {
		_ = os.Remove(fresh) // the first error counts
		return fmt.Errorf("write the file %s: %w", name, err)
	}
	return nil
}

// removeFolders removes all that replaceFolder made under a name, but for the one to keep: what a crash left too.
func removeFolders(dir, name, keep string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var failed []error
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "."+name+".") && entry.Name() != keep {
			failed = append(failed, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	return errors.Join(failed...)
}

func writeFile(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
