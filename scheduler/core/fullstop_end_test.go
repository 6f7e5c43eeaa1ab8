package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// stopped is a service whose nodes have all ended in a full stop, with a backup that waits.
func stopped(t *testing.T, change ...func([]*tasks.Record)) *life {
	t.Helper()
	facts := served(change...)
	facts.Jobs["j1"] = tasks.Job{ID: "j1", Kind: tasks.JobBackup, State: tasks.JobQueued, KeysKept: true, Params: tasks.JobParams{Database: "bank"}}
	l := turning(t, facts, secured())
	if l.state.Facts.FullStop == nil {
		t.Fatal("no full stop began")
	}
	for i := range nodes {
		if l.works() {
			t.Fatal("a job began while a node of the old mode runs")
		}
		l.do(update(fmt.Sprint("id", i), tasks.Killed))
	}
	return l
}

// works offers room, and says whether the job was launched on it.
func (l *life) works() bool {
	l.t.Helper()
	got := l.do(offered(room(7, 8)))
	return slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, " launch "+adminBackup) })
}

// TestAFullStopEndsWhileANodeIsPaused: it idles in the new mode, and is never ready.
func TestAFullStopEndsWhileANodeIsPaused(t *testing.T) {
	idling := func(s *tasks.Status) { s.CheckExit = new(int32(1)) }
	l := stopped(t, func(r []*tasks.Record) {
		r[1].Paused, r[1].Idling = true, true
		idling(&r[1].Status)
	})
	if l.works() {
		t.Error("a job began before a node did")
	}
	same(t, l.offerAll(), nodes)
	l.do(update(l.record(1).TaskID, tasks.Running, idling))
	if l.works() || l.state.Facts.FullStop == nil {
		t.Errorf("only the node that idles is up: %+v", l.state.Facts.FullStop)
	}
	l.ready(0)
	if l.state.Facts.FullStop == nil {
		t.Error("it is over before the nodes are ready that are not paused")
	}
	l.ready(2)
	if l.state.Facts.FullStop != nil || l.phase(plans.FullStopPhase).Name != "" {
		t.Errorf("it is not over: %+v", l.state.Facts.FullStop)
	}
	told := l.journal("the full stop is over")
	if len(told) != 1 || !strings.Contains(fmt.Sprint(told[0].Facts), nodes[1]) {
		t.Errorf("told %v", told)
	}
	if !l.works() {
		t.Error("no job is launched")
	}
}

// TestJobsGoOnAfterAFullStopThatANodeIsMissingFrom: it was lost before it was ready, so the stop is not over.
func TestJobsGoOnAfterAFullStopThatANodeIsMissingFrom(t *testing.T) {
	l := stopped(t)
	same(t, l.offerAll(), nodes)
	l.do(bare(update(l.record(2).TaskID, tasks.Gone)))
	if l.works() {
		t.Error("a job began before a node was ready")
	}
	l.ready(0)
	if l.state.Facts.FullStop == nil {
		t.Error("it is over while a node is missing")
	}
	l.now = l.now.Add(time.Minute)
	if !l.works() {
		t.Error("no job is launched")
	}
}

// TestNoJobWhileANodeOfTheOldModeMayRun, whoever is ready in the new one.
func TestNoJobWhileANodeOfTheOldModeMayRun(t *testing.T) {
	l := stopped(t)
	same(t, l.offerAll(), nodes)
	l.ready(0)
	known := *l.record(1)
	known.Former = []tasks.Former{{TaskID: "former", AgentID: "A9"}}
	l.state.Facts.Records[nodes[1]] = &known
	if got := l.take(offered(room(7, 8))); slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, " launch ") }) {
		t.Errorf("got %v", got)
	}
}
