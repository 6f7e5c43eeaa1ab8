package sim

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// secureNode is a launch of a node with TLS as tasks/node is: its helper gets a first certificate, starts the database, and from then on
// says every few seconds what that shows, and renews when told.
type secureNode struct {
	id, task, agent, token string
	began, over            bool
	// next is when it acts next.
	next time.Time
	// pending is the key of a request that was not answered.
	pending string
	// present is what lies in its folder, and what it proves with. Shown is what new connections get, trusts whom it takes.
	present, shown *tasks.Certificate
	trusts         []string
	// loads is when the database will have read its folder, and how it goes until then.
	loads time.Time
	how   loading
}

// loading is how a database comes to show what lies in its folder.
type loading int

const (
	// quietly: helper and database are at it, and nobody says anything.
	quietly loading = iota
	// badly: the helper says that what it was given is not shown.
	badly
	// inPart: the new certificate is shown, and the authorities are still the old ones.
	inPart
	// never, until it is launched anew; the helper says why.
	forever
	// deaf: the helper does not renew, however often it is told.
	deaf
)

// unserved is the exit code of the readiness check of a node that has no certificate yet.
const unserved = 3

// enlist takes in a launch, if it is one of a secure node.
func (w *World) enlist(info mesos.TaskInfo, agent string) {
	if token := variable(info, cockroach.EnvTLSToken); token != "" {
		w.tls.nodes = append(w.tls.nodes, &secureNode{id: info.TaskID.Value, task: tasks.TaskOf(info.TaskID.Value), agent: agent, token: token,
			pending: w.tls.name("key ")})
	}
}

// secures says that a launch is one of a secure node.
func secures(info mesos.TaskInfo) bool { return variable(info, cockroach.EnvTLSToken) != "" }

// unserving is a script for a node that is not ready before it serves.
func unserving(s virtual.Script) virtual.Script {
	if s.Checks == nil {
		s.Checks = []virtual.CheckResult{{After: time.Second, ExitCode: unserved}}
	}
	return s
}

// bare says that a task is a secure node that has no certificate yet.
func (w *World) bare(id string) bool {
	for _, one := range w.tls.nodes {
		if one.id == id {
			return one.shown == nil
		}
	}
	return false
}

// serveTLS has all secure nodes, and the shell, do what they do now.
func (w *World) serveTLS() error {
	if err := w.findAuthority(); err != nil {
		return err
	}
	if err := w.lateAnswers(); err != nil {
		return err
	}
	left := w.tls.nodes[:0]
	for _, one := range w.tls.nodes {
		runs, _ := w.Runs(one.id)
		switch {
		case !runs && one.began:
			one.over = true
			continue
		case runs && !one.began:
			one.began, one.next = true, w.Now().Add(w.tls.within(3*time.Second))
		}
		left = append(left, one)
	}
	w.tls.nodes = left
	for _, one := range slices.Clone(left) {
		if one.next.IsZero() || w.Now().Before(one.next) {
			continue
		}
		if err := w.serveOne(one); err != nil {
			return err
		}
	}
	return nil
}

// serveOne is what a node does now.
func (w *World) serveOne(one *secureNode) error {
	if one.present == nil {
		return w.enrols(one)
	}
	if one.how != forever && !w.Now().Before(one.loads) {
		if one.shown != one.present {
			w.tell("%s shows %s of %s, trusts %v", one.id, one.present.Serial, one.present.Issuer, one.present.Trust)
		}
		one.shown, one.trusts = one.present, one.present.Trust
	}
	if one.shown == nil {
		one.next = one.loads
		return nil
	}
	if record := w.recordOf(one.id); record != nil && record.Status.CheckExit != nil && *record.Status.CheckExit == unserved {
		_ = w.Check(one.id, 0)
	}
	return w.says(one)
}

// enrols asks for the first certificate, with the same key until it is answered.
func (w *World) enrols(one *secureNode) error {
	one.next = w.Now().Add(time.Second + w.tls.within(9*time.Second))
	code, err := w.sign(one, one.token, one.pending)
	if code == http.StatusForbidden || code == http.StatusGone {
		if err := w.Exit(one.id, 1); err != nil {
			return fmt.Errorf("end a node that gets no certificate: %w", err)
		}
	}
	return err
}

// take is the arrival of a certificate: it lies in the folder, and the database will read it.
func (one *secureNode) take(w *World, certificate tasks.Certificate) {
	w.tell("%s takes %s of %s, trust %v", one.id, certificate.Serial, certificate.Issuer, certificate.Trust)
	one.present, one.pending = &certificate, ""
	one.loads = w.Now().Add(w.tls.within(4 * time.Second))
	one.next = one.loads
	one.how = quietly
	if one.shown == nil || w.tls.calm {
		return
	}
	switch w.tls.random.IntN(12) {
	case 0: // slowly
		one.loads = w.Now().Add(w.tls.within(2 * time.Minute))
	case 1, 2:
		one.how, one.loads = badly, w.Now().Add(w.tls.within(8*time.Minute))
	case 3, 4:
		one.how, one.loads = inPart, w.Now().Add(w.tls.within(8*time.Minute))
	case 5:
		one.how = forever
	}
	switch {
	case one.how == inPart:
		one.shown = one.present
		one.next = w.Now().Add(time.Second)
	case one.how != quietly:
		one.next = w.Now().Add(time.Second)
	}
}

// says tells the scheduler what new connections get, and does what it answers.
func (w *World) says(one *secureNode) error {
	one.next = w.later(one)
	if w.cut(one) || !w.alive {
		return nil
	}
	event := core.CertificateServed{TaskID: one.id, Key: one.present.Key, Serial: one.shown.Serial, Trust: one.trusts}
	if one.shown != one.present || !slices.Equal(one.trusts, one.present.Trust) {
		if one.how == quietly {
			return nil // the helper waits for the database, and says nothing meanwhile
		}
		event.Problem = "the database does not show what it was given"
	}
	reply, answered, err := w.Ask(event)
	code := codeOf(reply, answered)
	increase(&w.figures.Answers, fmt.Sprintf("served %d %v", code, reply.Renew), 1)
	if err != nil || code == 0 || !w.alive || w.tls.one(8) {
		return err
	}
	if code == http.StatusConflict || reply.Renew {
		return w.renews(one)
	}
	return nil
}

// later is when a node says again what it shows: all at the same moments while nothing happens, which makes histories faster.
func (w *World) later(one *secureNode) time.Time {
	at := w.Now().Add(4*time.Second + w.tls.within(8*time.Second))
	if !w.rotating() {
		at = w.Now().Truncate(10 * time.Second).Add(10 * time.Second)
	}
	if one.loads.After(w.Now()) && one.loads.Before(at) {
		return one.loads
	}
	return at
}

// renews asks for a new certificate.
func (w *World) renews(one *secureNode) error {
	if one.how == deaf || w.tls.one(60) {
		one.how = deaf
		return nil
	}
	if one.pending == "" {
		one.pending = w.tls.name("key ")
	}
	code, err := w.sign(one, "", one.pending)
	if code == http.StatusConflict {
		one.next = w.Now().Add(time.Second)
	}
	return err
}
