package takeover

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Report is what a takeover finds and does, for people and programs.
type Report struct {
	Service       string `json:"service"`
	FrameworkID   string `json:"frameworkId"`
	Configuration string `json:"configuration"`
	// Tasks are adopted as they are.
	Tasks []Task `json:"tasks"`
	// Stopped run under the framework, hold no data and have no place in this service.
	Stopped []string `json:"stopped,omitempty"`
	// Leftovers are reservations that belong to no adopted task.
	Leftovers []Leftover `json:"leftovers,omitempty"`
	// Added are tasks that the settings want and that are launched afterwards.
	Added []string `json:"added,omitempty"`
	// Differences come into force when a task is next launched.
	Differences []Difference `json:"differences,omitempty"`
	// Room is what an agent must have free, beyond what the task holds, when it is next launched there.
	Room []string `json:"room,omitempty"`
	// Refused is why nothing is taken over.
	Refused []tasks.Fault `json:"refused,omitempty"`
}

// Task is one that is adopted.
type Task struct {
	Task          string            `json:"task"`
	TaskID        string            `json:"taskId"`
	Agent         string            `json:"agent"`
	Host          string            `json:"host,omitempty"`
	State         string            `json:"state"`
	Ready         bool              `json:"ready"`
	Executor      string            `json:"executor"`
	Version       string            `json:"version,omitempty"`
	Volume        string            `json:"volume,omitempty"`
	VolumeMB      string            `json:"volumeMB,omitempty"`
	Ports         map[string]uint64 `json:"ports,omitempty"`
	Configuration string            `json:"configuration,omitempty"`
}

// Leftover is what a task holds that no adopted task does.
type Leftover struct {
	Task      string   `json:"task"`
	Agent     string   `json:"agent"`
	Resources int      `json:"resources"`
	Volumes   []string `json:"volumes,omitempty"`
}

// Difference is one thing that runs other than the settings ask.
type Difference struct {
	What  string   `json:"what"`
	Now   string   `json:"now"`
	Then  string   `json:"then"`
	Tasks []string `json:"tasks"`
}

// OnlyLocked says that nothing stands in the way but the former scheduler's lock, which goes with its process.
func (r Report) OnlyLocked() bool { return len(r.Refused) == 1 && r.Refused[0].Field == fieldLock }

func reportOf(in installation, target tasks.Target, facts core.Facts, rest []stored) Report {
	report := Report{Service: target.Service.Name, FrameworkID: in.framework, Configuration: in.configID, Tasks: []Task{},
		Added: missing(target, facts.Records)}
	left := map[string]bool{}
	for _, id := range facts.Inherited.Leftovers {
		left[id] = true
	}
	for _, s := range in.tasks {
		if record := facts.Records[s.name]; record != nil {
			report.Tasks = append(report.Tasks, taskOf(s, in, record))
			compare(&report, s, record, target)
		}
	}
	for _, s := range rest {
		if kindOf(s, target) == stopped {
			report.Stopped = append(report.Stopped, s.name)
		}
		over := Leftover{Task: s.name, Agent: s.info.AgentID.Value}
		for _, one := range held(s, ports(s)) {
			if !left[one.ID()] {
				continue
			}
			delete(left, one.ID()) // siblings share resources
			over.Resources++
			if id := one.Resource.PersistenceID(); id != "" {
				over.Volumes = append(over.Volumes, id)
			}
		}
		if over.Resources > 0 {
			report.Leftovers = append(report.Leftovers, over)
		}
	}
	return report
}

func taskOf(s stored, in installation, record *tasks.Record) Task {
	one := Task{Task: s.name, TaskID: record.TaskID, Agent: record.Agent.ID, Host: record.Agent.Hostname, State: string(record.Status.State),
		Ready: record.Ready(), Executor: "custom", Volume: record.VolumeID(), Ports: record.Ports}
	if s.info.GetExecutor().GetType().String() == "DEFAULT" {
		one.Executor = "default"
	}
	if record.Pod.Type == tasks.NodePod {
		one.Version = version(s, in).String()
	}
	for _, held := range record.Held {
		if held.Resource.PersistenceID() != "" {
			one.VolumeMB = held.Resource.Scalar.String()
		}
	}
	if s.config != in.configID {
		one.Configuration = s.config
	}
	return one
}

// compare notes what the task's next launch brings.
func compare(report *Report, s stored, record *tasks.Record, target tasks.Target) {
	pod, spec, _ := target.Spec(record.Pod, record.Spec)
	differs := func(what, now, then string) {
		if now == then {
			return
		}
		for i := range report.Differences {
			if one := &report.Differences[i]; one.What == what && one.Now == now && one.Then == then {
				one.Tasks = append(one.Tasks, s.name)
				return
			}
		}
		report.Differences = append(report.Differences, Difference{What: what, Now: now, Then: then, Tasks: []string{s.name}})
	}
	amount := func(holder tasks.Holder, kind string) (sum tasks.Milli) {
		for _, held := range record.Held {
			if held.For == holder && held.Resource.Kind == kind && held.Resource.PersistenceID() == "" {
				sum += held.Resource.Scalar
			}
		}
		return sum
	}
	more := map[string]tasks.Milli{}
	for _, one := range []struct {
		name   string
		holder tasks.Holder
		need   tasks.Need
	}{{"", tasks.ForTask, spec.Need}, {"executor's ", tasks.ForExecutor, pod.Overhead}} {
		for _, kind := range []struct {
			kind, what string
			want       tasks.Milli
		}{{tasks.CPUs, "CPUs", one.need.CPUs}, {tasks.Mem, "memory in MB", one.need.Mem}, {tasks.Disk, "sandbox in MB", one.need.Disk}} {
			has := amount(one.holder, kind.kind)
			differs(one.name+kind.what, has.String(), kind.want.String())
			more[kind.kind] += max(kind.want-has, 0)
		}
	}
	for _, port := range spec.Ports {
		if port.Port != 0 {
			differs("port "+port.Name, fmt.Sprint(record.Ports[port.Name]), fmt.Sprint(port.Port))
		}
	}
	differs("command", "that of the former service", spec.Command)
	var room []string
	for _, kind := range slices.Sorted(maps.Keys(more)) {
		if more[kind] > 0 {
			room = append(room, kind+" "+more[kind].String())
		}
	}
	if len(room) > 0 {
		report.Room = append(report.Room, fmt.Sprintf("%s on %s: %s", s.name, record.Agent.Hostname, strings.Join(room, ", ")))
	}
}
