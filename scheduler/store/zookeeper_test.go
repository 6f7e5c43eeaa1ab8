package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/storetest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// eye looks into ZooKeeper beside the store.
type eye struct {
	t *testing.T
	c *zkconn.Conn
}

func look(t *testing.T, server *zktest.Server) eye {
	t.Helper()
	c, err := zkconn.Dial(context.Background(), zkconn.Settings{Servers: []string{server.Address()}, Session: 20 * zktest.Tick})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return eye{t, c}
}

func (e eye) version(path string) int32 {
	e.t.Helper()
	_, stat, err := e.c.Get(context.Background(), path)
	if err != nil {
		e.t.Fatal(err)
	}
	return stat.Version
}

func (e eye) put(path, value string) {
	e.t.Helper()
	ctx := context.Background()
	if err := e.c.MakePath(ctx, path); err != nil {
		e.t.Fatal(err)
	}
	if err := e.c.Multi(ctx, zkconn.Set(path, []byte(value), zkconn.AnyVersion)); err != nil {
		e.t.Fatal(err)
	}
}

// tree lists every node and value under a path.
func (e eye) tree(path string) map[string]string {
	e.t.Helper()
	ctx := context.Background()
	all := map[string]string{}
	var walk func(string)
	walk = func(p string) {
		value, _, err := e.c.Get(ctx, p)
		if errors.Is(err, zkconn.ErrNoNode) {
			return
		}
		if err != nil {
			e.t.Fatal(err)
		}
		all[p] = string(value)
		names, err := e.c.Children(ctx, p)
		if err != nil {
			e.t.Fatal(err)
		}
		for _, name := range names {
			walk(p + "/" + name)
		}
	}
	walk(path)
	return all
}

func TestZooKeeperLayout(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t)
	e := look(t, server)
	s := storetest.MustOpen(t, opener(server.URL("/a/b")))
	if got := e.tree("/a"); len(got) != 0 {
		t.Errorf("Open wrote %v", got)
	}
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("records/cockroachdb-0-node-init", `{"v":1}`, "target", "x"))

	base := "/a/b/" + root
	got := e.tree(base)
	if head := got[base+"/store/head"]; !strings.Contains(head, `"batch":"`) || !strings.Contains(head, `"writer":"`) {
		t.Errorf("head is %q", head)
	}
	delete(got, base+"/store/head")
	want := map[string]string{
		base: "", base + "/store": "", base + "/store/schema": "1", base + "/store/records": "",
		base + "/store/records/cockroachdb-0-node-init": `{"v":1}`, base + "/store/target": "x",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("nodes are\n%v, want\n%v", got, want)
	}

	// Equal values are not written, neither as nodes nor as a batch.
	head, node := e.version(base+"/store/head"), e.version(base+"/store/target")
	storetest.MustApply(t, s, storetest.Set("target", "x"))
	if e.version(base+"/store/head") != head {
		t.Error("a batch of equal values went to ZooKeeper")
	}
	storetest.MustApply(t, s, storetest.Set("target", "x", "new", "1"))
	if e.version(base+"/store/target") != node || e.version(base+"/store/head") != head+1 {
		t.Error("an equal value was written beside a new one")
	}

	// A path is removed with the last key under it.
	storetest.MustApply(t, s, store.Batch{Delete: []string{"records/cockroachdb-0-node-init"}})
	if _, there := e.tree(base)[base+"/store/records"]; there {
		t.Error("the empty path stayed")
	}
}

func TestForeignLayout(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t)
	e := look(t, server)
	base := "/" + root
	e.put(base+"/SchemaVersion", "1")
	e.put(base+"/ConfigTarget", "0b5c")
	e.put(base+"/Tasks/node-0-server/TaskInfo", "proto")
	e.put(base+"/lock", "")
	before := e.tree(base)

	_, err := opener(server.URL(""))()
	var foreign *store.ForeignLayoutError
	if !errors.As(err, &foreign) || !errors.Is(err, store.ErrForeignLayout) {
		t.Fatalf("got %v, want a *ForeignLayoutError", err)
	}
	if foreign.Service != "cockroachdb" || fmt.Sprint(foreign.Found) != "[ConfigTarget SchemaVersion Tasks]" {
		t.Errorf("got %+v", foreign)
	}
	for _, word := range []string{`"cockroachdb"`, "FRAMEWORK_NAME", "takeover --dry-run"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the message lacks %s: %v", word, err)
		}
	}
	if after := e.tree(base); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the foreign state was changed: %v, was %v", after, before)
	}
	// A root with nothing but the lock is a new service.
	e.put("/fresh/"+root+"/lock", "")
	storetest.MustLoad(t, storetest.MustOpen(t, opener(server.URL("/fresh"))))
}

func TestZooKeeperSchema(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t)
	e := look(t, server)
	e.put("/newer/"+root+"/store/schema", "2")
	_, err := opener(server.URL("/newer"))()
	var schema *store.SchemaError
	if !errors.As(err, &schema) || schema.Found != "2" || schema.Want != "1" || !errors.Is(err, store.ErrSchema) {
		t.Errorf("got %v, want a *SchemaError for 2", err)
	}
	e.put("/none/"+root+"/store/records", "1")
	if _, err := opener(server.URL("/none"))(); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("without a schema: got %v, want ErrCorrupt", err)
	}
}

// TestHandMade: what people do with a ZooKeeper shell must not stop the service for good.
func TestHandMade(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t)
	e := look(t, server)
	open := opener(server.URL(""))
	s := storetest.MustOpen(t, open)
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("records/a", "1", "other/b", "1"))
	base := "/" + root + "/store"

	if err := e.c.Multi(context.Background(), zkconn.Delete(base+"/records/a", zkconn.AnyVersion)); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(context.Background(), storetest.Set("records/a", "2")); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("writing a key that is gone: got %v, want ErrCorrupt", err)
	}
	// The path "records" is empty now, and takes keys again.
	storetest.Expect(t, storetest.MustLoad(t, s), storetest.Set("other/b", "1").Set)
	storetest.MustApply(t, s, storetest.Set("records/a", "3"))
	storetest.Expect(t, storetest.MustLoad(t, s), storetest.Set("other/b", "1", "records/a", "3").Set)

	// The whole store removed under a running scheduler.
	ctx := context.Background()
	for _, p := range []string{"/records/a", "/records", "/other/b", "/other", "/head", "/schema", ""} {
		if err := e.c.Multi(ctx, zkconn.Delete(base+p, zkconn.AnyVersion)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Apply(ctx, storetest.Set("records/a", "4")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("after the removal: got %v, want ErrConflict", err)
	}
}

func TestUnreachableAtStart(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t)
	silent := zktest.NewProxy(t, server)
	silent.Stall()
	tests := []struct{ name, url, cause string }{
		{"refused", "zk://127.0.0.1:1", "refused"},
		{"silent", silent.URL(""), "did not answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const wait = 700 * time.Millisecond
			began := time.Now()
			_, err := opener(tt.url, store.WithConnectTimeout(wait))()
			var unreachable *store.UnreachableError
			if !errors.As(err, &unreachable) || !errors.Is(err, store.ErrUnreachable) {
				t.Fatalf("got %v, want an *UnreachableError", err)
			}
			if !strings.Contains(err.Error(), tt.cause) {
				t.Errorf("the message lacks %q: %v", tt.cause, err)
			}
			if took := time.Since(began); took < wait || took > wait+20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := store.Open(ctx, silent.URL(""), root); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}
