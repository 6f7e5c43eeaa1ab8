package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const principal = "db-principal"

func ptr[T any](v T) *T { return &v }

// info is a usual framework's; change makes it another.
func info(change ...func(*mesos.FrameworkInfo)) *mesos.FrameworkInfo {
	f := &mesos.FrameworkInfo{User: "root", Name: "db", Roles: []string{"db-role"}, Principal: ptr(principal), Checkpoint: ptr(true),
		FailoverTimeout: ptr(604800.0)}
	for _, c := range []mesos.FrameworkInfo_Capability_Type{
		mesos.FrameworkInfo_Capability_MULTI_ROLE, mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT,
		mesos.FrameworkInfo_Capability_PARTITION_AWARE, mesos.FrameworkInfo_Capability_REGION_AWARE,
	} {
		f.Capabilities = append(f.Capabilities, mesos.FrameworkInfo_Capability{Type: c})
	}
	for _, do := range change {
		do(f)
	}
	return f
}

func without(c mesos.FrameworkInfo_Capability_Type) func(*mesos.FrameworkInfo) {
	return func(f *mesos.FrameworkInfo) {
		f.Capabilities = slices.DeleteFunc(f.Capabilities, func(have mesos.FrameworkInfo_Capability) bool { return have.Type == c })
	}
}

func roles(names ...string) func(*mesos.FrameworkInfo) {
	return func(f *mesos.FrameworkInfo) { f.Roles = names }
}

// bench is a cluster with a subscribed framework, and what tests ask of it.
type bench struct {
	*virtual.Cluster
	t *testing.T
}

func start(t *testing.T, options model.Options, agents []model.AgentSpec, change ...func(*mesos.FrameworkInfo)) *bench {
	t.Helper()
	b := &bench{virtual.New(t0, options, agents...), t}
	b.must(calls.Subscribe(info(change...)))
	t.Cleanup(func() {
		for _, problem := range b.Problems() {
			t.Error(problem)
		}
	})
	return b
}

func (b *bench) must(call *scheduler.Call) {
	b.t.Helper()
	if err := b.Send(call); err != nil {
		b.t.Fatalf("%s: %v", call.Type, err)
	}
}

func (b *bench) with(do func(m *model.Model, now time.Time) error) {
	b.t.Helper()
	if err := b.With(do); err != nil {
		b.t.Fatal(err)
	}
}

// said turns what came into short lines; heartbeats are left out.
func (b *bench) said() []string { return lines(b.Events()) }

func lines(events []*scheduler.Event) []string {
	var out []string
	for _, e := range events {
		switch e.Type {
		case scheduler.Event_HEARTBEAT:
		case scheduler.Event_OFFERS:
			for _, o := range e.Offers.Offers {
				p, err := pile.Of(o.Resources)
				if err != nil {
					out = append(out, err.Error())
				}
				out = append(out, fmt.Sprintf("offer %s %s: %s", short(o.AgentID.Value), o.AllocationInfo.GetRole(), p.Text("")))
			}
		case scheduler.Event_UPDATE:
			s := e.Update.Status
			line := fmt.Sprintf("%s %s %s", s.TaskID.Value, strings.TrimPrefix(s.GetState().String(), "TASK_"), strings.TrimPrefix(s.GetSource().String(), "SOURCE_"))
			if s.Reason != nil {
				line += " " + strings.TrimPrefix(s.Reason.String(), "REASON_")
			}
			if s.Source != nil && *s.Source == mesos.SOURCE_MASTER && s.UUID != nil {
				line += " with a uuid"
			}
			out = append(out, line)
		case scheduler.Event_FAILURE:
			out = append(out, strings.TrimSpace(fmt.Sprintf("failure %s %s", short(e.Failure.AgentID.GetValue()), e.Failure.ExecutorID.GetValue())))
		case scheduler.Event_RESCIND:
			out = append(out, "rescind")
		case scheduler.Event_ERROR:
			out = append(out, "error "+e.Error.Message)
		case scheduler.Event_UPDATE_OPERATION_STATUS:
			s := e.UpdateOperationStatus.Status
			out = append(out, fmt.Sprintf("%s %s %s", s.OperationID.GetValue(), strings.TrimPrefix(s.State.String(), "OPERATION_"), s.GetMessage()))
		default:
			out = append(out, strings.ToLower(e.Type.String()))
		}
	}
	return out
}

// short is an agent's id without the master's.
func short(id string) string { return id[strings.LastIndex(id, "-")+1:] }

func (b *bench) want(what string, want ...string) {
	b.t.Helper()
	if got := b.said(); !slices.Equal(got, want) {
		b.t.Errorf("%s:\ngot  %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// offers returns the outstanding offers of the framework.
func (b *bench) offers() []mesos.Offer {
	for _, f := range b.Model.State().Frameworks {
		if f.ID == b.FrameworkID() {
			return f.Offers
		}
	}
	return nil
}

// small is a task group of one task with 1 cpu and 128 MB, on the resources of an agent that nobody has reserved.
func (b *bench) small(id, executor, agent string) mesos.Offer_Operation {
	return calls.OpLaunchGroup(mesos.ExecutorInfo{
		Type: mesos.ExecutorInfo_DEFAULT, ExecutorID: mesos.ExecutorID{Value: executor}, FrameworkID: &mesos.FrameworkID{Value: b.FrameworkID()},
		Resources: []mesos.Resource{model.Scalar("cpus", 0.1), model.Scalar("mem", 32), model.Scalar("disk", 32)},
	}, mesos.TaskInfo{Name: id, TaskID: mesos.TaskID{Value: id}, AgentID: mesos.AgentID{Value: agent},
		Resources: []mesos.Resource{model.Scalar("cpus", 1), model.Scalar("mem", 128)}, Command: &mesos.CommandInfo{Value: ptr("sleep 9")}})
}

// accept uses the first outstanding offer; what is left is refused for an hour.
func (b *bench) accept(ops ...mesos.Offer_Operation) {
	b.t.Helper()
	offers := b.offers()
	if len(offers) == 0 {
		b.t.Fatal("no offer to accept")
	}
	call := calls.Accept(calls.OfferOperations(ops).WithOffers(offers[0].ID)).With(calls.RefuseSeconds(time.Hour))
	b.must(call)
}

// launch starts a small task and acknowledges it to TASK_RUNNING.
func (b *bench) launch(id string) {
	b.t.Helper()
	b.accept(b.small(id, id+"-executor", b.offers()[0].AgentID.Value))
	running := func() bool {
		done := false
		for _, e := range b.Events() {
			if e.Type == scheduler.Event_UPDATE {
				b.ack(e)
				done = done || e.Update.Status.GetState() == mesos.TASK_RUNNING
			}
		}
		return done
	}
	if !b.RunUntil(running, time.Minute) {
		b.t.Fatalf("task %s does not run", id)
	}
}

func (b *bench) ack(e *scheduler.Event) {
	b.t.Helper()
	s := e.Update.Status
	if s.UUID != nil {
		b.must(calls.Acknowledge(s.AgentID.Value, s.TaskID.Value, s.UUID))
	}
}
