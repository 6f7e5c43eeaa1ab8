package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/storetest"
)

// childVariable makes the test binary act as another process that uses a store; see TestMain.
const childVariable = "STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childVariable) {
	case "hold":
		os.Exit(childHold(os.Args[len(os.Args)-1]))
	case "fill":
		os.Exit(childFill(os.Args[len(os.Args)-1]))
	}
	os.Exit(m.Run())
}

func child(t *testing.T, what, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir)
	cmd.Env = append(os.Environ(), childVariable+"="+what)
	cmd.Stderr = os.Stderr
	return cmd
}

// childHold opens a store, says so, and holds it until it is killed.
func childHold(dir string) int {
	s, err := opener("file://" + dir)()
	if err == nil {
		_, err = s.Load(context.Background())
	}
	if err == nil {
		err = s.Apply(context.Background(), storetest.Set("by", "child"))
	}
	fmt.Println(err)
	if err != nil {
		return 1
	}
	select {}
}

// childFill writes until the process' limit on the size of files (setrlimit(2), RLIMIT_FSIZE) stops it.
func childFill(dir string) int {
	signal.Ignore(syscall.SIGXFSZ) // so that write(2) fails with EFBIG instead
	const limit = 64 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		fmt.Println(err)
		return 1
	}
	if problem := fill(dir); problem != "" {
		fmt.Println(problem)
		return 1
	}
	return 0
}

// fill writes bigger and bigger batches to a store whose medium has little room, and says what is wrong with how that ends.
func fill(dir string) string {
	ctx := context.Background()
	s, err := opener("file://" + dir)()
	if err != nil {
		return err.Error()
	}
	defer func() { _ = s.Close() }() // on every way out, so that the medium can be unmounted
	if _, err := s.Load(ctx); err != nil {
		return err.Error()
	}
	size, last := 1<<10, ""
	for ; size < store.MaxBatch; size *= 2 {
		text := strings.Repeat("v", size)
		if err = s.Apply(ctx, storetest.Set("grows", text)); err != nil {
			break
		}
		last = text
	}
	switch {
	case err == nil:
		return "the disk never got full"
	case !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EFBIG):
		return fmt.Sprintf("failed with %v, want a full disk", err)
	case !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "free space"):
		return fmt.Sprintf("the message lacks folder or remedy: %v", err)
	case last == "":
		return "nothing fitted at all"
	}
	got, err := s.Load(ctx)
	if err != nil {
		return fmt.Sprintf("after the failure: %v", err)
	}
	if string(got["grows"]) != last {
		return fmt.Sprintf("after the failure the value has %d bytes, want the old %d", len(got["grows"]), len(last))
	}
	if _, err := os.Stat(filepath.Join(dir, root+".json.new")); !errors.Is(err, os.ErrNotExist) {
		return fmt.Sprintf("the half-written file was left: %v", err)
	}
	if err := s.Apply(ctx, storetest.Set("small", "still fits", "grows", "less")); err != nil {
		return fmt.Sprintf("a small change after the failure: %v", err)
	}
	if err := s.Close(); err != nil {
		return err.Error()
	}
	return ""
}

func TestFileSizeLimit(t *testing.T) {
	out, err := child(t, "fill", t.TempDir()).Output()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestDiskFull needs the right to mount. Without it the same is tested by TestFileSizeLimit, with EFBIG in ENOSPC's place.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=128k"); err != nil {
		t.Logf("no right to mount a small disk here (%v): covered by TestFileSizeLimit", err)
		return
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	if problem := fill(dir); problem != "" {
		t.Error(problem)
	}
}

func TestFileLockedByAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	holder := child(t, "hold", dir)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() {
		_ = holder.Process.Kill() // may be dead already
		_ = holder.Wait()         // "signal: killed" is what was asked for
	}
	t.Cleanup(kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "<nil>\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}

	_, err = opener("file://" + dir)()
	var locked *store.LockedError
	if !errors.As(err, &locked) || locked.PID != holder.Process.Pid {
		t.Fatalf("got %v, want a *LockedError for process %d", err, holder.Process.Pid)
	}
	if !strings.Contains(err.Error(), strconv.Itoa(holder.Process.Pid)) {
		t.Errorf("the message lacks the pid: %v", err)
	}
	kill()
	storetest.ExpectStored(t, opener("file://"+dir), storetest.Set("by", "child").Set)
}

func TestFileIsReadable(t *testing.T) {
	dir := t.TempDir()
	s := storetest.MustOpen(t, opener("file://"+dir))
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("records/cockroachdb-0", `{"version":1,"host":"a&b"}`, "target", "plain <words>", "raw", "\xff"))
	path := filepath.Join(dir, root+".json")
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "schema": "1",
  "keys": {
    "raw": {"base64": "/w=="},
    "records/cockroachdb-0": {"json": {
      "version": 1,
      "host": "a&b"
    }},
    "target": {"text": "plain <words>"}
  }
}
`
	if string(got) != want {
		t.Errorf("the file is\n%s\nwant\n%s", got, want)
	}

	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	storetest.MustApply(t, s, storetest.Set("target", "plain <words>"))
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("a batch of equal values replaced the file")
	}
	if before.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v", before.Mode())
	}
}

func TestFileCorrupt(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "ends after 0 bytes"},
		{"cut off", `{"schema":"1","keys":{"a":{"text":"x`, "ends after"},
		{"zeroes", "\x00\x00\x00\x00", "no JSON"},
		{"more behind", `{"schema":"1","keys":{}} {}`, "follows the end"},
		{"another shape", `["a"]`, "no JSON of the expected shape"},
		{"no keys", `{"schema":"1"}`, "missing"},
		{"unknown field", `{"schema":"1","keys":{},"extra":1}`, "extra"},
		{"bad key", `{"schema":"1","keys":{"../x":{"text":"x"}}}`, "../x"},
		{"no form", `{"schema":"1","keys":{"a":{}}}`, "exactly one"},
		{"two forms", `{"schema":"1","keys":{"a":{"text":"x","base64":"eA=="}}}`, "exactly one"},
		{"bad base64", `{"schema":"1","keys":{"a":{"base64":"!"}}}`, "base64"},
		{"bad value", `{"schema":"1","keys":{"a":7}}`, "unexpected shape"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, root+".json")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time shows that the lock was given back
				_, err := opener("file://" + dir)()
				var corrupt *store.CorruptError
				if !errors.As(err, &corrupt) || !errors.Is(err, store.ErrCorrupt) {
					t.Fatalf("got %v, want a *CorruptError", err)
				}
				if corrupt.Where != path || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "restore") {
					t.Errorf("the message lacks the place, %q or the remedy: %v", tt.want, err)
				}
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != tt.text {
				t.Errorf("the broken file was touched: %q, %v", after, err)
			}
		})
	}
}

func TestFileSchema(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, root+".json")
	if err := os.WriteFile(path, []byte(`{"schema":"9","keys":{}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := opener("file://" + dir)()
	var schema *store.SchemaError
	if !errors.As(err, &schema) || schema.Found != "9" || schema.Where != path {
		t.Errorf("got %v, want a *SchemaError for 9", err)
	}
}

// TestFileLeftover: a crash in the middle of writing aside leaves a file that does no harm.
func TestFileLeftover(t *testing.T) {
	dir := t.TempDir()
	open := opener("file://" + dir)
	s := storetest.MustOpen(t, open)
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("a", "1"))
	storetest.MustClose(t, s)
	if err := os.WriteFile(filepath.Join(dir, root+".json.new"), []byte(`{"schema":"1","ke`), 0o600); err != nil {
		t.Fatal(err)
	}
	s = storetest.MustOpen(t, open)
	storetest.Expect(t, storetest.MustLoad(t, s), storetest.Set("a", "1").Set)
	storetest.MustApply(t, s, storetest.Set("a", "2"))
	storetest.MustClose(t, s)
	storetest.ExpectStored(t, open, storetest.Set("a", "2").Set)
}

func TestFileFolderCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := opener("file://" + file)(); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that names %s", err, file)
	}
}
