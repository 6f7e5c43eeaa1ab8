package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

const (
	module = "module github.com/dcos-cockroachdb/dcos-cockroachdb\n"
	server = "github.com/versity/versitygw/cmd/versitygw"
)

// binary is the server's program. It is built when it is not there, or is of another version than test/tools asks for. Of
// several test processes one builds, and the others wait for it.
func binary(tb testing.TB) string {
	tb.Helper()
	root := repository(tb)
	folder := filepath.Join(root, "dist", "tools")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		tb.Fatal(err)
	}
	lock, err := os.OpenFile(filepath.Join(folder, "versitygw.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		tb.Fatal(err)
	}
	defer lock.Close() // which also unlocks
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		tb.Fatalf("lock %s: %v", lock.Name(), err)
	}
	path, stamp := filepath.Join(folder, "versitygw"), filepath.Join(folder, "versitygw.built")
	want := version(tb, filepath.Join(root, "test", "tools"))
	have, _ := os.ReadFile(stamp) // missing: not built yet
	if _, err := os.Stat(path); err == nil && string(have) == want {
		return path
	}
	tb.Logf("building %s: this takes two minutes, once", server)
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, server)
	build.Dir = filepath.Join(root, "test", "tools")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("build the S3 server: %v\n%s", err, text)
	}
	if err := os.WriteFile(stamp, []byte(want), 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

// version is what the built program depends on: the module's requirements and the compiler.
func version(tb testing.TB, tools string) string {
	tb.Helper()
	sum := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(tools, name))
		if err != nil {
			tb.Fatal(err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return runtime.Version() + " " + hex.EncodeToString(sum.Sum(nil))
}

// repository is the root of this repository: a test runs in its package's folder.
func repository(tb testing.TB) string {
	tb.Helper()
	folder, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), module) {
			return folder
		}
		if folder == filepath.Dir(folder) {
			tb.Fatal("the S3 server is built from the repository, and this test does not run inside it")
		}
		folder = filepath.Dir(folder)
	}
}
