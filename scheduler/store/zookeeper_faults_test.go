package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/storetest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// shortSession and expiry: after the second the server has ended a session of the first, rounding included.
const (
	shortSession = 6 * zktest.Tick
	expiry       = shortSession + 5*zktest.Tick
)

const headPath = "/" + root + "/store/head"

// started is a loaded store behind a proxy, holding a=1.
func started(t *testing.T, more ...store.Option) (*zktest.Server, *zktest.Proxy, storetest.Opener, store.Store) {
	t.Helper()
	server := zktest.Start(t)
	proxy := zktest.NewProxy(t, server)
	s := storetest.MustOpen(t, opener(proxy.URL(""), more...))
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("a", "1"))
	return server, proxy, opener(server.URL("")), s
}

// TestAnswerLost: the batch is stored, its answer never comes, the connection breaks. Apply finds out and succeeds, once.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	server, proxy, direct, s := started(t)
	e := look(t, server)
	before := e.version(headPath)

	proxy.HoldAnswers()
	wait := inBackground(func() error { return s.Apply(storetest.Context(t), storetest.Set("a", "2", "b", "2")) })
	eventually(t, "the batch being stored", func() bool { return e.version(headPath) == before+1 })
	proxy.Cut()
	proxy.Pass()
	if err := wait(); err != nil {
		t.Fatalf("a stored batch was reported as failed: %v", err)
	}
	if after := e.version(headPath); after != before+1 {
		t.Errorf("the batch was stored %d times", after-before)
	}
	storetest.MustApply(t, s, storetest.Set("b", "3")) // the store knows where it is
	storetest.MustClose(t, s)
	storetest.ExpectStored(t, direct, storetest.Set("a", "2", "b", "3").Set)
}

// TestRequestLost: the batch never arrives. Apply does it again.
func TestRequestLost(t *testing.T) {
	t.Parallel()
	server, proxy, direct, s := started(t)
	e := look(t, server)
	before := e.version(headPath)

	proxy.Stall()
	wait := inBackground(func() error { return s.Apply(storetest.Context(t), storetest.Set("a", "2")) })
	proxy.Cut()
	proxy.Pass()
	if err := wait(); err != nil {
		t.Fatalf("a batch that could be repeated was given up: %v", err)
	}
	if after := e.version(headPath); after != before+1 {
		t.Errorf("the batch was stored %d times", after-before)
	}
	storetest.MustClose(t, s)
	storetest.ExpectStored(t, direct, storetest.Set("a", "2").Set)
}

// TestAnswerLostAndOvertaken: the batch is stored, the answer is lost, and another scheduler claims the store before ours
// can ask. Ours is told that it is no longer in charge.
func TestAnswerLostAndOvertaken(t *testing.T) {
	t.Parallel()
	server, proxy, direct, s := started(t)
	e := look(t, server)
	before := e.version(headPath)

	proxy.HoldAnswers()
	wait := inBackground(func() error { return s.Apply(storetest.Context(t), storetest.Set("a", "2")) })
	eventually(t, "the batch being stored", func() bool { return e.version(headPath) == before+1 })
	other := storetest.MustOpen(t, direct)
	storetest.Expect(t, storetest.MustLoad(t, other), storetest.Set("a", "2").Set)
	proxy.Cut()
	proxy.Pass()
	var conflict *store.ConflictError
	if err := wait(); !errors.As(err, &conflict) || conflict.By == "" {
		t.Fatalf("got %v, want a *ConflictError that names the other writer", err)
	}
	storetest.MustApply(t, other, storetest.Set("a", "3"))
}

// TestCutOff: nothing can be found out in time.
func TestCutOff(t *testing.T) {
	t.Parallel()
	_, proxy, direct, s := started(t, store.WithOperationTimeout(800*time.Millisecond))
	proxy.Stall()
	began := time.Now()
	err := s.Apply(storetest.Context(t), storetest.Set("a", "2"))
	var doubt *store.DoubtError
	if !errors.As(err, &doubt) || doubt.Cause == nil || !errors.Is(err, store.ErrDoubt) {
		t.Fatalf("got %v, want a *DoubtError with a cause", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if err := s.Apply(storetest.Context(t), storetest.Set("a", "3")); !errors.Is(err, store.ErrNotLoaded) {
		t.Errorf("the next Apply: got %v, want ErrNotLoaded", err)
	}
	// The successor's claim settles it: what is still under way comes too late.
	other := storetest.MustOpen(t, direct)
	settled := storetest.MustLoad(t, other)
	proxy.Pass()
	storetest.MustClose(t, s)
	storetest.MustApply(t, other, storetest.Set("b", "1"))
	settled["b"] = []byte("1")
	storetest.MustClose(t, other)
	storetest.ExpectStored(t, direct, settled)
}

// TestServerKilled: kill -9 of the server in the middle of writing, and a restart.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	server, _, direct, s := started(t)
	const batches = 60
	halfway := make(chan struct{})
	want := map[string][]byte{"a": []byte("1")}
	wait := inBackground(func() error {
		for i := range batches {
			if i == batches/3 {
				close(halfway)
			}
			b := storetest.Set("counter", string(rune('A'+i)), "twin", string(rune('A'+i)))
			if err := s.Apply(storetest.Context(t), b); err != nil {
				return err
			}
			for k, v := range b.Set {
				want[k] = v
			}
		}
		return nil
	})
	<-halfway
	server.Restart()
	if err := wait(); err != nil {
		t.Fatalf("the restart of the server was not ridden out: %v", err)
	}
	storetest.MustClose(t, s)
	storetest.ExpectStored(t, direct, want)
}

// TestSessionExpiry: the store has no ephemeral nodes, so the end of its session is nothing but a reconnect.
func TestSessionExpiry(t *testing.T) {
	t.Parallel()
	_, proxy, direct, s := started(t, store.WithSessionTimeout(shortSession))
	proxy.Stall()
	time.Sleep(expiry) // nothing to poll for: what is waited for is that nothing is heard
	proxy.Cut()
	proxy.Pass()
	storetest.MustApply(t, s, storetest.Set("a", "after the expiry"))
	storetest.MustClose(t, s)
	storetest.ExpectStored(t, direct, storetest.Set("a", "after the expiry").Set)
}

// TestApplyAcrossExpiry: the session ends while a batch is under way.
func TestApplyAcrossExpiry(t *testing.T) {
	t.Parallel()
	_, proxy, direct, s := started(t, store.WithSessionTimeout(shortSession))
	proxy.Stall()
	wait := inBackground(func() error { return s.Apply(storetest.Context(t), storetest.Set("a", "2")) })
	time.Sleep(expiry)
	proxy.Pass()
	if err := wait(); err != nil {
		t.Fatal(err)
	}
	storetest.MustClose(t, s)
	storetest.ExpectStored(t, direct, storetest.Set("a", "2").Set)
}
