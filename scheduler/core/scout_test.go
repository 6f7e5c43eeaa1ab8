package core

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// sized is the target with this many CPUs for its nodes.
func sized(cpus int64) tasks.Target {
	next := target()
	for i := range next.Pods[0].Tasks {
		next.Pods[0].Tasks[i].Need.CPUs = tasks.Whole(cpus)
	}
	return next
}

// A node that is to grow is not stopped before its agent has room: it would be down until somebody made some.
func TestANodeIsNotStoppedForASizeThatDoesNotFit(t *testing.T) {
	l := begin(t, three())
	same(t, kills(l.successor(sized(4), "t2")), nil)
	same(t, kills(l.take(offered(room(0, 2)))), nil)
	step := l.state.Plans[0].Phases[0].Steps[0]
	if step.Status != plans.Prepared || step.Reason.Why != plans.WhyRoom || !strings.Contains(step.Reason.String(), "cpus") {
		t.Errorf("got %s %q", step.Status, step.Reason)
	}
	// Room on another agent is of no use to it.
	same(t, kills(l.take(offered(room(7, 8)))), nil)
	same(t, kills(l.take(offered(room(0, 3)))), []string{"kill id0 on A0"})
	// A person who forces a restart does not wait for room, and gets one under the old target.
	l = begin(t, three())
	l.successor(sized(4), "t2")
	_, got := l.order(tasks.Restart, 0, true)
	same(t, kills(got), []string{"kill id0 on A0"})
}

func TestANodeThatShrinksIsStoppedAtOnce(t *testing.T) {
	l := begin(t, three(func(r []*tasks.Record) {
		for _, record := range r {
			record.Held[0].Resource.Scalar = tasks.Whole(2)
		}
	}))
	same(t, kills(l.successor(commanded("new"), "t2")), []string{"kill id0 on A0"})
}
