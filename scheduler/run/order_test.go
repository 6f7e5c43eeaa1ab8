package run_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestAWriteComesBeforeTheCallsThatItMakesTrue(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		r.send(core.Offered{Offers: []offers.Offer{offer("a"), offer("b")}})
		r.happened("write records/cockroachdb-0-node-init", "Accept", "Decline")
		id := r.loop.Snapshot().Facts.Records["cockroachdb-0-node-init"].TaskID
		r.send(update(id, tasks.Starting, "u1"))
		r.happened("write records/cockroachdb-0-node-init", "Acknowledge u1")
		r.send(update(id, tasks.Running, "u2"))
		r.happened("write cluster records/cockroachdb-0-node-init", "Acknowledge u2", "Revive")
	})
}

func TestNoCallLeavesWhileTheWriteIsUnderWay(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		r.disk.wait = make(chan struct{})
		r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
		r.happened()
		if records := r.loop.Snapshot().Facts.Records; len(records) > 0 {
			t.Error("the snapshot tells of a launch that is not stored")
		}
		close(r.disk.wait)
		synctest.Wait()
		r.happened("write records/cockroachdb-0-node-init", "Accept")
		if records := r.loop.Snapshot().Facts.Records; len(records) != 1 {
			t.Errorf("got %d records after the launch", len(records))
		}
	})
}

func TestEventsAreTakenAndAnsweredInTheirOrder(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		var want []string
		var events []core.Event
		for i := range 200 {
			events = append(events, update(fmt.Sprint("stranger-", i), tasks.Finished, fmt.Sprintf("u%03d", i)))
			want = append(want, fmt.Sprintf("Acknowledge u%03d", i))
		}
		r.send(events...)
		var got []string
		for _, line := range r.take() {
			if strings.HasPrefix(line, "Acknowledge") {
				got = append(got, line)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("got %v", got)
		}
		for i, event := range r.seen.events[1:] {
			if event.(core.Updated).TaskID != fmt.Sprint("stranger-", i) {
				t.Fatalf("event %d: got %v", i, event)
			}
		}
	})
}

func TestTimePassesInTicks(t *testing.T) {
	live(t, time.Second, func(t *testing.T, r *rig) {
		r.begin()
		time.Sleep(10*time.Second + time.Millisecond)
		synctest.Wait()
		if len(r.seen.events) != 10 {
			t.Errorf("got %d ticks in ten seconds", len(r.seen.events))
		}
		if age := time.Since(r.loop.Snapshot().Now); age != time.Millisecond {
			t.Errorf("the snapshot is %s old", age)
		}
	})
}

func TestTheObserverHearsHowLongAFrameTook(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		r.subscribe()
		r.disk.wait = make(chan struct{})
		r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
		time.Sleep(3 * time.Second)
		close(r.disk.wait)
		synctest.Wait()
		last := len(r.seen.took) - 1
		if _, ok := r.seen.events[last].(core.Offered); !ok || r.seen.took[last] != 3*time.Second {
			t.Errorf("got %T after %s", r.seen.events[last], r.seen.took[last])
		}
	})
}
