package store_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/leader"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/storetest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// javaTree is what a former scheduler leaves. Nodes above others have content too.
func javaTree() map[string]string {
	tree := map[string]string{"SchemaVersion": "1", "servicename": "cockroachdb", "FrameworkID": "fw", "ConfigTarget": "c1", "Configurations": "10.0.0.1",
		"Configurations/c1": strings.Repeat("{}", 300_000), "Configurations/c2": strings.Repeat("[]", 100_000), "Properties": "", "Properties/x": "y",
		"Tasks": "10.0.0.1", "lock": ""}
	for _, name := range []string{"a", "b", "c"} {
		tree["Tasks/"+name], tree["Tasks/"+name+"/TaskInfo"], tree["Tasks/"+name+"/TaskStatus"] = "10.0.0.1", "info of "+name, ""
	}
	return tree
}

func plant(t *testing.T, e eye, tree map[string]string) {
	t.Helper()
	for path, value := range tree {
		e.put("/"+root+"/"+path, value)
	}
}

// below is what lies under the root, the lock and our store's head left out.
func below(e eye) map[string]string {
	out := map[string]string{}
	for path, value := range e.tree("/" + root) {
		rest := strings.TrimPrefix(strings.TrimPrefix(path, "/"+root), "/")
		if rest != "" && rest != "lock" && rest != "store/head" {
			out[rest] = value
		}
	}
	return out
}

func former(t *testing.T, url string) *store.Former {
	t.Helper()
	f, err := store.OpenFormer(context.Background(), url, root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func read(t *testing.T, f *store.Former) store.FormerState {
	t.Helper()
	state, err := f.Read(storetest.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	return state
}

var adopted = map[string][]byte{"framework-id": []byte("fw"), "records/a": []byte("{}"), "records/b": []byte("{}"), "target": []byte("t")}

// A takeover that is interrupted before any of its writes leaves the former state whole, or ours, and the next try finishes.
// So does undoing it.
func TestATakeoverIsWholeWhereverItIsInterrupted(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t, zktest.WithTick(500_000_000))
	e := look(t, server)
	plant(t, e, javaTree())
	before := below(e)
	name := store.KeptName("20260102T120000Z")

	writes := 0
	for {
		f := former(t, server.URL(""))
		state := read(t, f)
		if !state.Foreign() || state.Own {
			t.Fatalf("before write %d: %+v", writes, state)
		}
		writes++
		f.InterruptBefore(writes)
		err := f.TakeOver(storetest.Context(t), state, name, adopted)
		f.Close()
		if err == nil {
			break
		}
		if !errors.Is(err, store.ErrConflict) || writes > 30 {
			t.Fatalf("interrupted before write %d: %v", writes, err)
		}
		now := below(e)
		maps.DeleteFunc(now, func(path, _ string) bool { return strings.HasPrefix(path, "java-state-") })
		if !maps.Equal(now, before) {
			t.Fatalf("interrupted before write %d: the former state is not whole", writes)
		}
	}
	if writes < 5 {
		t.Errorf("only %d writes were interrupted", writes)
	}
	values := storetest.MustLoad(t, storetest.MustOpen(t, opener(server.URL(""))))
	if len(values) != len(adopted) || string(values["records/a"]) != "{}" {
		t.Errorf("our store holds %v", values)
	}
	state := read(t, former(t, server.URL("")))
	if !state.Own || state.Foreign() || len(state.Nodes) != 2 || string(state.Nodes["SchemaVersion"]) != "1000" || len(state.Kept) != 1 || len(state.Broken) != 0 {
		t.Errorf("after the takeover: own %v, kept %v, broken %v, %d nodes", state.Own, state.Kept, state.Broken, len(state.Nodes))
	}

	for writes = 1; ; writes++ {
		f := former(t, server.URL(""))
		if state := read(t, f); len(state.Kept) != 1 {
			break // all that was left to do is the removal of the copy
		}
		f.InterruptBefore(writes)
		err := f.Undo(storetest.Context(t), name)
		f.Close()
		if err == nil {
			break
		}
		now := below(e)
		if _, own := now["store/target"]; !own {
			for path, value := range before {
				if now[path] != value {
					t.Fatalf("interrupted before write %d: our state is gone and %s is not back", writes, path)
				}
			}
		} else if now["java-state-20260102T120000Z"] != "complete" {
			t.Fatalf("interrupted before write %d: the copy is gone and our state is still there", writes)
		}
	}
	if _, err := former(t, server.URL("")).Confirm(storetest.Context(t)); err != nil {
		t.Fatal(err)
	}
	if now := below(e); !maps.Equal(now, before) {
		t.Errorf("after going back: %d nodes, want %d", len(now), len(before))
	}
}

func TestATakeoverIsRefusedWhenTheFormerStateChanged(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(eye){
		"a value":  func(e eye) { e.put("/"+root+"/Tasks/a/TaskStatus", "RUNNING") },
		"one more": func(e eye) { e.put("/"+root+"/Tasks/d/TaskInfo", "new") },
		"a store":  func(e eye) { e.put("/"+root+"/store/schema", "1") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := zktest.Start(t, zktest.WithTick(500_000_000))
			e := look(t, server)
			plant(t, e, javaTree())
			f := former(t, server.URL(""))
			state := read(t, f)
			change(e)
			if err := f.TakeOver(storetest.Context(t), state, store.KeptName("x"), adopted); !errors.Is(err, store.ErrChanged) {
				t.Errorf("got %v", err)
			}
			if now := below(e); now["Tasks/a/TaskInfo"] != "info of a" || now["store/target"] != "" {
				t.Error("the former state is not whole")
			}
		})
	}
}

func TestATakeoverWhoseAnswerIsLostHappensOnce(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t, zktest.WithTick(500_000_000))
	proxy := zktest.NewProxy(t, server)
	e := look(t, server)
	tree := javaTree()
	delete(tree, "Configurations/c1")
	plant(t, e, tree)
	f := former(t, proxy.URL(""))
	state := read(t, f)
	// The writes of this tree: no copy is there to be removed, the copy begins, one batch, it is complete, the switch.
	const last = 5
	held := make(chan struct{})
	f.BeforeEachWrite(func(number int) error {
		if number == last {
			proxy.HoldAnswers()
			close(held)
		}
		return nil
	})
	done := inBackground(func() error { return f.TakeOver(storetest.Context(t), state, store.KeptName("x"), adopted) })
	<-held
	eventually(t, "the switch arrived", func() bool { return below(e)["store/target"] == "t" })
	proxy.Cut()
	proxy.Pass()
	if err := done(); err != nil {
		t.Fatal(err)
	}
	if now := below(e); now["store/target"] != "t" || now["java-state-x"] != "complete" || now["Tasks/a"] != "" {
		t.Errorf("got %v", now)
	}
}

// Whoever holds the former scheduler's lock is seen, in the place where each release of the SDK queues, and we are not taken for it.
func TestHoldersOfTheFormerLock(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t, zktest.WithTick(500_000_000))
	e := look(t, server)
	plant(t, e, javaTree())
	ours, err := leader.Acquire(storetest.Context(t), server.URL(""), root)
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Release()
	if holders := read(t, former(t, server.URL(""))).Holders; len(holders) != 0 {
		t.Errorf("our own place counts: %v", holders)
	}
	for _, path := range []string{"lock/_c_1-lock-0000000001", "lock/leases/_c_2-lease-0000000001", "lock/locks/_c_3-lock-0000000001"} {
		e.put("/"+root+"/"+path, "10.0.0.9")
	}
	if holders := read(t, former(t, server.URL(""))).Holders; len(holders) != 3 || !strings.Contains(holders[0], "10.0.0.9") {
		t.Errorf("got %v", holders)
	}
}

func TestOnlyZooKeeperHoldsAFormerState(t *testing.T) {
	if _, err := store.OpenFormer(t.Context(), "memory:", root); !errors.Is(err, store.ErrNotZooKeeper) {
		t.Errorf("got %v", err)
	}
}

// After an uninstallation nothing of a takeover stays; a former scheduler's own state is never touched.
func TestWhatATakeoverLeftIsCleared(t *testing.T) {
	t.Parallel()
	server := zktest.Start(t, zktest.WithTick(500_000_000))
	e := look(t, server)
	plant(t, e, javaTree())
	before := below(e)
	f := former(t, server.URL(""))
	if err := f.Clear(storetest.Context(t)); err != nil || !maps.Equal(below(e), before) {
		t.Fatalf("a service that was not taken over: %v", err)
	}
	if err := f.TakeOver(storetest.Context(t), read(t, f), store.KeptName("x"), adopted); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Clear(storetest.Context(t)); err != nil {
			t.Fatal(err)
		}
	}
	for path := range below(e) {
		if path != "store" && !strings.HasPrefix(path, "store/") {
			t.Errorf("%s stays", path)
		}
	}
}
