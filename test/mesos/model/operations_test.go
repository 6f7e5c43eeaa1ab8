package model_test

import (
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// reserved puts a dynamic reservation of the test's role and principal on a resource.
func reserved(r mesos.Resource) mesos.Resource {
	r.Reservations = append(append([]mesos.Resource_ReservationInfo(nil), r.Reservations...), mesos.Resource_ReservationInfo{
		Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: ptr("db-role"), Principal: ptr(principal)})
	return r
}

func volume(r mesos.Resource, id string) mesos.Resource {
	disk := mesos.Resource_DiskInfo{}
	if r.Disk != nil {
		disk = *r.Disk
	}
	disk.Persistence = &mesos.Resource_DiskInfo_Persistence{ID: id, Principal: ptr(principal)}
	disk.Volume = &mesos.Volume{ContainerPath: "data", Mode: mesos.RW.Enum()}
	r.Disk = &disk
	return r
}

func named(op mesos.Offer_Operation, id string) mesos.Offer_Operation {
	op.ID = &mesos.OperationID{Value: id}
	return op
}

// Operations that no recording has.
func TestOperations(t *testing.T) {
	agent := virtual.Agent(0)
	agent.Resources = []mesos.Resource{model.Scalar("cpus", 4), model.Scalar("mem", 1024), model.Scalar("disk", 1000), model.MountDisk("/big", 5000)}
	whole := reserved(model.MountDisk("/big", 5000))
	const where = "; on agent 00f1ab1f-9af8-4456-a623-726e6da88733-S0 at slave(1)@10.0.0.1:5051 (10.0.0.1)"
	for _, c := range []struct {
		name string
		ops  []mesos.Offer_Operation
		want []string
	}{
		{"a mounted disk is reserved whole", []mesos.Offer_Operation{calls.OpReserve(whole), calls.OpCreate(volume(whole, "v"))},
			[]string{"op0 FINISHED ", "op1 FINISHED "}},
		{"part of a mounted disk", []mesos.Offer_Operation{calls.OpReserve(reserved(model.MountDisk("/big", 1000)))},
			[]string{"op0 ERROR cpus(allocated: db-role):4; mem(allocated: db-role):1024; disk(allocated: db-role):1000; " +
				"disk(allocated: db-role)[MOUNT:/big]:5000 does not contain disk(allocated: db-role)[MOUNT:/big]:1000"}},
		{"a refined reservation on top of one", []mesos.Offer_Operation{
			calls.OpReserve(reserved(model.Scalar("cpus", 1))), calls.OpReserve(reserved(reserved(model.Scalar("cpus", 1)))),
			calls.OpUnreserve(reserved(reserved(model.Scalar("cpus", 1)))), calls.OpUnreserve(reserved(model.Scalar("cpus", 1)))},
			[]string{"op0 FINISHED ", "op1 FINISHED ", "op2 FINISHED ", "op3 FINISHED "}},
		{"unreserving what nobody reserved", []mesos.Offer_Operation{calls.OpUnreserve(model.Scalar("cpus", 1))},
			[]string{"op0 ERROR Resource cpus(allocated: db-role):1 is not dynamically reserved" + where}},
		{"two volumes of one id in one operation", []mesos.Offer_Operation{calls.OpReserve(reserved(model.Scalar("disk", 200))),
			calls.OpCreate(volume(reserved(model.Scalar("disk", 100)), "v"), volume(reserved(model.Scalar("disk", 100)), "v"))},
			[]string{"op0 FINISHED ", "op1 ERROR Persistence ID 'v' is not unique" + where}},
		{"a volume without an id", []mesos.Offer_Operation{calls.OpCreate(volume(reserved(model.Scalar("disk", 100)), ""))},
			[]string{"op0 ERROR Invalid resources: Invalid DiskInfo: ID must not be empty" + where}},
		{"an operation the model does not have", []mesos.Offer_Operation{calls.OpGrowVolume(volume(whole, "v"), model.Scalar("disk", 1))},
			[]string{"op0 ERROR Operation GROW_VOLUME is not supported"}},
		{"a set", []mesos.Offer_Operation{calls.OpReserve(mesos.Resource{Name: "gpus", Type: mesos.SET.Enum()})},
			[]string{`op0 ERROR Operation attempted with invalid resources: resource "gpus": type SET is not modelled, use SCALAR or RANGES`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, model.Options{}, []model.AgentSpec{agent})
			b.Events()
			for n := range c.ops {
				c.ops[n] = named(c.ops[n], "op"+string(rune('0'+n)))
			}
			b.accept(c.ops...)
			b.want("answers", c.want...)
		})
	}
}

func TestLegacyFrameworkGetsNoRefinedStack(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.accept(calls.OpReserve(reserved(model.Scalar("cpus", 1))), calls.OpReserve(reserved(reserved(model.Scalar("cpus", 1)))))
	b.must(calls.Suppress())
	other := b.NewScheduler()
	if err := other.Send(calls.Subscribe(info(without(mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT)))); err != nil {
		t.Fatal(err)
	}
	got := lines(other.Events())
	if len(got) != 2 || got[1] != "offer S0 db-role: ports:[1025-32000]; cpus:3; mem:8192; disk:100000" {
		t.Errorf("the legacy framework was told %q", got)
	}
}

func TestOperatorTakesOffersBack(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	agent := b.Agents()[0]
	b.Events()
	b.with(func(m *model.Model, now time.Time) error {
		if refusal := m.Reserve(now, agent, []mesos.Resource{reserved(model.Scalar("disk", 100))}); refusal != nil {
			return refusal
		}
		return nil
	})
	b.want("RESERVE_RESOURCES", "rescind")
	b.Step(time.Second)
	b.want("the next pass", "offer S0 db-role: ports:[1025-32000]; disk(reservations: [(DYNAMIC,db-role,db-principal)]):100; "+
		"cpus:4; mem:8192; disk:99900")
	data := volume(reserved(model.Scalar("disk", 100)), "v")
	group := b.small("t", "e", agent)
	group.LaunchGroup.TaskGroup.Tasks[0].Resources = append(group.LaunchGroup.TaskGroup.Tasks[0].Resources, data)
	b.accept(calls.OpCreate(data), group)
	for _, c := range []struct {
		name string
		do   func(m *model.Model, now time.Time) *model.Refusal
		want model.Refusal
	}{
		{"a volume in use", func(m *model.Model, now time.Time) *model.Refusal {
			return m.DestroyVolumes(now, agent, []mesos.Resource{data})
		}, model.Refusal{Status: 400, Text: "Invalid DESTROY operation: Persistent volumes in use"}},
		{"an unknown agent", func(m *model.Model, now time.Time) *model.Refusal {
			return m.Unreserve(now, "nobody", nil)
		}, model.Refusal{Status: 400, Text: "No agent found with specified ID"}},
		{"more than there is", func(m *model.Model, now time.Time) *model.Refusal {
			return m.Reserve(now, agent, []mesos.Resource{reserved(model.Scalar("cpus", 99))})
		}, model.Refusal{Status: 409, Text: "Invalid RESERVE operation: ports:[1025-32000]; cpus:2.9; mem:8032; disk:99868 does not contain cpus:99"}},
	} {
		got := c.do(b.Model, b.Now())
		if got == nil || *got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, &c.want)
		}
	}
}

func TestReconcileOperations(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(2))
	agents := b.Agents()
	b.Events()
	b.accept(named(calls.OpReserve(reserved(model.Scalar("cpus", 1))), "op"))
	b.Events()
	ask := func(agent string) []string {
		b.must(calls.ReconcileOperations([]calls.ReconcileOperationRequest{{OperationID: "op", AgentID: agent}}))
		return b.said()
	}
	expect := func(what, want string) {
		t.Helper()
		if got := ask(agents[0]); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	expect("not acknowledged", "op FINISHED Reconciliation: Latest operation state")
	b.must(calls.ReconcileOperations(nil))
	b.want("all", "op FINISHED Reconciliation: Latest operation state")
	b.with(func(m *model.Model, now time.Time) error { return m.AgentDown(now, agents[0]) })
	b.Step(2 * time.Minute)
	b.Events()
	expect("unreachable", "op UNREACHABLE Reconciliation: Agent is unreachable")
	b.with(func(m *model.Model, now time.Time) error {
		m.MarkAgentGone(now, agents[0])
		return nil
	})
	b.Events()
	expect("gone", "op GONE_BY_OPERATOR Reconciliation: Agent marked gone by operator")
}
