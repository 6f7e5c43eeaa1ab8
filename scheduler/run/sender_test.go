package run_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestCallsOfAnOlderSubscriptionAreDropped(t *testing.T) {
	for _, lost := range []struct {
		name   string
		events []core.Event
	}{
		{"the stream ended", []core.Event{core.Disconnected{Reason: "gone"}, core.Subscribed{FrameworkID: "framework", MasterID: "m2"}}},
		{"the end was never heard of", []core.Event{core.Subscribed{FrameworkID: "framework", MasterID: "m2"}}},
	} {
		t.Run(lost.name, func(t *testing.T) {
			live(t, time.Hour, func(t *testing.T, r *rig) {
				r.subscribe()
				// One call is on its way and stuck; what comes after it waits in the queue.
				r.master.hold = make(chan struct{})
				r.send(update("stranger", tasks.Finished, "stuck"))
				r.send(core.Offered{Offers: []offers.Offer{offer("a"), offer("b")}})
				r.happened("write records/cockroachdb-0-node-init")
				r.send(lost.events...)
				close(r.master.hold)
				synctest.Wait()
				// The launch never left: what became of it is asked.
				r.happened("Acknowledge stuck", "Reconcile of 1")
			})
		})
	}
}

func TestASlowMasterHoldsUpNoWrite(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		id := r.launch()
		r.master.hold = make(chan struct{})
		r.send(update(id, tasks.Starting, "u1"), update(id, tasks.Running, "u2"))
		r.happened("write records/cockroachdb-0-node-init", "write cluster records/cockroachdb-0-node-init")
		close(r.master.hold)
		synctest.Wait()
		r.happened("Acknowledge u1", "Acknowledge u2", "Revive")
	})
}

func TestARefusedLaunchComesBackAsAnError(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		r.master.answer = func(call core.Call) error {
			if _, ok := call.(core.Accept); ok {
				return fmt.Errorf("send: %w", &mesos.Refused{Call: "ACCEPT", Master: "m:5050", Status: http.StatusBadRequest, Text: "no such role"})
			}
			return nil
		}
		r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
		state := r.loop.Snapshot()
		if len(state.Facts.Records) != 0 {
			t.Error("a launch that the master refused keeps its record")
		}
		if delay := state.Delays["cockroachdb-0-node-init"]; delay.Failures != 1 {
			t.Errorf("got %+v, want one failure", delay)
		}
		last, ok := r.seen.events[len(r.seen.events)-1].(core.Updated)
		if !ok || last.Status.State != tasks.Errored || last.Status.Reason != "CALL_REFUSED" || last.AgentID != "a" ||
			last.Status.Message != "send: "+(&mesos.Refused{Call: "ACCEPT", Master: "m:5050", Status: 400, Text: "no such role"}).Error() {
			t.Errorf("got %+v", last)
		}
	})
}

func TestOtherFailedCallsSayNothingOfATask(t *testing.T) {
	refused := &mesos.Refused{Call: "x", Status: http.StatusForbidden}
	for _, failed := range []struct {
		name   string
		calls  []string
		answer func(call core.Call) error
	}{
		// The offers of the failed call are given back: the master would keep them for us.
		{"the connection broke during ACCEPT", []string{"Accept", "Decline", "Decline"}, func(call core.Call) error {
			if _, ok := call.(core.Accept); ok {
				return errors.New("connection reset")
			}
			return nil
		}},
		{"a refused DECLINE", []string{"Accept", "Decline"}, func(call core.Call) error {
			if _, ok := call.(core.Decline); ok {
				return refused
			}
			return nil
		}},
	} {
		t.Run(failed.name, func(t *testing.T) {
			live(t, time.Hour, func(t *testing.T, r *rig) {
				r.subscribe()
				r.master.answer = failed.answer
				r.send(core.Offered{Offers: []offers.Offer{offer("a"), offer("b")}})
				r.happened(append([]string{"write records/cockroachdb-0-node-init"}, failed.calls...)...)
				if record := r.loop.Snapshot().Facts.Records["cockroachdb-0-node-init"]; record.Status.State != tasks.Staging {
					t.Errorf("got %s, want the launch as it was", record.Status.State)
				}
			})
		})
	}
}

func TestADeclineThatFailedIsSentAgain(t *testing.T) {
	for _, failed := range []struct {
		name string
		err  error
	}{
		{"no connection", errors.New("connection reset")},
		{"the master was not ready", &mesos.Refused{Call: "DECLINE", Status: http.StatusServiceUnavailable}},
	} {
		t.Run(failed.name, func(t *testing.T) {
			live(t, time.Hour, func(t *testing.T, r *rig) {
				r.subscribe()
				failures := 1
				r.master.answer = func(call core.Call) error {
					if _, ok := call.(core.Decline); ok && failures > 0 {
						failures--
						return failed.err
					}
					return nil
				}
				r.send(core.Offered{Offers: []offers.Offer{offer("a"), offer("b")}})
				r.happened("write records/cockroachdb-0-node-init", "Accept", "Decline")
				time.Sleep(10 * time.Second)
				synctest.Wait()
				r.happened("Decline")
				time.Sleep(time.Minute)
				synctest.Wait()
				r.happened()
			})
		})
	}
}

func TestQueuedCountsWhatWaits(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		want := func(wantCalls, wantEvents int) {
			t.Helper()
			if calls, events := r.loop.Queued(); calls != wantCalls || events != wantEvents {
				t.Errorf("%d calls and %d events wait, want %d and %d", calls, events, wantCalls, wantEvents)
			}
		}
		want(0, 0)
		r.subscribe()
		r.master.hold = make(chan struct{})
		r.send(update("a", tasks.Finished, "first"), update("b", tasks.Finished, "second"), update("c", tasks.Finished, "third"))
		want(2, 0) // the first is on its way
		r.disk.wait = make(chan struct{})
		r.send(core.Offered{Offers: []offers.Offer{offer("a")}}, core.Tick{}, core.Tick{})
		want(2, 2)
		close(r.master.hold)
		close(r.disk.wait)
		synctest.Wait()
		want(0, 0)
	})
}
