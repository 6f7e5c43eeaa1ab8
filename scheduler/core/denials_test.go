package core

import (
	"fmt"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// TestOneWarningAMinuteOfRefusedRequests: neither other words nor the node's own between two of them make more, and a node that does
// well does not look ill because of them.
func TestOneWarningAMinuteOfRefusedRequests(t *testing.T) {
	l := calm(t, secureThree())
	refused := func(e CertificateSigned) {
		t.Helper()
		e.TaskID, e.Certificate = "id0", signed("thief", "a", "a")
		if reply, got := l.ask(e); reply.Code != 403 && reply.Code != 410 || len(got) > 0 {
			t.Fatalf("got %+v, %v", reply, got)
		}
	}
	for range 30 {
		refused(CertificateSigned{Token: "x"})
		l.word(0)
		refused(CertificateSigned{Token: "t", RequestKey: "thief"})
		l.word(0, func(e *CertificateServed) { e.Problem = "it is cold" })
		l.now = l.now.Add(time.Second)
	}
	if told := l.journal("is refused"); len(told) != 1 {
		t.Errorf("%d warnings in half a minute", len(told))
	}
	// The node says two things in turn here, which are its own words.
	if told := l.journal("does not serve"); len(told) != 30 {
		t.Errorf("%d words of the node", len(told))
	}
	l.word(0)
	refused(CertificateSigned{Token: "x"})
	before := &l.state.Plans[0]
	if reply, _ := l.word(0); reply.Code != 200 || &l.state.Plans[0] != before {
		t.Errorf("the word that is known costs a frame: %+v", reply)
	}
	l.now = l.now.Add(time.Minute)
	refused(CertificateSigned{Token: "x"})
	if told := l.journal("is refused"); len(told) != 2 {
		t.Errorf("%d warnings after a minute", len(told))
	}
	// Another task has a minute of its own.
	if reply, _ := l.ask(CertificateSigned{TaskID: "id1", Token: "x"}); reply.Code != 403 || len(l.journal("is refused")) != 3 {
		t.Errorf("got %+v", reply)
	}
}

// TestARefusedRequestIsShownWhileItIsRefused in the step of a launch that has no certificate yet.
func TestARefusedRequestIsShownWhileItIsRefused(t *testing.T) {
	l := calm(t, secure(having(1, "a", "a"), having(2, "a", "a")))
	l.take(offered(room(0, 4)))
	l.take(update(l.record(0).TaskID, tasks.Running))
	detail := func() string { return fmt.Sprint(l.plan(plans.RotatePlan).Phases[0].Steps[0].Reason.Detail) }
	l.ask(CertificateSigned{TaskID: l.record(0).TaskID, Token: "x"})
	if got := detail(); got != "not the token of this task" {
		t.Errorf("got %q", got)
	}
	l.ticks(61)
	if got := detail(); got != "" {
		t.Errorf("a minute later: %q", got)
	}
}
