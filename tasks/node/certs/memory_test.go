package certs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// testMemory takes a folder for memory.
func testMemory(path string) Memory { return Memory{path, func(string) error { return nil }} }

// newPlace is a launch's in memory, with an empty sandbox.
func newPlace(t *testing.T) *Place {
	t.Helper()
	root := t.TempDir()
	place := openPlace(t, testMemory(filepath.Join(root, "shm")), filepath.Join(root, "sandbox"), &lines{})
	if place.lock == nil {
		t.Fatal("it is not in memory")
	}
	return place
}

// openPlace makes what is missing of the folders, and a place.
func openPlace(t *testing.T, m Memory, sandbox string, out *lines) *Place {
	t.Helper()
	for _, dir := range []string{m.Path, sandbox} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	place, err := m.Open(sandbox, out.say)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := place.Close(); err != nil {
			t.Error(err)
		}
	})
	return place
}

// kill leaves a place as a killed helper does.
func (p *Place) kill() {
	p.closed = true
	_ = p.lock.Close()
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// holdsKey says whether a file anywhere in dir, through links too, holds a private key.
func holdsKey(t *testing.T, dir string) bool {
	t.Helper()
	found := false
	err := filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		text, _ := os.ReadFile(path) // follows links; folders have none
		found = found || strings.Contains(string(text), "PRIVATE KEY")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestKeysAreInMemoryAndGoWithTheLaunch(t *testing.T) {
	place := newPlace(t)
	info, err := os.Stat(place.dir)
	if err != nil || info.Mode() != fs.ModeDir|0o700 || !strings.HasPrefix(filepath.Base(place.dir), "cockroachdb-node-") {
		t.Errorf("%s: %v, %v", place.dir, info, err)
	}
	issued := newFakeScheduler(t).enrolled(&lines{})
	if err := place.Install(issued); err != nil {
		t.Fatal(err)
	}
	if !holdsKey(t, place.dir) || holdsKey(t, place.sandbox) {
		t.Error("the keys are elsewhere")
	}
	for range 2 {
		if err := place.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if left := names(t, filepath.Dir(place.dir)); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
	if err := place.Install(issued); !errors.Is(err, errClosed) { // a renewal whose answer comes late
		t.Errorf("written after its end: %v", err)
	}
	if left := names(t, filepath.Dir(place.dir)); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

func TestWhereThereIsNoMemoryTheSandboxHasTheKeys(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		memory Memory
		says   string
	}{
		"missing":  {testMemory(missing), "no such file"},
		"looked":   {Memory{Path: missing}, ""},
		"no tmpfs": {Memory{t.TempDir(), func(string) error { return errors.New("it is not of type tmpfs") }}, "it is not of type tmpfs"},
		"a file":   {testMemory(file), "not a directory"},
	}
	if os.Geteuid() != 0 { // whom no mode keeps out
		cases["not writable"] = struct {
			memory Memory
			says   string
		}{testMemory(closed), "permission denied"}
	}
	for name, c := range cases {
		out, sandbox := &lines{}, t.TempDir()
		place, err := c.memory.Open(sandbox, out.say)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := out.String()
		for _, part := range []string{"WARNING: ", c.says, "whoever may look at sandboxes through Mesos, on open DC/OS every user who is logged in, can read them"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: nothing says %q: %s", name, part, text)
			}
		}
		if err := place.Install(newFakeScheduler(t).enrolled(&lines{})); err != nil {
			t.Fatal(err)
		}
		if place.NodeDir() != filepath.Join(sandbox, "certs") || place.ClientDir() != filepath.Join(sandbox, "certs-client") {
			t.Errorf("%s: %s, %s", name, place.NodeDir(), place.ClientDir())
		}
		if _, err := os.Stat(filepath.Join(place.NodeDir(), "node.key")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := ReadRoots(sandbox); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := place.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if left := names(t, sandbox); !slices.Equal(left, []string{"ca.crt"}) {
			t.Errorf("%s: the sandbox has %q", name, left)
		}
	}
}

// TestFullMemoryIsNoReasonForTheSandbox: whoever can fill it would have keys written to where he reads them.
func TestFullMemoryIsNoReasonForTheSandbox(t *testing.T) {
	memory, sandbox := testMemory(t.TempDir()), t.TempDir()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	none := limit
	none.Cur = 0 // no file can be opened: one of the errors that say nothing of the folder
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	place, err := memory.Open(sandbox, (&lines{}).say)
	if again := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); again != nil {
		t.Fatal(again)
	}
	if err == nil {
		_ = place.Close()
		t.Errorf("the keys are in %s", place.dir)
	}
}

func TestASweepTakesWhatNobodyHolds(t *testing.T) {
	memory, sandbox, out := testMemory(t.TempDir()), t.TempDir(), &lines{}
	living := openPlace(t, memory, sandbox, out)
	killed := openPlace(t, memory, sandbox, out)
	issued := newFakeScheduler(t).enrolled(&lines{})
	for _, p := range []*Place{living, killed} {
		if err := p.Install(issued); err != nil {
			t.Fatal(err)
		}
	}
	killed.kill()
	mine := func(name string) string { return filepath.Join(memory.Path, name) }
	aside := t.TempDir()
	for _, err := range []error{
		os.Mkdir(mine("cockroachdb-node-empty"), 0o700), os.Mkdir(mine("other"), 0o700), os.WriteFile(mine("cockroachdb-node-file"), nil, 0o600),
		os.WriteFile(filepath.Join(aside, lockFile), nil, 0o600), os.Symlink(aside, mine("cockroachdb-node-link")),
		os.Mkdir(mine("cockroachdb-node-strange"), 0o700), os.WriteFile(mine("cockroachdb-node-strange/x"), nil, 0o600),
		os.Mkdir(mine("cockroachdb-node-linked"), 0o700), os.Symlink(filepath.Join(aside, lockFile), mine("cockroachdb-node-linked/lock")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{filepath.Base(living.dir), "cockroachdb-node-file", "cockroachdb-node-link", "cockroachdb-node-linked", "cockroachdb-node-strange", "other"}
	if os.Geteuid() == 0 {
		foreign := openPlace(t, memory, sandbox, out)
		foreign.kill()
		if err := os.Chown(foreign.dir, 4711, 4711); err != nil {
			t.Fatal(err)
		}
		want = append(want, filepath.Base(foreign.dir))
	}
	slices.Sort(want)
	memory.Sweep(out.say)
	if left := names(t, memory.Path); !slices.Equal(left, want) {
		t.Errorf("left %q, want %q", left, want)
	}
	if len(names(t, aside)) != 1 || !holdsKey(t, living.dir) {
		t.Error("it took more than was left")
	}
	if text := out.String(); strings.Count(text, "removed the private keys that a killed helper left in "+killed.dir) != 1 || strings.Count(text, "removed") != 1 {
		t.Errorf("said:\n%s", text)
	}
	Memory{Path: mine("missing")}.Sweep(out.say)
}

// TestSweepsAndLaunchesAtOnce: no launch loses its folder to another's sweep.
func TestSweepsAndLaunchesAtOnce(t *testing.T) {
	memory, sandbox := testMemory(t.TempDir()), t.TempDir()
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			for n := range 40 {
				memory.Sweep(func(string, ...any) {})
				place, err := memory.Open(sandbox, func(format string, args ...any) { t.Errorf(format, args...) })
				if err != nil {
					t.Error(err)
					return
				}
				err = place.write(func() error { return replaceFolder(place.dir, nodeDir, []file{{"node.key", fmt.Append(nil, i, n)}}) })
				memory.Sweep(func(string, ...any) {})
				if got, _ := os.ReadFile(filepath.Join(place.NodeDir(), "node.key")); err != nil || string(got) != fmt.Sprint(i, n) {
					t.Errorf("%v, %q", err, got)
				}
				if n%2 == 0 {
					place.kill()
				} else if err := place.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	memory.Sweep(func(string, ...any) {})
	if left := names(t, memory.Path); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}
