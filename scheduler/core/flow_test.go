package core

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestOffersAreShutOnceNothingIsWanted(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Failed), node(1, tasks.Running), node(2, tasks.Running)))
	l.state.Facts.Records[nodes[0]].Recovering = true
	same(t, l.take(subscribe), []string{"reconcile id1@A1 id2@A2"})
	l.take(bare(update("id1", tasks.Running)))
	// Subscribing brought offers by itself: nothing is asked for again.
	same(t, l.take(bare(update("id2", tasks.Running))), []string{"reconcile"})
	got := l.take(offered(back(node(0, tasks.Failed))))
	same(t, got, []string{"write records/cockroachdb-0-node-init", "accept back-A0 launch cockroachdb-0-node-init rest 1s"})
	l.take(update(l.record(0).TaskID, tasks.Running, passed))
	// The first minute after a subscription is kept for strays.
	same(t, l.ticks(120), []string{"60 suppress"})
	if !l.state.Flow.Suppressed {
		t.Error("not suppressed")
	}
}

func TestOffersAreAskedForOnceForEachThingWanted(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	l.take(update("id2", tasks.Lost))
	// A lost task has no delay: it is wanted at once, and once.
	if l.state.Flow.Suppressed || l.state.Counters["revives"] != 1 {
		t.Errorf("suppressed %v after %d revives", l.state.Flow.Suppressed, l.state.Counters["revives"])
	}
	same(t, l.ticks(300), nil)
	l.take(update("id1", tasks.Lost))
	if l.state.Counters["revives"] != 2 {
		t.Errorf("got %d revives for two lost tasks", l.state.Counters["revives"])
	}
}

func TestATaskThatWaitsOutItsDelayIsNotWanted(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	same(t, l.take(update("id2", tasks.Failed)), []string{"write records/cockroachdb-2-node-join", "ack id2"})
	same(t, l.ticks(4), nil)
	same(t, l.ticks(1), []string{"1 revive"})
}

func TestAStrangersEndOpensTheTapForAMinute(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	same(t, l.take(update("id7", tasks.Failed)), []string{"ack id7", "revive"})
	same(t, l.ticks(120), []string{"60 suppress"})
}

// The bucket holds 256 tokens and gets one more each 256 s. Down to 240 they leave at once, then 5 s lie between two.
func TestReviveIsHeldBackByTheBucket(t *testing.T) {
	f := &frame{State: State{Now: noon}.next()}
	sent := func(from, to int) int {
		before := len(f.calls)
		for second := from; second < to; second++ {
			f.Now = noon.Add(time.Duration(second) * time.Second)
			for range 4 {
				f.revive()
			}
		}
		return len(f.calls) - before
	}
	for _, tt := range []struct{ from, to, want int }{
		{0, 5, 17},       // the burst, four a second
		{5, 9, 0},        // the pause after it
		{9, 109, 20},     // one each 5 s
		{109, 1280, 223}, // until the bucket is empty: 219 were left, and four earned
		{1280, 1281, 1},  // the fifth
		{1281, 3841, 10}, // one each 256 s
	} {
		if got := sent(tt.from, tt.to); got != tt.want {
			t.Errorf("from %d to %d s: got %d revives, want %d", tt.from, tt.to, got, tt.want)
		}
	}
	if !f.Flow.Pending || f.Counters["revives.throttles"] == 0 {
		t.Error("what was held back is not owed")
	}
	// After a long rest the bucket is full, and not fuller.
	f.Now = noon.Add(1000 * time.Hour)
	f.fill()
	if f.Flow.Tokens != bucketSize {
		t.Errorf("got %d tokens", f.Flow.Tokens)
	}
}

func TestAReviveThatIsOwedLeavesLater(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	l.state.Flow = Flow{Filled: l.now, Tokens: 100, LastRevive: l.now, Wanted: map[string]bool{}}
	l.now = l.now.Add(time.Second)
	same(t, l.take(update("id2", tasks.Lost)), []string{"write records/cockroachdb-2-node-join", "ack id2"})
	if !l.state.Flow.Pending {
		t.Error("no revive is owed")
	}
	same(t, l.ticks(60), []string{"4 revive"})
}
