package run_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestAWriteThatFailsEndsTheLoopBeforeAnyCallLeaves(t *testing.T) {
	full := errors.New("no space left on device")
	for _, when := range []struct {
		name   string
		moment store.Moment
	}{{"nothing stored", store.BeforeWriting}, {"stored, and the answer lost", store.AfterWriting}} {
		t.Run(when.name, func(t *testing.T) {
			live(t, time.Hour, func(t *testing.T, r *rig) {
				r.subscribe()
				before := r.loop.Snapshot()
				r.memory.FailApply(1, when.moment, full)
				r.send(core.Offered{Offers: []offers.Offer{offer("a"), offer("b")}})
				var ended *run.Ended
				if err := r.over(); !errors.As(err, &ended) || ended.Code != 2 || !strings.Contains(err.Error(), full.Error()) || ended.Remedy == "" {
					t.Errorf("got %v", err)
				}
				r.happened("failed write records/cockroachdb-0-node-init")
				if after := r.loop.Snapshot(); len(after.Facts.Records) != len(before.Facts.Records) {
					t.Error("the snapshot shows a frame that failed")
				}
				if r.master.running.Load() {
					t.Error("the subscription outlives the loop")
				}
			})
		})
	}
}

func TestAStoreThatDoesNotAnswerEndsTheLoop(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		r.disk.wait = make(chan struct{}) // never closed
		r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
		began := time.Now()
		var ended *run.Ended
		if err := <-r.ended; !errors.As(err, &ended) || ended.Code != 2 {
			t.Errorf("got %v", err)
		}
		// Half a minute for the write, and a second for the master's goodbye.
		if took := time.Since(began); took != 31*time.Second {
			t.Errorf("it took %s", took)
		}
		r.happened()
	})
}

func TestAFirstWriteThatFailsNeverConnects(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.memory.FailApply(1, store.BeforeWriting, nil)
		r.begin()
		if err := r.over(); err == nil || !strings.Contains(err.Error(), store.ErrOrdered.Error()) {
			t.Errorf("got %v", err)
		}
		r.happened("failed write target targets/t1")
		if len(r.seen.events) > 0 || r.master.running.Load() {
			t.Error("the loop went on to the master")
		}
	})
}

func TestTheCoreEndsTheLoop(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		r.send(core.MasterError{Message: "Framework has been removed"})
		var ended *run.Ended
		if err := r.over(); !errors.As(err, &ended) || ended.Code != 6 ||
			ended.Message != "the master refused the framework: Framework has been removed" || !strings.Contains(ended.Remedy, "install anew") {
			t.Errorf("got %v", err)
		}
		if r.master.running.Load() {
			t.Error("the subscription outlives the loop")
		}
	})
}

func TestTheContextEndsTheLoopWithoutAnError(t *testing.T) {
	for _, busy := range []struct {
		name string
		with func(r *rig)
	}{
		{"idle", func(*rig) {}},
		{"a call on its way", func(r *rig) {
			r.master.hold = make(chan struct{})
			r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
		}},
		{"a write under way", func(r *rig) {
			r.disk.wait = make(chan struct{})
			r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
		}},
	} {
		t.Run(busy.name, func(t *testing.T) {
			live(t, time.Hour, func(t *testing.T, r *rig) {
				r.subscribe()
				busy.with(r)
				r.end()
				if err := r.over(); err != nil {
					t.Errorf("got %v", err)
				}
				if r.master.running.Load() {
					t.Error("the subscription outlives the loop")
				}
			})
		})
	}
}

// TestARemovalLeavesTheMasterAndAnswersOn: what was never there is not looked for at any master, and what is gone is not either;
// the process answers on, or whoever watches it would start it again.
func TestARemovalLeavesTheMasterAndAnswersOn(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.restart(core.Facts{}, core.Settings{Uninstall: true})
		r.begin()
		if r.master.running.Load() || r.loop.Snapshot().Plans[0].Status != "COMPLETE" {
			t.Errorf("the master is called: %v, plans %v", r.master.running.Load(), r.loop.Snapshot().Plans)
		}
		if reply, err := r.loop.Ask(t.Context(), core.PodOrder{Pod: "cockroachdb-0"}); err != nil || reply.Code != 409 {
			t.Errorf("%+v, %v", reply, err)
		}
		r.happened()
	})
	live(t, time.Hour, func(t *testing.T, r *rig) {
		stored := core.Facts{FrameworkID: "framework", TargetID: "t1", Targets: map[string]tasks.Target{"t1": target()}}
		r.restart(stored, core.Settings{Uninstall: true})
		r.begin()
		r.happened("write uninstall")
		r.send(core.Subscribed{FrameworkID: "framework", MasterID: "m1", MasterVersion: "1.11.0"})
		r.happened("Reconcile of 0", "Revive")
		r.send(core.MasterError{Message: "Framework has been removed"})
		time.Sleep(2 * time.Second) // it says goodbye for a while
		r.happened("write ")
		if reply, err := r.loop.Ask(t.Context(), core.PodOrder{Pod: "cockroachdb-0"}); err != nil || reply.Code != 409 || r.master.running.Load() {
			t.Errorf("%+v, %v, the master is called: %v", reply, err, r.master.running.Load())
		}
	})
}
