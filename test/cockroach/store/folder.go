package store

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Folder is an open, locked store folder.
type Folder struct {
	Path string
	Temp string // the folder for temporary files of this process
	lock *os.File
	log  *os.File
	*pages
}

// Identity is who a store is. ClusterID and NodeID are zero until the node is in
// a cluster; Token is made with the store and lets a join be asked for twice.
type Identity struct {
	Token     string `json:"token"`
	ClusterID string `json:"clusterId,omitempty"`
	NodeID    int    `json:"nodeId,omitempty"`
	Version   string `json:"lastUsedWith"`
}

// ErrLocked is returned by Open when another process holds the folder.
var ErrLocked = errors.New("store is in use by another process")

// Open makes the folder where it is missing, and locks it. TempParent is where
// the folder for temporary files goes; empty means inside the store.
func Open(path, tempParent string) (*Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find store %s: %w", path, err)
	}
	for _, d := range []string{path, filepath.Join(path, "auxiliary")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, fmt.Errorf("make store folder: %w", err)
		}
	}
	lock, err := os.OpenFile(filepath.Join(path, "LOCK"), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("open the store's lock: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("%w: %s", ErrLocked, filepath.Join(path, "LOCK"))
	}
	f := &Folder{Path: path, lock: lock}
	if f.pages, err = openPages(filepath.Join(path, "PAGES")); err != nil {
		lock.Close()
		return nil, err
	}
	if err := f.makeTemp(tempParent); err != nil {
		lock.Close()
		return nil, err
	}
	return f, nil
}

// makeTemp removes what an earlier process left, and makes this one's folder.
func (f *Folder) makeTemp(parent string) error {
	record := filepath.Join(f.Path, "temp-dirs-record.txt")
	if old, err := os.ReadFile(record); err == nil {
		for _, dir := range strings.Fields(string(old)) {
			if strings.HasPrefix(filepath.Base(dir), "cockroach-temp") {
				os.RemoveAll(dir)
			}
		}
	}
	if parent == "" {
		parent = f.Path
	}
	temp, err := os.MkdirTemp(parent, "cockroach-temp")
	if err != nil {
		return fmt.Errorf("make the folder for temporary files: %w", err)
	}
	f.Temp = temp
	return f.replace("temp-dirs-record.txt", []byte(temp+"\n"))
}

// Close removes the temporary folder and gives up the lock.
func (f *Folder) Close() error {
	if f.log != nil {
		f.log.Close()
	}
	f.pages.file.Close()
	os.RemoveAll(f.Temp)
	f.replace("temp-dirs-record.txt", nil)
	return f.lock.Close()
}

// Identity reads who the store is, making a token for a new store.
func (f *Folder) Identity() (Identity, error) {
	var id Identity
	err := f.read("IDENTITY", &id)
	if errors.Is(err, fs.ErrNotExist) {
		b := make([]byte, 16)
		rand.Read(b)
		id.Token = hex.EncodeToString(b)
		return id, f.SetIdentity(id)
	}
	return id, err
}

// SetIdentity stores who the store is.
func (f *Folder) SetIdentity(id Identity) error { return f.write("IDENTITY", id) }

// WriteAddresses leaves the bound addresses in small text files, by file name
// without the "cockroach." in front, such as "listen-addr".
func (f *Folder) WriteAddresses(addrs map[string]string) error {
	for name, addr := range addrs {
		if err := os.WriteFile(filepath.Join(f.Path, "cockroach."+name), []byte(addr), 0o640); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// Addresses reads the addresses of other nodes that were saved, by node id.
func (f *Folder) Addresses() (map[int]string, error) {
	var m map[int]string
	err := f.read("ADDRESSES", &m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return m, err
}

// SetAddresses saves the addresses of other nodes, so that a node finds its
// cluster whatever its join list says.
func (f *Folder) SetAddresses(m map[int]string) error { return f.write("ADDRESSES", m) }

func (f *Folder) read(name string, v any) error {
	b, err := os.ReadFile(filepath.Join(f.Path, name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("decode %s of the store: %w", name, err)
	}
	return nil
}

func (f *Folder) write(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s of the store: %w", name, err)
	}
	return f.replace(name, b)
}

// replace writes aside, syncs, renames, and syncs the folder.
func (f *Folder) replace(name string, b []byte) error {
	aside := filepath.Join(f.Path, name+".new")
	w, err := os.OpenFile(aside, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("write %s of the store: %w", name, err)
	}
	if _, err = w.Write(b); err == nil {
		err = w.Sync()
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(aside, filepath.Join(f.Path, name))
	}
	if err != nil {
		return fmt.Errorf("write %s of the store: %w", name, err)
	}
	d, err := os.Open(f.Path)
	if err != nil {
		return fmt.Errorf("sync the store folder: %w", err)
	}
	defer d.Close()
	return d.Sync()
}
