package virtual

import (
	"fmt"
	"slices"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Neighbour is another framework in the same role, as a second service of an SDK scheduler would be: it reserves and makes a volume
// on some agents, with its own framework id on the labels, and keeps a task running on each. It answers at once, in the same
// moment, and never touches what is not its own. What another framework does to it is among Problems.
type Neighbour struct {
	*Scheduler
	role, principal string
	want            int
	// held are the agents with its reservations; true where its task lives or may live.
	held     map[string]bool
	tasks    map[string]string // the last task launched on an agent
	volumes  []neighbourVolume
	launched int
	busy     bool
	ended    bool // the master will not have it any more
}

type neighbourVolume struct{ agent, id string }

// What a neighbour holds on an agent: cpus, and MB of memory, of plain disk and of volume.
const (
	neighbourCPUs   = 0.5
	neighbourMem    = 128
	neighbourDisk   = 32
	neighbourVolMB  = 128
	neighbourRefuse = time.Hour
)

// NewNeighbour subscribes another framework of a role that wants one task on each of so many agents.
func (c *Cluster) NewNeighbour(name, role string, want int) *Neighbour {
	n := &Neighbour{Scheduler: c.NewScheduler(), role: role, principal: name + "-principal", want: want, held: map[string]bool{}, tasks: map[string]string{}}
	c.neighbours = append(c.neighbours, n)
	n.subscribe(name)
	c.pump()
	return n
}

func (n *Neighbour) subscribe(name string) {
	checkpoint, timeout := true, 1e6
	info := &mesos.FrameworkInfo{User: "root", Name: name, Roles: []string{n.role}, Principal: &n.principal, Checkpoint: &checkpoint,
		FailoverTimeout: &timeout}
	for _, c := range []mesos.FrameworkInfo_Capability_Type{mesos.FrameworkInfo_Capability_MULTI_ROLE, mesos.FrameworkInfo_Capability_REGION_AWARE,
		mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT, mesos.FrameworkInfo_Capability_PARTITION_AWARE} {
		info.Capabilities = append(info.Capabilities, mesos.FrameworkInfo_Capability{Type: c})
	}
	call := calls.Subscribe(info)
	if id := n.FrameworkID(); id != "" {
		info.ID = &mesos.FrameworkID{Value: id}
		call.FrameworkID = info.ID
	}
	n.send(call)
}

// send makes a call that an honest framework makes; a refusal would be a mistake here or in the model.
func (n *Neighbour) send(call *scheduler.Call) {
	n.cluster.note(n.Send(call), "neighbour's %s", call.Type)
}

// attend lets neighbours answer what came, and tells whether there was anything.
func (c *Cluster) attend() bool {
	any := false
	for _, n := range c.neighbours {
		if n.busy || n.ended || len(n.events) == 0 && !n.closed {
			continue
		}
		any, n.busy = true, true
		n.answer()
		n.busy = false
	}
	return any
}

func (n *Neighbour) answer() {
	if n.closed {
		n.subscribe(n.principal[:len(n.principal)-len("-principal")])
	}
	for _, e := range n.Events() {
		switch e.Type {
		case scheduler.Event_ERROR:
			n.ended = true
		case scheduler.Event_OFFERS:
			for k := range e.Offers.Offers {
				n.consider(&e.Offers.Offers[k])
			}
		case scheduler.Event_UPDATE:
			n.hear(&e.Update.Status)
		}
	}
}

func (n *Neighbour) hear(s *mesos.TaskStatus) {
	agent := s.AgentID.GetValue()
	if s.UUID != nil {
		n.send(calls.Acknowledge(agent, s.TaskID.Value, s.UUID))
	}
	if s.TaskID.Value != n.tasks[agent] {
		return
	}
	switch s.GetState() {
	case mesos.TASK_GONE_BY_OPERATOR, mesos.TASK_LOST:
		delete(n.held, agent) // until its reservations are offered again
	case mesos.TASK_FINISHED, mesos.TASK_FAILED, mesos.TASK_KILLED, mesos.TASK_ERROR, mesos.TASK_DROPPED, mesos.TASK_GONE:
		n.held[agent] = false
	}
}

// consider uses an offer to launch again on its own reservations, or to make them, or declines it.
func (n *Neighbour) consider(o *mesos.Offer) {
	agent := o.AgentID.Value
	own, free := n.own(o), map[string]float64{}
	for _, r := range o.Resources {
		if len(r.Reservations) == 0 && r.Disk == nil {
			free[r.Name] += r.GetScalar().GetValue()
		}
	}
	var ops []mesos.Offer_Operation
	alive, known := n.held[agent]
	switch {
	case len(own) > 0 && !alive:
		ops = append(ops, n.launch(agent, own))
	case !known && len(n.held) < n.want && free["cpus"] >= neighbourCPUs && free["mem"] >= neighbourMem &&
		free["disk"] >= neighbourDisk+neighbourVolMB:
		ops, own = n.reserve(agent)
		ops = append(ops, n.launch(agent, own))
	default:
		n.send(calls.Decline(o.ID).With(calls.RefuseSeconds(neighbourRefuse)))
		return
	}
	n.held[agent] = true
	call := calls.Accept(calls.OfferOperations(ops).WithOffers(o.ID))
	call.Accept.Filters = &mesos.Filters{RefuseSeconds: new(neighbourRefuse.Seconds())}
	n.send(call)
}

// own is what an offer has of the neighbour's reservations, as operations name it.
func (n *Neighbour) own(o *mesos.Offer) []mesos.Resource {
	var list []mesos.Resource
	for _, r := range o.Resources {
		if len(r.Reservations) > 0 && slices.ContainsFunc(r.Reservations[len(r.Reservations)-1].GetLabels().GetLabels(), func(l mesos.Label) bool {
			return l.Key == "framework_id" && l.GetValue() == n.FrameworkID()
		}) {
			list = append(list, r)
		}
	}
	return list
}

func (n *Neighbour) reserve(agent string) (ops []mesos.Offer_Operation, own []mesos.Resource) {
	id := fmt.Sprintf("%s-%d", n.principal, n.launched+1)
	label := func(r mesos.Resource) mesos.Resource {
		r.Reservations = []mesos.Resource_ReservationInfo{{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: &n.role, Principal: &n.principal,
			Labels: &mesos.Labels{Labels: []mesos.Label{{Key: "framework_id", Value: new(n.FrameworkID())}, {Key: "resource_id", Value: new(id + "-" + r.Name)}}}}}
		return r
	}
	cpus, mem, disk := label(model.Scalar("cpus", neighbourCPUs)), label(model.Scalar("mem", neighbourMem)), label(model.Scalar("disk", neighbourDisk))
	plain := label(model.Scalar("disk", neighbourVolMB))
	volume := plain
	volume.Disk = &mesos.Resource_DiskInfo{Persistence: &mesos.Resource_DiskInfo_Persistence{ID: id, Principal: &n.principal},
		Volume: &mesos.Volume{ContainerPath: "data", Mode: mesos.RW.Enum()}}
	n.volumes = append(n.volumes, neighbourVolume{agent, id})
	return []mesos.Offer_Operation{calls.OpReserve(cpus, mem, disk, plain), calls.OpCreate(volume)}, []mesos.Resource{cpus, mem, disk, volume}
}

// launch runs a task on the neighbour's reservations; its executor takes a small part of them.
func (n *Neighbour) launch(agent string, own []mesos.Resource) mesos.Offer_Operation {
	n.launched++
	small := map[string]float64{"cpus": 0.1, "mem": 32, "disk": neighbourDisk}
	var executor, task []mesos.Resource
	for _, r := range own {
		amount, part := small[r.Name]
		if r.Disk != nil || !part {
			task = append(task, r)
			continue
		}
		first, rest := r, r
		first.Scalar, rest.Scalar = &mesos.Value_Scalar{Value: amount}, &mesos.Value_Scalar{Value: r.GetScalar().GetValue() - amount}
		executor = append(executor, first)
		if rest.Scalar.Value > 0 {
			task = append(task, rest)
		}
	}
	id := fmt.Sprintf("%s__%d", n.principal, n.launched)
	n.tasks[agent] = id
	return calls.OpLaunchGroup(mesos.ExecutorInfo{Type: mesos.ExecutorInfo_DEFAULT, ExecutorID: mesos.ExecutorID{Value: id},
		FrameworkID: &mesos.FrameworkID{Value: n.FrameworkID()}, Resources: executor},
		mesos.TaskInfo{Name: id, TaskID: mesos.TaskID{Value: id}, AgentID: mesos.AgentID{Value: agent}, Resources: task,
			Command: &mesos.CommandInfo{Value: new("sleep 1000")}})
}

// Alive counts the neighbour's tasks that run.
func (n *Neighbour) Alive() int {
	count := 0
	n.cluster.Model.EachProcess(func(t model.TaskView) bool {
		if t.FrameworkID == n.FrameworkID() && t.State == mesos.TASK_RUNNING {
			count++
		}
		return true
	})
	return count
}

// Missing returns the neighbour's volumes that are no longer there although their agent is. An operator or AgentLost may have taken
// them; nobody else may.
func (n *Neighbour) Missing() []string {
	there := map[string]bool{}
	for _, r := range n.cluster.Model.Reservations() {
		there[r.VolumeID] = true
	}
	known := map[string]bool{}
	n.cluster.Model.EachAgent(func(a model.AgentView) bool {
		known[a.ID] = true
		return true
	})
	var missing []string
	for _, v := range n.volumes {
		if known[v.agent] && !there[v.id] {
			missing = append(missing, v.id)
		}
	}
	return missing
}
