package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// first is the first step of every deployment, and oneNode the smallest one.
const (
	first   = "cockroachdb-0:[node-init]"
	second  = "cockroachdb-1:[node-join]"
	oneNode = "NODE_COUNT=1"
)

// endless is more calls than any test makes.
const endless = 1 << 30

// TestAMasterThatIsNotThere: the scheduler says so where people look, waits, and deploys when the master comes.
func TestAMasterThatIsNotThere(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	m := design(t, 1, func(c *httpshell.Cluster) { c.Listen = fmt.Sprintf("127.0.0.1:%d", port) })
	s := install(t, m, oneNode, fmt.Sprintf("MESOS_MASTER=http://127.0.0.1:%d", port))
	s.start(t)
	s.shows(t, first, wire.StatusPending, fmt.Sprintf("waits for the master: .*127.0.0.1:%d.*connection refused", port))
	s.hears(t, "not connected to Mesos, trying again", "connection refused")
	if got := s.cli(t, "debug", "state", "framework_id"); got.code == 0 || !strings.Contains(got.stderr, "not registered with Mesos yet") {
		t.Errorf("debug state framework_id: exit code %d, and\n%s", got.code, got.stderr)
	}
	m.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
}

// TestAMasterThatRefusesUs: its words and what to do about them are in the plan and in the log, and the scheduler asks
// again until it is taken in.
func TestAMasterThatRefusesUs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		text   string
		remedy string
	}{
		{http.StatusUnauthorized, "who are you", "the master wants authentication: give the service an account"},
		{http.StatusForbidden, "not allowed to use role", "allow it to register frameworks with the service's role"},
		{http.StatusServiceUnavailable, "Master has not finished recovery", "the master is not ready yet: wait, or look at its log"},
	} {
		t.Run(fmt.Sprint(test.status), func(t *testing.T) {
			t.Parallel()
			m := machines(t, 1)
			m.Server().Faults().AnswerNext(endless, test.status, test.text)
			s := install(t, m, oneNode)
			s.start(t)
			s.shows(t, first, wire.StatusPending, fmt.Sprintf("waits for the master: .*%d: %s; .*%s", test.status, test.text, test.remedy))
			s.hears(t, "not connected to Mesos, trying again", fmt.Sprintf("refused SUBSCRIBE with %d: %s", test.status, test.text), test.remedy)
			m.Server().Faults().AnswerNext(0, 0, "")
			s.reaches(t, "deploy", wire.StatusComplete)
		})
	}
}

// TestAMasterThatRefusesALaunch: the step is delayed with the master's words, and tried again.
func TestAMasterThatRefusesALaunch(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusServiceUnavailable} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			m := machines(t, 1)
			master := censored(t, m)
			master.refuse(scheduler.Call_ACCEPT, 2, status, "not this one")
			s := install(t, m, oneNode, "MESOS_MASTER="+master.URL)
			s.start(t)
			s.shows(t, first, wire.StatusDelayed, fmt.Sprintf(
				`failed 2 times, next try at \d\d:\d\d:\d\d UTC: master .* refused ACCEPT with %d: not this one`, status))
			s.hears(t, "call to the master failed", fmt.Sprintf("refused ACCEPT with %d: not this one", status))
			s.reaches(t, "deploy", wire.StatusComplete)
			if launched := len(m.framework(t).Tasks) + len(m.framework(t).Completed); launched != 2 {
				t.Errorf("%d tasks were launched, want a node and the metrics", launched)
			}
		})
	}
}

// TestAMasterThatEndsUs: the process ends with the SDK's code and says what to look at; its node goes on.
func TestAMasterThatEndsUs(t *testing.T) {
	t.Parallel()
	m := machines(t, 1)
	s := install(t, m, oneNode)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	before := m.databases()
	m.Server().Faults().SendEvent(&scheduler.Event{Type: scheduler.Event_ERROR, Error: &scheduler.Event_Error{Message: "Framework failed over"}})
	if code := s.code(t); code != 6 {
		t.Errorf("exit code %d, want 6", code)
	}
	if err := s.said.lacks("the master refused the framework: Framework failed over", "make sure that only one runs"); err != nil {
		t.Errorf("%v:\n%s", err, s.said)
	}
	if now := m.databases(); !same(now, before) || len(now) != 1 {
		t.Errorf("processes %v now, %v before", now, before)
	}
}

// TestASpoiltStream: silence, and what is not an event, cost a subscription and nothing else: the same framework comes
// back, its node has not noticed, and the step that waited waits on.
func TestASpoiltStream(t *testing.T) {
	t.Parallel()
	m := machines(t, 1, func(c *httpshell.Cluster) { c.Model.HeartbeatInterval = 200 * time.Millisecond })
	s := install(t, m, "NODE_COUNT=2")
	s.start(t)
	const waiting = "waits for an offer: .*1 agent"
	s.shows(t, second, wire.StatusPrepared, waiting)
	id, tasks, process := s.frameworkID(t), m.alive(t), m.databases()
	faults := m.Server().Faults()
	for _, test := range []struct {
		name  string
		spoil func()
		said  string
		heal  func()
	}{
		{"silence", func() { faults.HoldEvents(true) }, "the master was silent for 1s: the stream counts as dead", func() { faults.HoldEvents(false) }},
		{"an event without a length", func() { faults.SendBytes([]byte("OFFERS\n")) }, "the master sent a malformed event: its length is not a number", nil},
		{"an event that is no protobuf", func() { faults.SendBytes([]byte("5\nhello")) }, "the master sent a malformed event: ", nil},
		{"an event of a terabyte", func() { oversized(faults) }, "the master sent an event of more than 268435456 bytes", nil},
		{"a reset connection", func() { faults.DropConnections() }, "reading the stream: ", nil},
	} {
		// One after the other: each needs the stream that the one before has cost.
		t.Run(test.name, func(t *testing.T) {
			before := s.said.String()
			test.spoil()
			eventually(t, s.process, "the reason in the log", func() error {
				if fresh := strings.TrimPrefix(s.said.String(), before); !strings.Contains(fresh, test.said) {
					return fmt.Errorf("it does not say %q", test.said)
				}
				return nil
			})
			if test.heal != nil {
				s.shows(t, second, wire.StatusPending, "waits for the master: .*"+test.said)
				test.heal()
			}
			eventually(t, s.process, "a new subscription", func() error {
				_, lost, _ := strings.Cut(strings.TrimPrefix(s.said.String(), before), test.said)
				if !strings.Contains(lost, "msg=subscribed") {
					return fmt.Errorf("it has not subscribed again")
				}
				return nil
			})
			s.shows(t, second, wire.StatusPrepared, waiting)
			if now := s.frameworkID(t); now != id {
				t.Errorf("the framework is %s now, and was %s", now, id)
			}
			if now := m.alive(t); !same(now, tasks) {
				t.Errorf("tasks %v now, %v before", now, tasks)
			}
			if now := m.databases(); !same(now, process) {
				t.Errorf("processes %v now, %v before", now, process)
			}
		})
	}
}

// oversized begins an event that has no end, and sends more of it than the scheduler is ready to hold.
func oversized(faults *httpshell.Faults) {
	faults.SendBytes([]byte("1000000000000\n"))
	part := make([]byte, 1<<20)
	for range 257 {
		faults.SendBytes(part)
	}
}
