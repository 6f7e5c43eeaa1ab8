package core

import (
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// remakeAfter is how long a pod's agent has to offer less than the pod holds before the rest is reserved again. An
// executor that is ending gives its resources back within seconds.
const remakeAfter = time.Minute

// requirement turns a wanted launch into what it needs from an offer.
func (f *frame) requirement(work plans.Launch) (tasks.Requirement, bool) {
	target := f.Facts.Targets[work.TargetID]
	pod, spec, ok := target.Spec(work.Step.Pod, work.Step.Spec)
	if !ok {
		return tasks.Requirement{}, false
	}
	need := spec.Need
	need.Ports = nil
	for _, port := range spec.Ports {
		need.Ports = append(need.Ports, tasks.PortNeed{Name: port.Name, Port: port.Port})
	}
	requirement := tasks.Requirement{
		Pod: work.Step.Pod, Task: work.Step.Task, Executor: pod.Overhead, Main: need, Placement: local(pod.Placement, f.Link.Region),
		Others: f.others(work.Step.Pod), HostPorts: pod.Network == "",
		Leaving: f.leaving(), Role: target.Service.Role, Principal: target.Service.Principal, FrameworkID: f.Facts.FrameworkID,
	}
	if record := f.Facts.Records[work.Step.Task]; record != nil && !work.Fresh {
		requirement.AgentID, requirement.Held = record.Agent.ID, record.Held
		look, looked := f.Looks[record.Task]
		requirement.Remake = looked && f.Now.Sub(look.Since) >= remakeAfter
	}
	return requirement, true
}

// local keeps a pod in the master's own region unless its placement speaks of regions: being region-aware we are offered
// the agents of all of them (SDK, section 3.8).
func local(text, region string) string {
	if region == "" {
		return text
	}
	rule, err := placement.Parse(text)
	if err != nil {
		// Evaluation says what is wrong with it.
		return text
	}
	return rule.In(region).String()
}

// others are the places that placement rules count: every pod that holds a place, running or not, but the one that is
// being placed.
func (f *frame) others(pod tasks.Pod) []tasks.Placed {
	var placed []tasks.Placed
	for _, record := range f.Facts.Records {
		if record.Pod != pod && record.Agent.ID != "" {
			placed = append(placed, tasks.Placed{Pod: record.Pod, Task: record.Task, Agent: record.Agent})
		}
	}
	slices.SortFunc(placed, func(a, b tasks.Placed) int {
		if a.Task < b.Task {
			return -1
		}
		return 1
	})
	return placed
}

// joinList is what a node is told to join, and where a job looks for the database. With DNS names it names every pod of the target, so it never changes while
// pods move. With addresses it is the nodes known so far, and the node itself when it is the first.
func joinList(records map[string]*tasks.Record, target tasks.Target, self tasks.Record) []string {
	pod, ok := target.Pod(tasks.NodePod)
	if !ok {
		return nil
	}
	var join []string
	for index := range pod.Count {
		at := tasks.Pod{Type: pod.Type, Index: index}
		for _, spec := range pod.TasksOf(index) {
			if !spec.Database {
				continue
			}
			task := at.Task(spec.Name)
			record := records[task]
			if task == self.Task {
				record = &self
			}
			if address := nodeAddress(target, spec, task, record); address != "" {
				join = append(join, address)
			}
		}
		if len(join) > joinMost {
			break
		}
	}
	if target.Service.Discovery == tasks.DiscoverAddress && len(join) > 1 {
		// A node that knows others does not need itself.
		own := nodeAddress(target, tasks.TaskSpec{}, self.Task, &self)
		join = slices.DeleteFunc(join, func(address string) bool { return address == own })
	}
	return join[:min(len(join), joinMost)]
}

// joinMost is how many nodes a node is told to join. The database needs one that answers; a list of all of a thousand nodes in
// each of a thousand records makes the state 80 MB.
const joinMost = 16

func nodeAddress(target tasks.Target, spec tasks.TaskSpec, task string, record *tasks.Record) string {
	if target.Service.Discovery != tasks.DiscoverAddress {
		port := uint64(0)
		for _, p := range spec.Ports {
			if p.Name == "pg" {
				port = p.Port
			}
		}
		if record != nil && record.Ports["pg"] != 0 {
			port = record.Ports["pg"]
		}
		return net.JoinHostPort(target.Service.HostName(task), strconv.FormatUint(port, 10))
	}
	if record == nil || record.Ports["pg"] == 0 {
		return ""
	}
	host := record.Agent.IP
	if host == "" {
		host = record.Agent.Hostname
	}
	return net.JoinHostPort(host, strconv.FormatUint(record.Ports["pg"], 10))
}
