package takeovertest

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Style is how a release of the SDK writes things.
type Style struct {
	// Custom tasks run under the SDK's own executor (0.20 on DC/OS 1.9); otherwise under Mesos' default executor.
	Custom bool
	// Refined reservations are a stack (DC/OS 1.10 and later); otherwise role and reservation.
	Refined bool
	// Prefixed task ids begin with the service's name (0.50 and later).
	Prefixed bool
	// FrameworkLabel is written on reservations (0.57 and later).
	FrameworkLabel bool
}

// The styles of three ages.
var (
	SDK20Custom = Style{Custom: true}
	SDK20       = Style{Refined: true}
	SDK57       = Style{Refined: true, Prefixed: true, FrameworkLabel: true}
)

// Ids and names of every service that New makes.
const (
	Framework = "7f3c1e1a-0000-4000-8000-000000000001-0003"
	Config    = "11111111-1111-4111-8111-111111111111"
	OldConfig = "22222222-2222-4222-8222-222222222222"
)

// Service is an installation; tests change it before Tree.
type Service struct {
	Style     Style
	Name      string
	Role      string
	Principal string
	// User is written into the configuration; empty leaves it out, as old releases did.
	User    string
	Version string
	Tasks   []*Task
	// Properties by key; Extra are further nodes by path, and win.
	Properties map[string]string
	Extra      map[string]string
	// Without are nodes that are left out.
	Without []string
}

// Task is one entry under Tasks.
type Task struct {
	Pod   string
	Index int
	Spec  string
	// ID is empty for a task that was never launched.
	ID       string
	Agent    string
	Host     string
	IP       string
	Config   string
	State    mesos.TaskState
	Ready    bool
	NoStatus bool
	Network  string
	Override string
	Labels   map[string]string
	Ports    []Port
	// Held are the task's reservations, Executor those of its executor.
	Held, Executor []Amount
	// Set is the resource set whose ids Held take: siblings share one.
	Set string
}

// Port is a named port.
type Port struct {
	Name   string
	Number uint64
}

// Amount is a reservation: CPUs, memory, disk, a port or a volume.
type Amount struct {
	Kind string
	// Value is an amount, or a port's number.
	Value float64
	// Volume is the container path, for a persistent volume; Mount is the path of its own disk, if it is on one.
	Volume, Mount string
}

// FullName is the name of the task's instance.
func (t *Task) FullName() string { return fmt.Sprintf("%s-%d-%s", t.Pod, t.Index, t.Spec) }

// New is a healthy service of so many nodes, with the metrics pod, and with an admin pod that once made a backup.
func New(style Style, nodes int) *Service {
	s := &Service{Style: style, Name: "cockroachdb", Role: "cockroachdb-role", Principal: "cockroachdb-principal", Version: "v2.0.1",
		Properties: map[string]string{"last-completed-update-type": "DEPLOY", "suppressed": "true"}}
	for i := range nodes {
		runs, sibling := "node-join", "node-init"
		if i == 0 {
			runs, sibling = sibling, runs
		}
		for _, spec := range []string{runs, sibling} {
			task := s.place(&Task{Pod: "cockroachdb", Index: i, Spec: spec, Set: fmt.Sprintf("node-%d", i),
				Ports: []Port{{"http", 8123}, {"pg", 26257}},
				Held:  []Amount{{Kind: "cpus", Value: 1}, {Kind: "mem", Value: 3000}, {Kind: "ports", Value: 8123}, {Kind: "ports", Value: 26257}, {Kind: "disk", Value: 5000, Volume: "cockroach-data"}}})
			if spec == runs {
				s.launch(task)
			}
		}
	}
	s.launch(s.place(&Task{Pod: "metrics", Spec: "server", Set: "metrics-0", Held: []Amount{{Kind: "cpus", Value: 1}, {Kind: "mem", Value: 1000}}}))
	backup := s.place(&Task{Pod: "admin", Spec: "backup", Set: "admin-0",
		Held: []Amount{{Kind: "cpus", Value: 1}, {Kind: "mem", Value: 1000}, {Kind: "disk", Value: 5000, Volume: "cockroach-backup"}}})
	s.launch(backup)
	backup.State, backup.Ready = mesos.TASK_FINISHED, false
	s.place(&Task{Pod: "admin", Spec: "restore", Set: "admin-0", Held: backup.Held})
	return s
}

func (s *Service) place(t *Task) *Task {
	number := t.Index
	if t.Pod != "cockroachdb" {
		number = 0
	}
	t.Agent, t.Host, t.IP, t.Config = fmt.Sprintf("agent-S%d", number), fmt.Sprintf("host-%d", number), fmt.Sprintf("10.0.0.%d", number), Config
	if !s.Style.Custom {
		t.Executor = []Amount{{Kind: "cpus", Value: 0.1}, {Kind: "mem", Value: 32}, {Kind: "disk", Value: 256}}
	}
	s.Tasks = append(s.Tasks, t)
	return t
}

func (s *Service) launch(t *Task) {
	t.ID = t.FullName() + "__" + fmt.Sprintf("%08d-0000-4000-8000-000000000000", len(s.Tasks))
	if s.Style.Prefixed {
		t.ID = s.Name + "__" + t.ID
	}
	t.State, t.Ready = mesos.TASK_RUNNING, true
}

// Task finds a task by its full name; it panics when there is none.
func (s *Service) Task(name string) *Task {
	for _, task := range s.Tasks {
		if task.FullName() == name {
			return task
		}
	}
	panic("no task " + name)
}
