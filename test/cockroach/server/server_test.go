package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

func brisk() Times {
	return Times{Heartbeat: 10 * time.Millisecond, Election: 150 * time.Millisecond, Ping: 30 * time.Millisecond, Liveness: 500 * time.Millisecond}
}

func startNode(t *testing.T, dir string, join ...string) *Node {
	t.Helper()
	n, err := Start(Config{
		Version: version.MustParse("v24.1.6"), StorePath: dir, Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0",
		Node: cluster.Descriptor{Address: "127.0.0.1:0", SQLAddress: "127.0.0.1:0", HTTPAddress: "127.0.0.1:0", Build: "v24.1.6"},
		Join: join, Handler: func(*Node) http.Handler { return http.NotFoundHandler() },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Times: brisk(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ask(t *testing.T, n *Node, op string, in, out any) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := wire.Dialer{}.Dial(ctx, n.Descriptor().Address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.Call(ctx, op, in, out)
}

func served(t *testing.T, n *Node) {
	t.Helper()
	select {
	case <-n.Serving():
	case err := <-n.Fatal():
		t.Fatal(err)
	case <-time.After(20 * time.Second):
		t.Fatal("the node does not serve")
	}
}

// TestLifeWithoutLeaks: a cluster of three lives through init, writes, a drain
// and a restart, and leaves no goroutine.
func TestLifeWithoutLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	dir := t.TempDir()
	place := func(i int) string { return filepath.Join(dir, fmt.Sprint(i)) }
	first := startNode(t, place(1), "127.0.0.1:1")
	all := []*Node{first}
	for i := 2; i <= 3; i++ {
		all = append(all, startNode(t, place(i), first.Descriptor().Address))
	}
	if err := ask(t, first, OpInit, InitRequest{}, nil); err != nil {
		t.Fatal(err)
	}
	for _, n := range all {
		served(t, n)
	}
	write := func(n *Node, text string) {
		t.Helper()
		if err := ask(t, n, OpSQL, SQLRequest{Database: "defaultdb", Text: text}, &SQLReply{}); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	write(all[1], "create table t (id int primary key); insert into t values (1)")
	deadline := time.Now().Add(10 * time.Second)
	for len(first.replication().Status().Voters) < 3 && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if err := ask(t, all[2], OpDrain, DrainRequest{Shutdown: true}, nil); err != nil {
		t.Fatal(err)
	}
	<-all[2].Quit()
	all[2].Close()
	write(all[0], "insert into t values (2)")
	all[2] = startNode(t, place(3))
	served(t, all[2])
	var r SQLReply
	if err := ask(t, all[2], OpSQL, SQLRequest{Database: "defaultdb", Text: "select id from t"}, &r); err != nil || len(r.Results[0].Rows) != 2 {
		t.Errorf("after the restart: %+v, %v", r, err)
	}
	for _, n := range all {
		n.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	for time.Now().Before(deadline.Add(5*time.Second)) && runtime.NumGoroutine() > before {
		time.Sleep(5 * time.Millisecond)
	}
	if now := runtime.NumGoroutine(); now > before {
		b := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after:\n%s", before, now, b[:runtime.Stack(b, true)])
	}
}

// TestStoreVersions: how far a binary may be from what a store was last used with.
func TestStoreVersions(t *testing.T) {
	for _, c := range []struct {
		last, now string
		fault     string
	}{
		{"v20.1.5", "v20.1.17", ""}, {"v20.1.5", "v20.2.19", ""}, {"v20.2.19", "v20.1.5", ""}, {"v20.1.5", "v21.1.21", "requires data from v20.2 or later"},
		{"v2.0.7", "v19.1.11", "requires data from v2.1 or later"}, {"v24.1.6", "v24.3.33", ""}, {"v24.1.6", "v24.2.10", ""},
		{"v24.2.10", "v24.3.33", ""}, {"v24.1.6", "v25.2.19", "requires data from v24.3 or later"}, {"v24.3.33", "v25.2.19", ""},
	} {
		id := store.Identity{ClusterID: "c", Version: c.last}
		err := checkVersion(id, "data", version.MustParse(c.now))
		if (err == nil) != (c.fault == "") || (err != nil && !strings.Contains(err.Error(), c.fault)) {
			t.Errorf("%s after %s: %v; want %q", c.now, c.last, err, c.fault)
		}
	}
}

// TestStrangers: noise on the port does no harm, and is hung up on.
func TestStrangers(t *testing.T) {
	n := startNode(t, t.TempDir(), "127.0.0.1:1")
	defer n.Close()
	if r, err := http.Get("http://" + n.Descriptor().Address + "/health"); err == nil {
		r.Body.Close()
		t.Error("the RPC port answered HTTP")
	}
	if err := ask(t, n, "no-such-operation", json.RawMessage(`{}`), nil); err == nil || !strings.Contains(err.Error(), "unknown operation") {
		t.Errorf("unknown operation: %v", err)
	}
	if err := ask(t, n, opPropose, addressed{ClusterID: "other", To: 1}, nil); err == nil {
		t.Error("a message of another cluster was taken")
	}
}
