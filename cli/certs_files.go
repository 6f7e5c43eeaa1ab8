package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// Modes that the database and its drivers want: they refuse a key that others could read.
const (
	publicFile    = 0o644
	secretFile    = 0o600
	privateFolder = 0o700
)

// file is one that is to be written. Its folder is there already.
type file struct {
	path string
	text []byte
	mode os.FileMode

	aside string // where it is until all are written
	saved string // where the one is that it replaces, "" without one
}

// putFiles writes all files or none: each beside its place first, then all are renamed; when one of that fails, what was there before
// is put back. Files that are there are replaced.
func putFiles(files []file) (err error) {
	done := 0
	defer func() {
		for i := range files {
			f := &files[i]
			switch {
			case err != nil && i < done:
				os.Remove(f.path)
			case err != nil && f.aside != "":
				os.Remove(f.aside)
			}
			if f.saved == "" {
				continue
			}
			if err == nil {
				os.Remove(f.saved)
			} else if back := os.Rename(f.saved, f.path); back != nil {
				err = errors.Join(err, fmt.Errorf("put %s back, which is in %s now: %w", f.path, f.saved, back))
			}
		}
	}()
	for i := range files {
		if err := files[i].write(); err != nil {
			return err
		}
	}
	for i := range files {
		if err := files[i].place(); err != nil {
			return err
		}
		done++
	}
	return nil
}

// write writes the file aside.
func (f *file) write() error {
	aside, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+".*") // with mode 0600
	if err != nil {
		return err
	}
	f.aside = aside.Name()
	_, err = aside.Write(f.text)
	err = errors.Join(err, aside.Sync(), aside.Close())
	if err != nil {
		return err
	}
	return os.Chmod(f.aside, f.mode) // whatever the umask is
}

// place puts the file where it belongs, and saves the one that is there.
func (f *file) place() error {
	if info, err := os.Lstat(f.path); err == nil {
		if info.IsDir() {
			return &fs.PathError{Op: "write", Path: f.path, Err: errors.New("is a folder")}
		}
		if err := os.Rename(f.path, f.aside+".former"); err != nil {
			return err
		}
		f.saved = f.aside + ".former"
	}
	return os.Rename(f.aside, f.path)
}

// makeFolder makes a folder that only its owner reads, with those above it; one that is there stays as it is. undo removes what was made,
// unless there is something in it.
func makeFolder(path string) (undo func(), err error) {
	var made []string
	for at := path; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		made = append(made, at)
	}
	undo = func() {
		for _, one := range made {
			_ = os.Remove(one)
		}
	}
	if err := os.MkdirAll(path, privateFolder); err != nil {
		undo()
		return nil, err
	}
	// Whether it can be written to shows only when something is written.
	probe, err := os.CreateTemp(path, ".probe.*")
	if err != nil {
		undo()
		return nil, err
	}
	return undo, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// notThereYet refuses files that would be overwritten. Errors: *cluster.Fault for each, joined.
func notThereYet(field string, paths ...string) error {
	var faults []error
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			faults = append(faults, &cluster.Fault{Field: field, Value: path, Message: "is there already", Remedy: "Name another place, or overwrite it: --force."})
		}
	}
	return errors.Join(faults...)
}

// notWritable is the error of a place that cannot be written to.
func notWritable(field, path string, err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		err = at.Err
	}
	return &cluster.Fault{Field: field, Value: path, Message: "cannot be written: " + err.Error(), Remedy: "Name a place that you may write to."}
}
