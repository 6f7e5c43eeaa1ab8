package certs

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

func TestInstalledFoldersAreWhatTheDatabaseTakes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o777)) // whatever the umask is
	place := newPlace(t)
	s := newFakeScheduler(t)
	first := s.enrolled(&lines{})
	for range 2 { // the second time replaces
		if err := place.Install(first); err != nil {
			t.Fatal(err)
		}
	}
	for folder, name := range map[string]string{place.NodeDir(): "node", place.ClientDir(): "client.root"} {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Fatalf("%s: %v, %v", folder, info, err)
		}
		if _, err := tls.LoadX509KeyPair(filepath.Join(folder, name+".crt"), filepath.Join(folder, name+".key")); err != nil {
			t.Errorf("%s: %v", folder, err)
		}
		entries, _ := os.ReadDir(folder)
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
			if info, err := e.Info(); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s/%s: %v, %v", folder, e.Name(), info.Mode(), err)
			}
		}
		if want := []string{"ca.crt", name + ".crt", name + ".key"}; !slices.Equal(names, want) {
			t.Errorf("%s has %q, want %q", folder, names, want)
		}
	}
	if entries, _ := os.ReadDir(place.dir); len(entries) != 5 { // the lock, two links, two folders: nothing of the former ones
		t.Errorf("the memory has %v", entries)
	}
	entries, _ := os.ReadDir(place.sandbox)
	if len(entries) != 1 || entries[0].Name() != "ca.crt" || !entries[0].Type().IsRegular() {
		t.Errorf("the sandbox has %v", entries)
	}
	if info, err := os.Stat(filepath.Join(place.sandbox, "ca.crt")); err != nil || info.Mode() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
}

// TestACrashLeavesTheFormerFolder stops a replacement at its last step: the name goes on to show the former set, whole.
func TestACrashLeavesTheFormerFolder(t *testing.T) {
	dir := t.TempDir()
	if err := replaceFolder(dir, nodeDir, []file{{"node.crt", []byte("1")}, {"node.key", []byte("1")}}); err != nil {
		t.Fatal(err)
	}
	// What a crash between the files and the link leaves.
	if err := os.MkdirAll(filepath.Join(dir, ".certs.half"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".certs.half", filepath.Join(dir, ".certs.half.link")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, nodeDir, "node.key")); err != nil || string(got) != "1" {
		t.Errorf("%q, %v", got, err)
	}
	// One that fails leaves nothing.
	if err := replaceFolder(dir, nodeDir, []file{{"node.crt", []byte("2")}, {"no/such/folder", nil}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no error for a file that cannot be: %v", err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, nodeDir, "node.crt")); string(got) != "1" {
		t.Errorf("a failed replacement shows %q", got)
	}
	if err := replaceFolder(dir, nodeDir, []file{{"node.crt", []byte("3")}}); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left over: %v", entries)
	}
}
