package e2e

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience bounds everything that is waited for. It is for machines that do a lot besides; what takes long on a quiet
// one is a fault of its own kind, which test/bench measures.
const patience = 60 * time.Second

// sideBySide is how many tests run at once: they wait much more than they work.
const sideBySide = "8"

// release is the version that the programs are built with.
const release = "v0.0.0-e2e"

// programs is the folder with everything that was built.
var programs string

// block is the second byte of the addresses of this run's agents; blockHeld keeps other runs away from it until this
// process ends.
var (
	block     int
	blockHeld net.Listener
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) (code int) {
	if flag.Lookup("test.list").Value.String() != "" {
		return m.Run()
	}
	if err := prepare(); err != nil {
		fmt.Fprintln(os.Stderr, "prepare the end-to-end tests:", err)
		return 1
	}
	defer os.RemoveAll(programs)
	code = m.Run()
	if left := stragglers(); len(left) > 0 {
		fmt.Fprintln(os.Stderr, "FAIL: processes were left behind:")
		for _, line := range left {
			fmt.Fprintln(os.Stderr, "  "+line)
		}
		return 1
	}
	return code
}

func prepare() error {
	parallel := flag.Lookup("test.parallel")
	if parallel.Value.String() == parallel.DefValue {
		if err := parallel.Value.Set(sideBySide); err != nil {
			return err
		}
	}
	if err := adoptOrphans(); err != nil {
		return err
	}
	if err := takeBlock(); err != nil {
		return err
	}
	var err error
	if programs, err = os.MkdirTemp("", "cockroachdb-e2e-"); err != nil {
		return err
	}
	return build(programs)
}

// takeBlock finds a block of loopback addresses that no other run of these tests uses, and holds it by listening there
// until the process ends.
func takeBlock() error {
	for block = 10; block < 250; block++ {
		var err error
		if blockHeld, err = net.Listen("tcp", address(0, 1)+":26257"); err == nil {
			return nil
		}
	}
	return errors.New("no loopback address from 127.10.0.1 to 127.249.0.1 has port 26257 free")
}

// build makes the programs as `make build stand-in` does, and unpacks the stand-in for its SQL shell.
func build(dir string) error {
	for _, command := range [][]string{
		{"go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version=" + release, "-o", dir + "/",
			"./cmd/cockroachdb-scheduler", "./cmd/dcos-cockroachdb"},
		{"go", "run", "-buildvcs=false", "./test/cockroach/pack", "-version", "v24.1.6", "-o", dir},
		{"tar", "-xzf", filepath.Join(dir, standIn), "-C", dir, "--strip-components=1"},
	} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir = filepath.Join("..", "..")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", command, err, output)
		}
	}
	return nil
}
