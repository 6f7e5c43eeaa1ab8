package command

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

func run(args ...string) (string, error) {
	var out bytes.Buffer
	root := commands("v1.2.3")
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.Execute()
	return out.String(), err
}

func TestChecksSayWhyAndFail(t *testing.T) {
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	for _, c := range []struct {
		state    *node.State
		check    string
		code     int
		contains string
	}{
		{nil, "ready", 1, "not ready: the start has not begun"},
		{nil, "live", 0, "alive: the start has not begun"},
		{&node.State{Phase: node.Preparing, HTTP: address}, "ready", 1, "not ready: preparing"},
		{&node.State{Phase: node.Preparing, HTTP: address}, "live", 0, "alive: preparing"},
		{&node.State{Phase: node.Serving, HTTP: address}, "ready", 1, "refused"},
		{&node.State{Phase: node.Serving, HTTP: address}, "live", 1, "not alive"},
	} {
		if c.state != nil {
			if err := node.WriteState(dir, *c.state); err != nil {
				t.Fatal(err)
			}
		}
		out, err := run(c.check, "--sandbox", dir, "--timeout", "2s")
		var code exit
		if errors.As(err, &code); int(code) != c.code || !strings.Contains(out, c.contains) || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: %v %q; want %d %q in one line", c.check, err, out, c.code, c.contains)
		}
	}
}

func TestUnknownCommandsFail(t *testing.T) {
	for _, args := range [][]string{{}, {"run"}, {"start", "now"}, {"ready", "--timeout", "soon"}} {
		if out, err := run(args...); err == nil {
			t.Errorf("%q: no error, %q", args, out)
		}
	}
	if out, err := run("version"); err != nil || out != "v1.2.3\n" {
		t.Errorf("version: %q, %v", out, err)
	}
}
