package core

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestStatusesAreFoldedIntoRecords(t *testing.T) {
	const record1, record0 = "write records/cockroachdb-1-node-join", "write records/cockroachdb-0-node-init"
	tests := []struct {
		name  string
		nodes []*tasks.Record
		event Updated
		want  []string
		// after is the state of node 1 that follows, empty when its record is gone.
		after tasks.State
	}{
		{"a repeated update writes nothing", []*tasks.Record{node(1, tasks.Running)},
			update("id1", tasks.Running, passed), []string{"ack id1"}, tasks.Running},
		{"nor does the master's own answer, and it wants no acknowledgement", []*tasks.Record{node(1, tasks.Running)},
			bare(update("id1", tasks.Running, passed)), nil, tasks.Running},
		{"an answer without the check keeps the check", []*tasks.Record{node(1, tasks.Running)},
			bare(update("id1", tasks.Running)), nil, tasks.Running},
		{"a failed check is a change", []*tasks.Record{node(1, tasks.Running)},
			update("id1", tasks.Running, failed), []string{record1, "ack id1"}, tasks.Running},
		{"a task that ends", []*tasks.Record{node(1, tasks.Running)},
			update("id1", tasks.Failed), []string{record1, "ack id1"}, tasks.Failed},
		{"its late LOST", []*tasks.Record{node(1, tasks.Failed)}, update("id1", tasks.Lost), []string{"ack id1"}, tasks.Failed},
		{"its late GONE", []*tasks.Record{node(1, tasks.Killed)}, bare(update("id1", tasks.Gone)), nil, tasks.Killed},
		{"its late UNREACHABLE, which is news of its agent", []*tasks.Record{node(1, tasks.Killed)}, bare(update("id1", tasks.Unreachable)), []string{record1}, tasks.Killed},
		{"a task that was given up and runs after all", []*tasks.Record{node(1, tasks.Lost)},
			update("id1", tasks.Running, passed), []string{record1, "ack id1"}, tasks.Running},
		{"an agent out of reach launches nothing beside it", []*tasks.Record{node(1, tasks.Running)},
			bare(update("id1", tasks.Unreachable)), []string{record1}, tasks.Unreachable},
		{"a launch that never arrived is forgotten whole", []*tasks.Record{node(1, tasks.Staging, unconfirmed)},
			bare(update("id1", tasks.Dropped)), []string{"write vacated/A1 -records/cockroachdb-1-node-join"}, ""},
		{"so is one that the agent itself dropped: it may not know the resources", []*tasks.Record{node(1, tasks.Staging, unconfirmed)},
			update("id1", tasks.Dropped), []string{"write vacated/A1 -records/cockroachdb-1-node-join", "ack id1"}, ""},
		{"and one that was refused", []*tasks.Record{node(1, tasks.Staging, unconfirmed)},
			update("id1", tasks.Errored), []string{"write vacated/A1 -records/cockroachdb-1-node-join", "ack id1"}, ""},
		{"a place that was known outlives a refused launch", []*tasks.Record{node(1, tasks.Staging)},
			update("id1", tasks.Errored), []string{record1, "ack id1"}, tasks.Errored},
		{"one that the agent speaks of keeps its place", []*tasks.Record{node(1, tasks.Staging, unconfirmed)},
			update("id1", tasks.Failed), []string{record1, "ack id1"}, tasks.Failed},
		{"one whose reservations are known keeps them", []*tasks.Record{node(1, tasks.Staging)},
			bare(update("id1", tasks.Dropped)), []string{record1}, tasks.Dropped},
		{"a stranger that runs is killed", nil, update("id7", tasks.Running), []string{"ack id7", "kill id7 on A7"}, ""},
		{"a stranger that has ended is not", nil, update("id7", tasks.Killed), []string{"ack id7"}, ""},
		{"nor is one out of reach: there is nobody to kill it", nil, update("id7", tasks.Unreachable), []string{"ack id7"}, ""},
		{"nor when the master says so", nil, bare(update("id7", tasks.Unreachable)), nil, ""},
		{"node 0 for the first time ready", []*tasks.Record{node(0, tasks.Running, unready)},
			update("id0", tasks.Running, passed), []string{record0, "ack id0"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := quiet(t, facts(tt.nodes...))
			got := l.take(tt.event)
			// Whether offers are asked for is flow's, and tested there.
			got = slices.DeleteFunc(got, func(line string) bool { return line == "revive" || line == "suppress" })
			same(t, got, tt.want)
			var after tasks.State
			if record := l.record(1); record != nil {
				after = record.Status.State
			}
			if after != tt.after {
				t.Errorf("node 1 is %q, want %q", after, tt.after)
			}
		})
	}
}

func TestEveryAcknowledgementComesAfterTheWrite(t *testing.T) {
	for _, state := range []tasks.State{tasks.Starting, tasks.Running, tasks.Killing, tasks.Finished, tasks.Failed, tasks.Killed,
		tasks.Errored, tasks.Lost, tasks.Dropped, tasks.Unreachable, tasks.Gone, tasks.GoneByOperator, tasks.Unknown} {
		l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Staging, unconfirmed)))
		got := l.take(update("id1", state))
		if len(got) < 2 || !strings.HasPrefix(got[0], "write") || got[1] != "ack id1" {
			t.Errorf("%s: got %v", state, got)
		}
	}
}

func TestTheClusterIsInitialisedOnceANodeIsReady(t *testing.T) {
	stored := facts(node(0, tasks.Running, unready))
	stored.Cluster, stored.Deployed = Cluster{}, false
	l := quiet(t, stored)
	same(t, l.take(update("id0", tasks.Running, failed)), []string{"write records/cockroachdb-0-node-init", "ack id0"})
	if l.state.Facts.Cluster.Initialised {
		t.Error("a node that is not ready counts as a cluster")
	}
	got := l.take(update("id0", tasks.Running, passed))
	same(t, got[:2], []string{"write cluster records/cockroachdb-0-node-init", "ack id0"})
	if !l.state.Facts.Cluster.Initialised || !l.record(0).Reached {
		t.Errorf("got %+v, reached %v", l.state.Facts.Cluster, l.record(0).Reached)
	}
}

func TestWhatAnUpdateLeavesOutIsKept(t *testing.T) {
	l := quiet(t, facts(node(1, tasks.Running, func(r *tasks.Record) {
		r.Status.IPs, r.Status.ContainerID, r.Status.ParentID = []string{"9.0.0.1"}, "c", "p"
	})))
	l.now = noon.Add(10 * time.Second)
	l.take(update("id1", tasks.Running, failed))
	status := l.record(1).Status
	if len(status.IPs) != 1 || status.ContainerID != "c" || status.ParentID != "p" || !status.Since.Equal(noon) {
		t.Errorf("got %+v", status)
	}
	l.take(update("id1", tasks.Failed))
	if status := l.record(1).Status; status.HasCheck || !status.Since.Equal(l.now) {
		t.Errorf("a task that has ended keeps its check or its time: %+v", status)
	}
	l.take(update("id1", tasks.Running, func(s *tasks.Status) { s.IPs = []string{"9.0.0.2"} }))
	if got := l.record(1).LastIPs; !slices.Equal(got, []string{"9.0.0.2"}) {
		t.Errorf("last addresses: got %v", got)
	}
}

func TestARecordThatWasHandedOutNeverChanges(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running)))
	before, record := l.state, l.record(1)
	l.take(update("id1", tasks.Failed))
	if record.Status.State != tasks.Running || before.Facts.Records[nodes[1]] != record || len(before.Delays) != 0 {
		t.Error("a frame changed the state that it was given")
	}
}

// The master answers a reconciliation with the state and words of its own.
func TestAnAnswerToReconciliationKeepsTheExecutorsWords(t *testing.T) {
	say := func(reason, source, message string) func(*tasks.Status) {
		return func(s *tasks.Status) { s.Reason, s.Source, s.Message = reason, source, message }
	}
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running)))
	l.take(update("id1", tasks.Running, passed, say("REASON_TASK_CHECK_STATUS_UPDATED", "SOURCE_EXECUTOR", "the executor's")))
	answer := say("REASON_RECONCILIATION", "SOURCE_MASTER", "Reconciliation: Latest task state")
	same(t, l.take(bare(update("id1", tasks.Running, answer))), nil)
	if status := l.record(1).Status; status.Reason != "REASON_TASK_CHECK_STATUS_UPDATED" || status.Source != "SOURCE_EXECUTOR" || status.Message != "the executor's" {
		t.Errorf("the same state: got %s, %s, %q", status.Reason, status.Source, status.Message)
	}
	// Another state is news, and so are its words; and an update of the executor speaks for itself.
	l.take(bare(update("id1", tasks.Unreachable, answer)))
	if status := l.record(1).Status; status.Reason != "REASON_RECONCILIATION" || status.Source != "SOURCE_MASTER" {
		t.Errorf("another state: got %s, %s", status.Reason, status.Source)
	}
	l.take(update("id1", tasks.Running))
	l.take(update("id1", tasks.Running, say("", "SOURCE_EXECUTOR", "new words")))
	if status := l.record(1).Status; status.Reason != "" || status.Message != "new words" {
		t.Errorf("the executor's update: got %s, %q", status.Reason, status.Message)
	}
}

// A kill of what cannot be reached is answered at once with the same update, and so on at the speed of the network.
func TestAStrangerOutOfReachIsKilledWhenItIsBack(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	same(t, l.take(bare(update("id7", tasks.Unreachable))), []string{"revive"})
	for range 20 {
		same(t, l.take(bare(update("id7", tasks.Unreachable))), nil)
	}
	same(t, l.take(bare(update("id7", tasks.Running))), []string{"kill id7 on A7"})
	// It goes away again under the kill: the kill is not repeated into the void, and asked for anew afterwards.
	same(t, l.take(bare(update("id7", tasks.Unreachable))), nil)
	same(t, l.ticks(30), nil)
	same(t, l.take(bare(update("id7", tasks.Running))), []string{"kill id7 on A7"})
}
