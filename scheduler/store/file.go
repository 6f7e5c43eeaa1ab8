package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// fileBackend keeps everything in one JSON file, <folder>/<root>.json, beside its lock file <root>.lock.
type fileBackend struct {
	dir  string
	path string
	lock *os.File
}

// openFile makes the folder, takes the lock, and makes sure that the file can be read.
func openFile(dir, root string) (Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the state store: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, root+".lock"))
	if err != nil {
		return nil, err
	}
	f := &fileBackend{dir: dir, path: filepath.Join(dir, root+".json"), lock: lock}
	if _, err := f.read(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &ledger{back: f}, nil
}

func (f *fileBackend) load(ctx context.Context) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.read()
}

func (f *fileBackend) read() (map[string][]byte, error) {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return map[string][]byte{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the state store: %w", err)
	}
	values, err := decodeFile(text)
	var other *SchemaError
	if errors.As(err, &other) {
		other.Where = f.path
		return nil, other
	}
	if err != nil {
		return nil, &CorruptError{Where: f.path, Problem: err.Error(),
			Remedy: "restore the file from a copy, or repair it by hand. Only if the service's tasks and reservations are gone, " +
				"move it away: without it the scheduler starts as a new service"}
	}
	return values, nil
}

// commit replaces the file: written aside, synced, renamed, folder synced. Until the rename the old content is untouched.
func (f *fileBackend) commit(ctx context.Context, before map[string][]byte, c change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	text, err := encodeFile(c.after(before))
	if err != nil {
		return err
	}
	aside := f.path + ".new" // one writer only, so a fixed name; a leftover of a crash is overwritten
	if err := writeSynced(aside, text); err != nil {
		// What is left is removed to give its space back; the failure to report is the first one.
		_ = os.Remove(aside)
		return fmt.Errorf("writing the state store (the state as it was is kept; make sure that %s has free space): %w", f.dir, err)
	}
	if err := os.Rename(aside, f.path); err != nil {
		return fmt.Errorf("putting the new state in place: %w", err)
	}
	if err := syncDir(f.dir); err != nil {
		return fmt.Errorf("making the new state durable: %w", err)
	}
	return nil
}

func (f *fileBackend) close() error {
	if err := f.lock.Close(); err != nil {
		return fmt.Errorf("giving the lock of the state store back: %w", err)
	}
	return nil
}

func writeSynced(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(text); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Sync(); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

// syncDir makes a rename in the folder survive a power cut (fsync(2) of a file does not cover its name).
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := d.Sync(); err != nil {
		return errors.Join(err, d.Close())
	}
	return d.Close()
}
