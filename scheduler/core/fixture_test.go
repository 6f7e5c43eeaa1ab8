package core

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

var backOff = BackOff{First: 5 * time.Second, Factor: 2, Most: 5 * time.Minute}

// nodes are the tasks of the target, by their index.
var nodes = []string{"cockroachdb-0-node-init", "cockroachdb-1-node-join", "cockroachdb-2-node-join"}

// target is a service of three nodes.
func target() tasks.Target {
	port := []tasks.PortSpec{{Name: "pg", Port: 26257}}
	return tasks.Target{ID: "t1", Service: tasks.Service{Name: "cockroachdb", Role: "our-role", Principal: "p", User: "root",
		Discovery: tasks.DiscoverAddress, TaskDomain: "autoip.example", API: "scheduler:80"},
		Pods: []tasks.PodSpec{{Type: tasks.NodePod, Count: 3, Placement: "hostname:UNIQUE", Tasks: []tasks.TaskSpec{
			{Name: "node-init", Goal: tasks.GoalRunning, Instances: tasks.FirstInstance, Database: true, Ports: port, Need: tasks.Need{CPUs: tasks.Whole(1)}},
			{Name: "node-join", Goal: tasks.GoalRunning, Instances: tasks.OtherInstance, Database: true, Ports: port, Need: tasks.Need{CPUs: tasks.Whole(1)}},
		}}, {Type: tasks.AdminPod, Count: 1, Tasks: []tasks.TaskSpec{job(tasks.JobBackup), job(tasks.JobRestore), job(tasks.JobVerify)}}}}
}

func job(kind tasks.JobKind) tasks.TaskSpec {
	return tasks.TaskSpec{Name: string(kind), Goal: tasks.GoalOnce, Instances: tasks.EveryInstance, Need: tasks.Need{CPUs: tasks.Whole(1)}, KillGrace: time.Minute}
}

// node is the record of a node in a state. A running one has a readiness check that passed.
func node(index int, state tasks.State, change ...func(*tasks.Record)) *tasks.Record {
	pod := tasks.Pod{Type: tasks.NodePod, Index: index}
	spec := "node-join"
	if index == 0 {
		spec = "node-init"
	}
	agent := fmt.Sprint("A", index)
	record := &tasks.Record{Schema: tasks.RecordSchema, Pod: pod, Spec: spec, Task: pod.Task(spec), TaskID: fmt.Sprint("id", index),
		TargetID: "t1", Agent: tasks.Agent{ID: agent, Hostname: "host-" + agent, IP: fmt.Sprint("10.0.0.", index)},
		Ports: map[string]uint64{"pg": 26257}, Launched: noon, Confirmed: true, Reached: true, Held: held(agent),
		Status: tasks.Status{State: state, Since: noon, At: noon}}
	if state == tasks.Running {
		record.Status.HasCheck, record.Status.CheckExit, record.ReadyAt = true, new(int32(0)), noon
	}
	for _, do := range change {
		do(record)
	}
	return record
}

func unconfirmed(r *tasks.Record) { r.Confirmed, r.Reached = false, false }
func unready(r *tasks.Record)     { r.Reached, r.Status.CheckExit = false, nil }

// held are the reservations of a node on an agent: CPUs, and the port.
func held(agent string) []tasks.Held {
	return []tasks.Held{
		{For: tasks.ForTask, Resource: reserved(tasks.Resource{Kind: tasks.CPUs, Scalar: tasks.Whole(1)}, "f1", "cpus-"+agent)},
		{For: tasks.ForTask, Port: "pg", Resource: reserved(tasks.Resource{Kind: tasks.Ports,
			Ranges: []tasks.PortRange{{Begin: 26257, End: 26257}}}, "f1", "port-"+agent)},
	}
}

func reserved(r tasks.Resource, framework, id string) tasks.Resource {
	r.AllocatedTo = "our-role"
	r.Reservations = []tasks.Reservation{{Dynamic: true, Role: "our-role", Principal: "p", Labels: []tasks.Label{
		{Key: tasks.LabelResourceID, Value: id}, {Key: tasks.LabelFrameworkID, Value: framework}}}}
	return r
}

// room offers room for a node on agent A<index>.
func room(index int, cpus int64) offers.Offer {
	agent := fmt.Sprint("A", index)
	return offers.Offer{IDs: []string{fmt.Sprint("o", index)}, Agent: tasks.Agent{ID: agent, Hostname: "host-" + agent, IP: fmt.Sprint("10.0.0.", index)},
		Resources: []tasks.Resource{{Kind: tasks.CPUs, Scalar: tasks.Whole(cpus), AllocatedTo: "our-role"},
			{Kind: tasks.Ports, Ranges: []tasks.PortRange{{Begin: 26000, End: 27000}}, AllocatedTo: "our-role"}}}
}

// back offers what a node holds.
func back(record *tasks.Record) offers.Offer {
	offer := offers.Offer{IDs: []string{"back-" + record.Agent.ID}, Agent: record.Agent}
	for _, one := range record.Held {
		offer.Resources = append(offer.Resources, one.Resource)
	}
	return offer
}

// life is a state that takes events, and the clock.
type life struct {
	t     *testing.T
	state State
	now   time.Time
	seed  uint64
}

// facts are those of a service that was deployed with these records.
func facts(records ...*tasks.Record) Facts {
	f := Facts{FrameworkID: "f1", TargetID: "t1", Targets: map[string]tasks.Target{"t1": target()}, Records: map[string]*tasks.Record{},
		Cluster: Cluster{Initialised: true}, Deployed: true, Hands: map[string]plans.Hand{}, Jobs: map[string]tasks.Job{}, Vacated: map[string]*Vacated{}}
	for _, record := range records {
		f.Records[record.Task] = record
	}
	return f
}

// begin is a process that has just started on these facts.
func begin(t *testing.T, stored Facts) *life {
	t.Helper()
	state, effects := Start(stored, target(), "t2", noon, Settings{BackOff: backOff})
	if len(effects) > 0 {
		t.Fatalf("the start does something: %v", describe(effects))
	}
	return &life{t: t, state: state, now: noon}
}

// quiet is a process that is subscribed, reconciled, and done with its first sweep: what follows is the event's.
func quiet(t *testing.T, stored Facts) *life {
	t.Helper()
	l := begin(t, stored)
	l.take(Subscribed{FrameworkID: "f1", MasterID: "m1", MasterVersion: "1.11.0"})
	l.state.Reconcile.Waiting, l.state.Flow.Sweep = map[string]string{}, time.Time{}
	l.take(Tick{})
	return l
}

// take is one frame. The effects come as text, log lines left out.
func (l *life) take(event Event) []string {
	l.seed++
	in := Input{Now: l.now, Event: event}
	binary.BigEndian.PutUint64(in.Seed[:], l.seed)
	state, effects := Frame(l.state, in)
	l.state = state
	return describe(effects)
}

// ticks lets time pass, a tick a second, and gives what happened with the seconds since the start.
func (l *life) ticks(seconds int) []string {
	var happened []string
	began := l.now
	for range seconds {
		l.now = l.now.Add(time.Second)
		for _, line := range l.take(Tick{}) {
			happened = append(happened, fmt.Sprintf("%d %s", l.now.Sub(began)/time.Second, line))
		}
	}
	return happened
}

// reconcile subscribes and answers for each task with what is known of it. It gives the effects of the last answer, or of
// the subscription when there is nothing to answer.
func (l *life) reconcile() []string {
	got := l.take(subscribe)
	for _, name := range nodes {
		if record := l.state.Facts.Records[name]; record != nil && l.state.Reconcile.Waiting[record.TaskID] != "" {
			got = l.take(bare(update(record.TaskID, record.Status.State)))
		}
	}
	return got
}

func (l *life) record(index int) *tasks.Record { return l.state.Facts.Records[nodes[index]] }

func update(taskID string, state tasks.State, change ...func(*tasks.Status)) Updated {
	status := tasks.Status{State: state, At: noon}
	for _, do := range change {
		do(&status)
	}
	return Updated{TaskID: taskID, AgentID: "A" + strings.TrimPrefix(taskID, "id"), Status: status, UUID: []byte("u")}
}

// bare is an update that the master made itself: it has no UUID and wants no answer.
func bare(u Updated) Updated {
	u.UUID = nil
	return u
}

func passed(s *tasks.Status) { s.HasCheck, s.CheckExit = true, new(int32(0)) }
func failed(s *tasks.Status) { s.HasCheck, s.CheckExit = true, new(int32(1)) }

// describe is a frame's effects as text.
func describe(effects []Effect) []string {
	var lines []string
	for _, effect := range effects {
		switch e := effect.(type) {
		case Write:
			// The pages of the journal leave with every write; tests look at what they leave with.
			keys := slices.DeleteFunc(slices.Sorted(maps.Keys(e.Set)), func(key string) bool { return strings.HasPrefix(key, keyJournal) })
			for _, key := range slices.Sorted(slices.Values(e.Delete)) {
				keys = append(keys, "-"+key)
			}
			lines = append(lines, "write "+strings.Join(keys, " "))
		case Send:
			lines = append(lines, call(e.Call))
		case Reply:
			lines = append(lines, fmt.Sprintf("reply %d to %d", e.Code, e.Request))
		case Exit:
			lines = append(lines, fmt.Sprintf("exit %d", e.Code))
		case Leave:
			lines = append(lines, "leave")
		}
	}
	return lines
}

func call(c Call) string {
	switch c := c.(type) {
	case Accept:
		text := "accept " + strings.Join(c.OfferIDs, "+")
		for _, list := range []struct {
			name      string
			resources []tasks.Resource
		}{{"destroy", c.Destroy}, {"unreserve", c.Unreserve}, {"reserve", c.Reserve}} {
			if len(list.resources) > 0 {
				text += fmt.Sprintf(" %s %d", list.name, len(list.resources))
			}
		}
		if c.Launch != nil {
			text += " launch " + c.Launch.Record.Task
		}
		return text + " rest " + c.Refuse.String()
	case Decline:
		return "decline " + strings.Join(c.OfferIDs, "+") + " " + c.Refuse.String()
	case Kill:
		return "kill " + c.TaskID + " on " + c.AgentID
	case Reconcile:
		text := "reconcile"
		for _, task := range c.Tasks {
			text += " " + task.TaskID + "@" + task.AgentID
		}
		return text
	case Acknowledge:
		return "ack " + c.TaskID
	case AnswerInverse:
		return fmt.Sprintf("inverse %s %t %s", c.OfferID, c.Agree, c.Refuse)
	}
	return strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", c), "core."))
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
