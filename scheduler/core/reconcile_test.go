package core

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var subscribe = Subscribed{FrameworkID: "f1", MasterID: "m1", MasterVersion: "1.11.0"}

func TestASubscriptionAsksForAllThatMayBeAlive(t *testing.T) {
	tests := []struct {
		name  string
		nodes []*tasks.Record
		want  []string
	}{
		{"nothing there", nil, []string{"reconcile", "revive"}},
		{"running, launched and out of reach", []*tasks.Record{node(0, tasks.Running), node(1, tasks.Staging), node(2, tasks.Unreachable)},
			[]string{"reconcile id0@A0 id1@A1 id2@A2"}},
		{"not what has ended", []*tasks.Record{node(0, tasks.Failed), node(1, tasks.Running), node(2, tasks.Lost)},
			[]string{"reconcile id1@A1"}},
		{"all ended", []*tasks.Record{node(0, tasks.Failed)}, []string{"reconcile", "revive"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { same(t, begin(t, facts(tt.nodes...)).take(subscribe), tt.want) })
	}
}

func TestWhatIsNotAnsweredIsAskedAgainAfter8And16AndThenEach30Seconds(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	l.take(subscribe)
	l.take(bare(update("id0", tasks.Running)))
	got := l.ticks(30)
	l.take(bare(update("id2", tasks.Unreachable)))
	got = append(got, l.ticks(60)...)
	same(t, got, []string{"8 reconcile id1@A1 id2@A2", "24 reconcile id1@A1 id2@A2", "24 reconcile id1@A1", "54 reconcile id1@A1"})
	// The last answer ends it, and everything that the master knows is asked for once. Nothing is wanted by now.
	same(t, l.take(bare(update("id1", tasks.Running))), []string{"reconcile", "suppress"})
	if l.state.Reconcile.busy() {
		t.Error("it goes on")
	}
}

func TestNothingIsLaunchedBeforeReconciliationIsDone(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running)))
	l.take(subscribe)
	same(t, l.take(Offered{Offers: []offers.Offer{room(1, 4), room(2, 4)}}), []string{"decline o1+o2 5s"})
	step := l.state.Plans[0].Phases[0].Steps[1]
	if !strings.Contains(l.state.notReady(), nodes[0]) || len(l.state.Facts.Records) != 1 {
		t.Errorf("got %q, %s", l.state.notReady(), step.Reason)
	}
	l.take(bare(update("id0", tasks.Running)))
	got := l.take(Offered{Offers: []offers.Offer{room(1, 4)}})
	same(t, got, []string{"write records/cockroachdb-1-node-join", "accept o1 reserve 2 launch cockroachdb-1-node-join rest 1s"})
}

func TestNothingIsAskedWhileTheMasterIsAway(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running)))
	l.take(subscribe)
	same(t, l.take(Disconnected{Reason: "the stream ended"}), nil)
	same(t, l.ticks(60), nil)
	if got := l.state.notReady(); got != "not connected, the stream ended" {
		t.Errorf("got %q", got)
	}
	same(t, l.take(subscribe), []string{"reconcile id0@A0"})
}

func TestEverythingIsAskedForOnceAnHour(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	// A sweep goes with it: an agent may have come back with what was left on it.
	same(t, l.ticks(3*3600), []string{"3600 reconcile", "3600 revive", "3660 suppress", "7200 reconcile", "7200 revive", "7260 suppress",
		"10800 reconcile", "10800 revive"})
}

func TestALaunchWithoutASignOfLifeIsAskedFor(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Staging)))
	same(t, l.ticks(150), []string{"60 reconcile id2@A2", "120 reconcile id2@A2"})
	// A launch that is younger waits for the next round.
	l.take(bare(update("id2", tasks.Dropped)))
	l.now = l.now.Add(20 * time.Second)
	got := l.take(Offered{Offers: []offers.Offer{back(node(2, tasks.Dropped))}})
	same(t, got, []string{"write records/cockroachdb-2-node-join", "accept back-A2 launch cockroachdb-2-node-join rest 1s", "suppress"})
	id := l.record(2).TaskID
	var asked []string
	for _, line := range l.ticks(120) {
		if strings.Contains(line, "reconcile") {
			asked = append(asked, line)
		}
	}
	same(t, asked, []string{"70 reconcile " + id + "@A2"})
}

func TestWhichStatesAreAskedForAfterAMinute(t *testing.T) {
	for state, want := range map[tasks.State][]string{
		tasks.Staging: {"60 reconcile id2@A2", "120 reconcile id2@A2"}, tasks.Starting: {"60 reconcile id2@A2", "120 reconcile id2@A2"},
		tasks.Unreachable: {"60 reconcile id2@A2", "120 reconcile id2@A2"}, tasks.Running: nil, tasks.Killing: nil,
		// Its agent offers nothing: what the master says of the task tells what has become of the agent.
		tasks.Lost: {"60 reconcile id2@A2", "120 reconcile id2@A2"},
	} {
		l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, state)))
		got := slices.DeleteFunc(l.ticks(150), func(line string) bool { return !strings.Contains(line, "reconcile") })
		t.Run(string(state), func(t *testing.T) { same(t, got, want) })
	}
}

// The master calls any task id unreachable whose agent is. When the agent is back without the task nobody tells.
func TestALaunchOnAnAgentThatWentAwayIsForgottenWhenTheAgentIsBack(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Staging, unconfirmed)))
	l.take(subscribe)
	l.take(bare(update("id0", tasks.Running)))
	l.take(bare(update("id1", tasks.Running)))
	got := l.take(bare(update("id2", tasks.Unreachable)))
	same(t, got[:2], []string{"write records/cockroachdb-2-node-join", "reconcile"})
	if record := l.record(2); record.Confirmed || record.Status.State != tasks.Unreachable {
		t.Fatalf("got %s, confirmed %v", record.Status.State, record.Confirmed)
	}
	asked := slices.DeleteFunc(l.ticks(60), func(line string) bool { return !strings.Contains(line, "reconcile") })
	same(t, asked, []string{"60 reconcile id2@A2"})
	got = l.take(bare(update("id2", tasks.Gone)))
	if l.record(2) != nil || got[0] != "write vacated/A2 -records/cockroachdb-2-node-join" {
		t.Errorf("got %v, and the record %v", got, l.record(2))
	}
}

func TestAnotherFrameworkIdEndsTheProcess(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running)))
	same(t, l.take(Subscribed{FrameworkID: "f2"}), []string{"exit 2"})
	if l.state.Facts.FrameworkID != "f1" {
		t.Error("the stored id was given up")
	}
}

func TestTheFrameworkIdIsStoredBeforeAnythingLeaves(t *testing.T) {
	stored := facts()
	stored.FrameworkID = ""
	same(t, begin(t, stored).take(subscribe), []string{"write framework-id", "reconcile", "revive"})
}
