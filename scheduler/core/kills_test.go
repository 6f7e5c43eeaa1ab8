package core

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestAKillIsRepeatedUntilItIsAnswered(t *testing.T) {
	all := []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)}
	for _, answer := range []tasks.State{tasks.Killed, tasks.Failed, tasks.Gone} {
		l := quiet(t, facts(all...))
		same(t, l.take(update("id7", tasks.Running)), []string{"ack id7", "kill id7 on A7"})
		// Asking twice within 5 s would only add to the agent's work.
		same(t, l.take(update("id7", tasks.Running)), []string{"ack id7"})
		same(t, l.ticks(12), []string{"5 kill id7 on A7", "10 kill id7 on A7"})
		same(t, l.take(update("id7", tasks.Killing)), []string{"ack id7"})
		same(t, l.ticks(3), []string{"3 kill id7 on A7"})
		l.take(update("id7", answer))
		same(t, l.ticks(30), nil)
		if l.state.Counters["kills"] != 1 {
			t.Errorf("got %d kills counted", l.state.Counters["kills"])
		}
	}
}

func TestNothingIsKilledWhileTheMasterIsAway(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running)))
	l.take(update("id7", tasks.Running))
	l.take(Disconnected{Reason: "gone"})
	same(t, l.ticks(60), nil)
}

func TestTasksOfAnOlderTargetAreStoppedOneByOne(t *testing.T) {
	stored := facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running))
	next := target()
	for i := range next.Pods[0].Tasks {
		next.Pods[0].Tasks[i].Command = "new"
	}
	state, effects := Start(stored, next, "t2", noon, Settings{BackOff: backOff})
	same(t, describe(effects), []string{"write target targets/t2"})
	l := &life{t: t, state: state, now: noon}
	same(t, l.take(subscribe), []string{"reconcile id0@A0 id1@A1 id2@A2"})
	l.take(bare(update("id0", tasks.Running)))
	l.take(bare(update("id1", tasks.Running)))
	same(t, l.take(bare(update("id2", tasks.Running))), []string{"write records/cockroachdb-0-node-init", "reconcile", "kill id0 on A0", "revive"})
	if !l.record(0).Stopping.Equal(noon) {
		t.Errorf("stopping since %s", l.record(0).Stopping)
	}
	same(t, l.take(Tick{}), nil)
	// Its end is no failure, and it is launched again in place under the new target.
	l.take(update("id0", tasks.Killed))
	if len(l.state.Delays) > 0 {
		t.Errorf("a stop counts as a failure: %v", l.state.Delays)
	}
	got := l.take(offered(back(node(0, tasks.Killed))))
	same(t, got[:2], []string{"write records/cockroachdb-0-node-init", "accept back-A0 launch cockroachdb-0-node-init rest 1s"})
	record := l.record(0)
	if record.TargetID != "t2" || record.Reached || record.Recovering || record.Init || record.Stopped() {
		t.Errorf("got %+v", record)
	}
	// The next one stays up until this one is ready.
	l.take(update(record.TaskID, tasks.Running, failed))
	for _, line := range l.ticks(20) {
		t.Errorf("while node 0 is not ready: %s", line)
	}
	got = l.take(update(record.TaskID, tasks.Running, passed))
	same(t, got, []string{"write records/cockroachdb-0-node-init records/cockroachdb-1-node-join", "ack " + record.TaskID, "kill id1 on A1"})
}

func TestDelaysGrowUpToTheLongest(t *testing.T) {
	want := []time.Duration{5, 10, 20, 40, 80, 160, 300, 300, 300}
	for failures, seconds := range want {
		if got := backOff.wait(failures); got != seconds*time.Second {
			t.Errorf("after %d failures: got %s", failures, got)
		}
	}
	if got := (BackOff{Factor: 1}).wait(20); got != 0 {
		t.Errorf("switched off: got %s", got)
	}
	if got := (BackOff{First: time.Hour, Factor: 2, Most: time.Minute}).wait(0); got != time.Minute {
		t.Errorf("a first delay above the longest: got %s", got)
	}
}

func TestWhatCountsAsAFailure(t *testing.T) {
	for state, want := range map[tasks.State]int{tasks.Failed: 1, tasks.Finished: 1, tasks.Errored: 1, tasks.Killed: 1,
		tasks.Lost: 0, tasks.Dropped: 0, tasks.Gone: 0, tasks.GoneByOperator: 0, tasks.Unknown: 0, tasks.Unreachable: 0} {
		l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running)))
		l.take(update("id1", state, func(s *tasks.Status) { s.Reason = "REASON" }))
		if got := l.state.Delays[nodes[1]].Failures; got != want {
			t.Errorf("%s: got %d failures, want %d", state, got, want)
		}
		if want == 1 && l.state.Delays[nodes[1]].Message != "REASON" {
			t.Errorf("%s: got message %q", state, l.state.Delays[nodes[1]].Message)
		}
	}
}

func TestFailuresAreForgottenAfterAMinuteOfRunning(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	l.take(update("id2", tasks.Failed))
	l.take(update("id2", tasks.Running, passed))
	l.ticks(59)
	if l.state.Delays[nodes[2]].Failures != 1 {
		t.Error("forgotten too early: a task that gets ready and crashes is a crash loop")
	}
	l.ticks(1)
	if len(l.state.Delays) != 0 {
		t.Error("not forgotten")
	}
}
