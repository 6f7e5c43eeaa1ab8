package virtual_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// driver launches and acknowledges, and notes what it hears as "time task STATE detail".
type driver struct {
	*virtual.Cluster
	t     *testing.T
	heard []string
}

// drive subscribes and launches one group of tasks with these ids, as change makes them.
func drive(t *testing.T, script virtual.Script, change func(*mesos.TaskInfo), ids ...string) *driver {
	t.Helper()
	d := &driver{virtual.New(t0, model.Options{}, virtual.Agents(1)...), t, nil}
	d.Script(script)
	d.send(subscribe())
	for _, e := range d.Events() {
		if e.Type != scheduler.Event_OFFERS {
			continue
		}
		offer := e.Offers.Offers[0]
		op := launchOne(d.Cluster, offer)
		first := op.LaunchGroup.TaskGroup.Tasks[0]
		op.LaunchGroup.TaskGroup.Tasks = nil
		for _, id := range ids {
			info := first
			info.TaskID.Value = id
			if change != nil {
				change(&info)
			}
			op.LaunchGroup.TaskGroup.Tasks = append(op.LaunchGroup.TaskGroup.Tasks, info)
		}
		d.send(calls.Accept(calls.OfferOperations{op}.WithOffers(offer.ID)))
	}
	return d
}

func (d *driver) send(call *scheduler.Call) {
	d.t.Helper()
	if err := d.Send(call); err != nil {
		d.t.Fatalf("%s: %v", call.Type, err)
	}
}

// listen takes what came, and acknowledges it.
func (d *driver) listen() bool {
	for _, e := range d.Events() {
		switch e.Type {
		case scheduler.Event_UPDATE:
			s := e.Update.Status
			line := fmt.Sprintf("%s %s %s", d.Now().Sub(t0), s.TaskID.Value, s.GetState())
			if s.Healthy != nil {
				line += fmt.Sprintf(" healthy=%t", *s.Healthy)
			}
			if s.Reason != nil {
				line += " " + s.Reason.String()
			}
			d.heard = append(d.heard, line)
			if s.UUID != nil {
				d.send(calls.Acknowledge(s.AgentID.GetValue(), s.TaskID.Value, s.UUID))
			}
		case scheduler.Event_FAILURE:
			d.heard = append(d.heard, fmt.Sprintf("%s failure %d", d.Now().Sub(t0), e.Failure.GetStatus()))
		}
	}
	return false
}

func (d *driver) run(most time.Duration) { d.RunUntil(d.listen, most) }

func (d *driver) do(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	d.listen()
}

func (d *driver) want(want ...string) {
	d.t.Helper()
	if !slices.Equal(d.heard, want) {
		d.t.Errorf("heard %q\nwant  %q", d.heard, want)
	}
	for _, problem := range d.Problems() {
		d.t.Error(problem)
	}
	d.heard = nil
}

func noCheck(info *mesos.TaskInfo) { info.Check = nil }

func TestExitByScript(t *testing.T) {
	for code, state := range map[int]string{0: "TASK_FINISHED", 3: "TASK_FAILED"} {
		d := drive(t, virtual.Script{Exit: &virtual.Exit{After: 5 * time.Second, Code: code}}, noCheck, "a")
		d.run(time.Minute)
		d.want("100ms a TASK_STARTING", "150ms a TASK_RUNNING", "5.15s a "+state, "5.2s failure 0")
	}
}

func TestGroupEndsTogetherUnlessFinished(t *testing.T) {
	d := drive(t, virtual.Script{}, noCheck, "a", "b")
	d.run(time.Second)
	d.heard = nil
	d.do(d.Exit("a", 0))
	d.run(time.Second)
	d.want("1s a TASK_FINISHED")
	if got := d.Running(); !slices.Equal(got, []string{"b"}) {
		t.Errorf("%v run, want b alone", got)
	}

	d = drive(t, virtual.Script{}, noCheck, "a", "b")
	d.run(time.Second)
	d.heard = nil
	d.do(d.Exit("a", 1))
	d.run(time.Second)
	d.want("1s a TASK_FAILED", "1.1s b TASK_KILLED", "1.15s failure 0")
}

func TestUnhealthyTaskIsKilled(t *testing.T) {
	withHealth := func(info *mesos.TaskInfo) {
		info.Check = nil
		info.HealthCheck = &mesos.HealthCheck{Type: mesos.HealthCheck_COMMAND, Command: &mesos.CommandInfo{Value: ptr("true")},
			ConsecutiveFailures: ptr(uint32(2))}
	}
	d := drive(t, virtual.Script{}, withHealth, "a")
	d.run(2 * time.Second)
	d.want("100ms a TASK_STARTING", "150ms a TASK_RUNNING", "1.15s a TASK_RUNNING healthy=true REASON_TASK_HEALTH_CHECK_STATUS_UPDATED")
	d.do(d.Health("a", false))
	d.do(d.Health("a", true))
	d.do(d.Health("a", false))
	d.do(d.Health("a", false))
	d.run(time.Second)
	const reason = " REASON_TASK_HEALTH_CHECK_STATUS_UPDATED"
	d.want("2s a TASK_RUNNING healthy=false"+reason, "2s a TASK_RUNNING healthy=true"+reason, "2s a TASK_RUNNING healthy=false"+reason,
		"2s a TASK_RUNNING healthy=false"+reason, "2.1s a TASK_KILLED healthy=false", "2.15s failure 0")
}

func TestTelling(t *testing.T) {
	d := drive(t, virtual.Script{Checks: []virtual.CheckResult{}}, nil, "a")
	for _, err := range []error{d.Check("a", 0), d.Exit("a", 0), d.KillExecutor("a"), d.Health("a", true), d.Check("nobody", 0)} {
		if err == nil {
			t.Error("something that does not run was told something")
		}
	}
	d.run(time.Second)
	d.heard = nil
	if err := d.Health("a", true); err == nil {
		t.Error("a task without a health check reported one")
	}
	d.do(d.Check("a", 7))
	d.do(d.KillExecutor("a"))
	d.want("1s a TASK_RUNNING REASON_TASK_CHECK_STATUS_UPDATED", "1s failure 9", "1s a TASK_FAILED REASON_EXECUTOR_TERMINATED")
	if err := d.Check("a", 0); err == nil {
		t.Error("a dead task reported a check")
	}
}

func TestNeverStarts(t *testing.T) {
	d := drive(t, virtual.Script{Starting: -1}, nil, "a")
	d.run(time.Hour)
	d.want()
	info, known := d.Info("a")
	if !known || info.TaskID.Value != "a" || len(d.Launches()) != 1 {
		t.Errorf("launches: %v", d.Launches())
	}
}

func TestCheckTypes(t *testing.T) {
	for _, c := range []struct {
		check      mesos.CheckInfo
		good, poor string
	}{
		{mesos.CheckInfo{Type: mesos.CheckInfo_TCP, TCP: &mesos.CheckInfo_Tcp{Port: 1}},
			"&CheckStatusInfo_Tcp{Succeeded:*true,}", "&CheckStatusInfo_Tcp{Succeeded:*false,}"},
		{mesos.CheckInfo{Type: mesos.CheckInfo_HTTP, HTTP: &mesos.CheckInfo_Http{Port: 1}},
			"&CheckStatusInfo_Http{StatusCode:*200,}", "&CheckStatusInfo_Http{StatusCode:*500,}"},
	} {
		d := drive(t, virtual.Script{Checks: []virtual.CheckResult{{After: time.Second, ExitCode: 1}, {After: 2 * time.Second}}},
			func(info *mesos.TaskInfo) { info.Check = &c.check }, "a")
		var got []string
		d.RunUntil(func() bool {
			for _, e := range d.Events() {
				if e.Type != scheduler.Event_UPDATE {
					continue
				}
				s := e.Update.Status
				d.send(calls.Acknowledge(s.AgentID.GetValue(), s.TaskID.Value, s.UUID))
				if s.GetReason() == mesos.REASON_TASK_CHECK_STATUS_UPDATED {
					got = append(got, fmt.Sprint(s.CheckStatus.GetTCP(), s.CheckStatus.GetHTTP()))
				}
			}
			return false
		}, 5*time.Second)
		if len(got) != 2 || !strings.Contains(got[0], c.poor) || !strings.Contains(got[1], c.good) {
			t.Errorf("%s check: %q, want %s then %s", c.check.Type, got, c.poor, c.good)
		}
	}
}

func TestRunUntil(t *testing.T) {
	c := virtual.New(t0, model.Options{}, virtual.Agents(1)...)
	if c.RunUntil(func() bool { return false }, time.Hour) || !c.Now().Equal(t0.Add(time.Hour)) {
		t.Errorf("gave up at %s, want an hour after %s", c.Now(), t0)
	}
	if !c.RunUntil(func() bool { return true }, time.Hour) || !c.Now().Equal(t0.Add(time.Hour)) {
		t.Errorf("what was true took until %s", c.Now())
	}
}

func TestRefusalsAreErrors(t *testing.T) {
	c := virtual.New(t0, model.Options{}, virtual.Agents(1)...)
	var refusal *model.Refusal
	if err := c.Send(calls.Revive().With(calls.Framework("nobody"))); !errors.As(err, &refusal) || refusal.Text != "Framework cannot be found" {
		t.Errorf("REVIVE of an unknown framework: %v", err)
	}
	if err := c.Send(subscribe()); err != nil {
		t.Fatal(err)
	}
	c.Disconnect()
	if err := c.Send(calls.Revive()); !errors.As(err, &refusal) || refusal.Status != 403 {
		t.Errorf("REVIVE while disconnected: %v", err)
	}
}
