package model

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// TestRandomHistories does senseless things in a random order and looks after each that no resource was made or lost and that
// the master's books agree with the agents'.
func TestRandomHistories(t *testing.T) {
	for seed := range int64(60) {
		h := newHistory(seed)
		for step := range 250 {
			what := h.step()
			if problem := h.check(); problem != "" {
				t.Fatalf("seed %d, step %d (%s): %s", seed, step, what, problem)
			}
		}
	}
}

type history struct {
	m       *Model
	now     time.Time
	random  *rand.Rand
	stream  string
	id      string
	offers  []mesos.Offer
	updates []mesos.TaskStatus
	running []LaunchGroup
	count   int
}

func newHistory(seed int64) *history {
	h := &history{m: New(Options{Seed: seed}), random: rand.New(rand.NewSource(seed)), now: time.Unix(1_700_000_000, 0)}
	for n := range 4 {
		h.m.AddAgent(h.now, AgentSpec{Hostname: fmt.Sprint("host", n), IP: fmt.Sprint("10.0.0.", n), Resources: []mesos.Resource{
			Scalar("cpus", 4), Scalar("mem", 1024), Scalar("disk", 1000), Ports(1, 100), MountDisk("/m", 500)}})
	}
	h.subscribe()
	return h
}

func (h *history) subscribe() {
	role, principal := "r", "p"
	yes, timeout := true, 1e6
	info := &mesos.FrameworkInfo{User: "u", Name: "n", Roles: []string{role}, Principal: &principal, Checkpoint: &yes, FailoverTimeout: &timeout}
	for _, c := range []mesos.FrameworkInfo_Capability_Type{mesos.FrameworkInfo_Capability_MULTI_ROLE,
		mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT, mesos.FrameworkInfo_Capability_PARTITION_AWARE} {
		info.Capabilities = append(info.Capabilities, mesos.FrameworkInfo_Capability{Type: c})
	}
	call := &scheduler.Call{Type: scheduler.Call_SUBSCRIBE, Subscribe: &scheduler.Call_Subscribe{FrameworkInfo: info}}
	if h.id != "" {
		call.FrameworkID = &mesos.FrameworkID{Value: h.id}
		info.ID = call.FrameworkID
	}
	h.offers, h.updates = nil, nil
	h.stream, _ = h.m.Subscribe(h.now, call)
	h.collect()
}

func (h *history) collect() {
	for _, out := range h.m.Outputs() {
		switch o := out.(type) {
		case EventTo:
			if o.StreamID != h.stream {
				continue
			}
			switch o.Event.Type {
			case scheduler.Event_SUBSCRIBED:
				h.id = o.Event.Subscribed.FrameworkID.Value
			case scheduler.Event_OFFERS:
				h.offers = append(h.offers, o.Event.Offers.Offers...)
			case scheduler.Event_UPDATE:
				h.updates = append(h.updates, o.Event.Update.Status)
			}
		case LaunchGroup:
			h.running = append(h.running, o)
		}
	}
}

func (h *history) agentID() string {
	if len(h.m.agentOrder) == 0 {
		return ""
	}
	return h.m.agentOrder[h.random.Intn(len(h.m.agentOrder))].id
}

func (h *history) call(c *scheduler.Call) {
	c.FrameworkID = &mesos.FrameworkID{Value: h.id}
	h.m.Call(h.now, h.stream, c) // a refusal is as good as an acceptance here
}

// step does one thing and names it.
func (h *history) step() string {
	defer h.collect()
	switch h.random.Intn(20) {
	case 0:
		id := h.agentID()
		return fmt.Sprint("agent down ", h.m.AgentDown(h.now, id))
	case 1, 2:
		id := h.agentID()
		return fmt.Sprint("agent return ", h.m.AgentReturn(h.now, id))
	case 3:
		return fmt.Sprint("agent reboot ", h.m.AgentReboot(h.now, h.agentID()))
	case 4:
		if h.random.Intn(4) == 0 {
			return fmt.Sprint("agent removed ", h.m.AgentRemoved(h.now, h.agentID()))
		}
		_, err := h.m.AgentLost(h.now, h.agentID())
		return fmt.Sprint("agent lost ", err)
	case 5:
		if h.random.Intn(3) == 0 {
			h.m.MasterFailover(h.now, "")
		}
		h.subscribe()
		return "fail-over"
	case 6:
		h.m.Reserve(h.now, h.agentID(), []mesos.Resource{reservedFor(Scalar("disk", 10))})
		return "operator reserves"
	case 7:
		h.call(&scheduler.Call{Type: scheduler.Call_REVIVE})
		return "revive"
	case 8, 9, 10:
		return h.accept()
	case 11, 12:
		for n := range h.updates {
			if s := h.updates[n]; s.UUID != nil && h.random.Intn(2) == 0 {
				h.call(&scheduler.Call{Type: scheduler.Call_ACKNOWLEDGE, Acknowledge: &scheduler.Call_Acknowledge{
					AgentID: *s.AgentID, TaskID: s.TaskID, UUID: s.UUID}})
			}
		}
		return "acknowledge"
	case 16, 17, 18, 19:
		return h.fault()
	case 13:
		if len(h.running) > 0 {
			l := h.running[h.random.Intn(len(h.running))]
			return fmt.Sprint("executor exits ", h.m.ExecutorExited(h.now, l.AgentID, l.FrameworkID, l.Executor.ExecutorID.Value, 0))
		}
	case 14:
		if len(h.running) > 0 {
			l := h.running[h.random.Intn(len(h.running))]
			states := []mesos.TaskState{mesos.TASK_STARTING, mesos.TASK_RUNNING, mesos.TASK_FAILED}
			err := h.m.TaskStatus(h.now, l.AgentID, l.FrameworkID, mesos.TaskStatus{TaskID: l.Tasks[0].TaskID, State: &states[h.random.Intn(3)]})
			return fmt.Sprint("status ", err)
		}
	}
	h.now = h.now.Add(time.Duration(h.random.Intn(100)) * time.Second)
	h.m.Advance(h.now)
	return "time"
}

func reservedFor(r mesos.Resource) mesos.Resource {
	role, principal := "r", "p"
	r.Reservations = []mesos.Resource_ReservationInfo{{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: &role, Principal: &principal}}
	return r
}

// accept uses a random offer, valid or not, for operations that may or may not fit.
func (h *history) accept() string {
	if len(h.offers) == 0 {
		return "no offer"
	}
	offer := h.offers[h.random.Intn(len(h.offers))]
	h.count++
	id := fmt.Sprint("t", h.count)
	plain := reservedFor(Scalar("disk", 20))
	data := plain
	data.Disk = &mesos.Resource_DiskInfo{Persistence: &mesos.Resource_DiskInfo_Persistence{ID: id, Principal: plain.Reservations[0].Principal},
		Volume: &mesos.Volume{ContainerPath: "data", Mode: mesos.RW.Enum()}}
	value := "true"
	task := mesos.TaskInfo{Name: id, TaskID: mesos.TaskID{Value: id}, AgentID: offer.AgentID, Command: &mesos.CommandInfo{Value: &value},
		Resources: []mesos.Resource{Scalar("cpus", float64(h.random.Intn(20))/10), Ports(uint64(h.random.Intn(100)+1), 100), data}}
	executor := mesos.ExecutorInfo{Type: mesos.ExecutorInfo_DEFAULT, ExecutorID: mesos.ExecutorID{Value: fmt.Sprint("e", h.count/2)},
		FrameworkID: &mesos.FrameworkID{Value: h.id}, Resources: []mesos.Resource{Scalar("cpus", 0.1), Scalar("mem", 32), Scalar("disk", 1)}}
	ops := []mesos.Offer_Operation{
		{Type: mesos.Offer_Operation_RESERVE, Reserve: &mesos.Offer_Operation_Reserve{Resources: []mesos.Resource{plain}}},
		{Type: mesos.Offer_Operation_CREATE, Create: &mesos.Offer_Operation_Create{Volumes: []mesos.Resource{data}}},
		{Type: mesos.Offer_Operation_LAUNCH_GROUP, LaunchGroup: &mesos.Offer_Operation_LaunchGroup{Executor: executor,
			TaskGroup: mesos.TaskGroupInfo{Tasks: []mesos.TaskInfo{task}}}},
		{Type: mesos.Offer_Operation_DESTROY, Destroy: &mesos.Offer_Operation_Destroy{Volumes: []mesos.Resource{data}}},
		{Type: mesos.Offer_Operation_UNRESERVE, Unreserve: &mesos.Offer_Operation_Unreserve{Resources: []mesos.Resource{plain}}},
	}
	h.call(&scheduler.Call{Type: scheduler.Call_ACCEPT, Accept: &scheduler.Call_Accept{
		OfferIDs: []mesos.OfferID{offer.ID}, Operations: ops[h.random.Intn(3) : h.random.Intn(3)+3]}})
	return "accept"
}

// fault is any of what fault.go has.
func (h *history) fault() string {
	agent, few := h.agentID(), h.random.Intn(3)
	faults := []Fault{Down(agent), Return(agent), NewID(agent, true), Drain(agent, time.Duration(few)*time.Second, few == 0), Reactivate(agent),
		Away(agent, time.Minute, time.Duration(few)*time.Hour), Stay(agent), Strip(agent, labelFramework, ""), Wipe(agent, labelFramework, ""),
		RescindOffers(agent), RescindOffers(""), RescindNext(few), LoseUpdates(few), RepeatUpdates(), SlowOffers(time.Duration(1+few) * time.Second)}
	n := h.random.Intn(len(faults))
	return fmt.Sprint("fault ", n, " ", faults[n](h.m, h.now))
}

// check returns the first thing that does not add up.
func (h *history) check() string {
	for _, a := range h.m.agentOrder {
		if !a.isRegistered() {
			continue
		}
		used := pile.Pile{}
		for _, e := range a.executors {
			used = used.Plus(e.resources)
			for _, t := range e.tasks {
				if !t.released {
					used = used.Plus(t.resources)
				}
			}
		}
		for _, t := range a.orphans {
			if !t.released {
				used = used.Plus(t.resources)
			}
		}
		for _, o := range a.offers {
			used = used.Plus(o.resources)
		}
		sum := used.Plus(a.free)
		if !sum.Contains(a.total) || !a.total.Contains(sum) {
			return fmt.Sprintf("agent %s has %s, but used, offered and free are %s", a.id, a.total.Text(""), sum.Text(""))
		}
		if disk := a.total.Scalar("disk"); math.Abs(disk-1500) > 0.001 {
			return fmt.Sprintf("agent %s has %v disk", a.id, disk)
		}
	}
	for _, f := range h.m.frameworkOrder {
		for id, t := range f.tasks {
			if t.agent.task(f.id, id) != t {
				return fmt.Sprintf("the master knows task %s, agent %s does not", id, t.agent.id)
			}
		}
	}
	return ""
}
