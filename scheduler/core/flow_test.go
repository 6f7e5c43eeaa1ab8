package core

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestOffersAreShutOnceNothingIsWanted(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Failed), node(1, tasks.Running), node(2, tasks.Running)))
	l.state.Facts.Records[nodes[0]].Recovering = true
	same(t, l.take(subscribe), []string{"reconcile id1@A1 id2@A2"})
	l.take(bare(update("id1", tasks.Running)))
	// What was asked for before this subscription may have been lost with it, or shut: all is asked for anew.
	same(t, l.take(bare(update("id2", tasks.Running))), []string{"reconcile", "revive"})
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
	// Offers that come and do not fit are no reason to ask again.
	for range 9 {
		same(t, taps(l.ticks(30)), nil)
		same(t, l.take(offered(room(5, 8))), []string{"decline o5 30s"})
	}
	// But for a REVIVE that may have been lost for all the others.
	same(t, taps(l.ticks(30)), []string{"30 revive"})
	l.take(update("id1", tasks.Lost))
	if l.state.Counters["revives"] != 3 {
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

func TestASubscriptionForgetsWhatWasAskedFor(t *testing.T) {
	running := []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)}
	for _, tt := range []struct {
		name  string
		nodes []*tasks.Record
		// idle says that the sweep is over when the second subscription comes.
		idle bool
		want []string
	}{
		{"a launch is wanted, and was asked for before", []*tasks.Record{node(0, tasks.Lost), running[1], running[2]}, false, []string{"reconcile", "revive"}},
		{"nothing is wanted but a sweep", running, false, []string{"reconcile", "revive"}},
		{"offers are suppressed: the new sweep opens them", running, true, []string{"reconcile", "revive"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := begin(t, facts(tt.nodes...))
			same(t, l.reconcile(), tt.want)
			if tt.idle {
				same(t, l.ticks(60), []string{"60 suppress"})
			}
			l.take(Disconnected{Reason: "the stream ended"})
			if l.state.Flow.Pending {
				t.Error("a revive of the old subscription is owed")
			}
			same(t, l.reconcile(), tt.want)
			if l.state.Flow.Suppressed || l.state.Counters["revives"] != 2 {
				t.Errorf("suppressed %v after %d revives", l.state.Flow.Suppressed, l.state.Counters["revives"])
			}
		})
	}
}

// taps are the lines about offers: a task whose agent offers nothing is asked for besides, see reconcile_test.go.
func taps(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		return !strings.HasSuffix(line, " revive") && !strings.HasSuffix(line, " suppress")
	})
}

// A REVIVE can get lost as any call can. Nobody answers one, so the silence tells.
func TestALongSilenceIsAskedIntoAgain(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	same(t, l.take(update("id2", tasks.Lost)), []string{"write records/cockroachdb-2-node-join", "ack id2", "revive"})
	same(t, taps(l.ticks(300)), []string{"120 revive", "240 revive"})
	// An offer is a sign of life, also one that does not fit.
	l.take(offered(room(5, 8)))
	same(t, taps(l.ticks(119)), nil)
	same(t, taps(l.ticks(2)), []string{"1 revive"})
	// Once nothing is wanted, silence is what was asked for.
	l.take(offered(back(node(2, tasks.Lost))))
	same(t, l.take(update(l.record(2).TaskID, tasks.Running, passed))[:1], []string{"write records/cockroachdb-2-node-join"})
	if !l.state.Flow.Suppressed {
		t.Fatal("not suppressed")
	}
	same(t, l.ticks(600), nil)
}

func TestASilenceIsAskedIntoNoFasterThanTheBucketAllows(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	l.take(update("id2", tasks.Lost))
	l.state.Flow.Tokens, l.state.Flow.Filled = 0, l.now
	same(t, taps(l.ticks(600)), []string{"256 revive", "512 revive"})
}

// Each unknown task that ends makes the sweep longer. It is one sweep all the same: asking once is enough.
func TestASweepThatIsExtendedIsAskedForOnce(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	same(t, l.take(update("id7", tasks.Failed)), []string{"ack id7", "revive"})
	for range 3 {
		same(t, l.ticks(20), nil)
		same(t, l.take(update("id8", tasks.Failed)), []string{"ack id8"})
	}
	// It ends a minute after the last reason, and the next one is a new sweep.
	same(t, l.ticks(120), []string{"60 suppress"})
	same(t, l.take(update("id9", tasks.Failed)), []string{"ack id9", "revive"})
}
