package tasks

import "time"

// Target is what the operator asked for, made from the scheduler's environment. It is stored whole under its id, so
// that a task can be launched again under the target that it was launched with.
type Target struct {
	// ID is a UUID; it takes no part in comparing targets.
	ID      string    `json:"id"`
	Service Service   `json:"service"`
	Pods    []PodSpec `json:"pods"`
}

// Service holds what all pods share.
type Service struct {
	// Name may be a path: /team/crdb.
	Name      string `json:"name"`
	Role      string `json:"role"`
	Principal string `json:"principal"`
	// User runs the tasks on the agents.
	User string `json:"user"`
	// Discovery is how nodes find each other: autoip, mesos-dns or address.
	Discovery string `json:"discovery"`
	// TaskDomain ends the names of tasks (autoip.dcos.thisdcos.directory), VIPDomain those of virtual addresses.
	TaskDomain string `json:"task_domain"`
	VIPDomain  string `json:"vip_domain"`
	// API is the host:port at which tasks reach the scheduler.
	API string `json:"api"`
	// APITLS says that the scheduler is spoken to by https there, APICA the certificates (PEM) that its own is checked with; empty
	// means the agents' own authorities. Like API they say where the scheduler is, and restart nothing.
	APITLS bool   `json:"api_tls,omitempty"`
	APICA  string `json:"api_ca,omitempty"`
	// Zookeeper is shown in /v1/configurations as the SDK shows it.
	Zookeeper string `json:"zookeeper,omitempty"`
	WebURL    string `json:"web_url,omitempty"`
	// Secure has everything speak TLS: nodes with each other and with clients, and their HTTP ports. Nodes that do and nodes
	// that do not cannot be in one cluster.
	Secure bool `json:"secure,omitempty"`
}

// Ways of discovery.
const (
	DiscoverAutoIP   = "autoip"
	DiscoverMesosDNS = "mesos-dns"
	DiscoverAddress  = "address"
)

// Strategy is an order of deployment.
type Strategy string

// Serial deploys an instance once the one before is ready, Parallel all at once.
const (
	Serial   Strategy = ""
	Parallel Strategy = "parallel"
)

// PodSpec is a pod type and how many instances of it are wanted.
type PodSpec struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
	// Placement is the constraint as the operator wrote it; empty means anywhere.
	Placement string `json:"placement,omitempty"`
	// Strategy is the order in which instances are first deployed; empty means serial. It restarts nothing.
	Strategy Strategy `json:"strategy,omitempty"`
	// Network is the name of a virtual network; empty means the agent's own.
	Network string `json:"network,omitempty"`
	// Overhead is what the executor takes beside the task.
	Overhead Need       `json:"overhead"`
	URIs     []URI      `json:"uris,omitempty"`
	Tasks    []TaskSpec `json:"tasks"`
}

// URI is fetched into the sandbox before the task starts.
type URI struct {
	Value string `json:"value,omitempty"`
	// Artifact is fetched from the scheduler itself, under /v1/artifacts, and stands in place of Value: the target
	// stays the same when the scheduler moves.
	Artifact   string `json:"artifact,omitempty"`
	Extract    bool   `json:"extract,omitempty"`
	Executable bool   `json:"executable,omitempty"`
	Cache      bool   `json:"cache,omitempty"`
	// OutputFile is the name in the sandbox; empty keeps the last element of the URI's path.
	OutputFile string `json:"output_file,omitempty"`
}

// Scheduler is the URL at which tasks reach the scheduler.
func (s Service) Scheduler() string {
	if s.APITLS {
		return "https://" + s.API
	}
	return "http://" + s.API
}

// Fetch is the address that a URI is fetched from; an artifact comes from the scheduler itself, wherever that is now. That is
// plain HTTP even where the API speaks TLS: Mesos' fetcher trusts what the agent's curl trusts, and cannot be told of our
// authority. Who can change what travels there can change what the agent runs.
func (s Service) Fetch(uri URI) string {
	if uri.Artifact == "" {
		return uri.Value
	}
	return "http://" + s.API + "/v1/artifacts/" + uri.Artifact
}

// Goal is when a task is done.
type Goal string

// Goals, as the SDK has them: a running task is kept running, the others end.
const (
	GoalRunning Goal = "RUNNING"
	GoalFinish  Goal = "FINISH"
	GoalOnce    Goal = "ONCE"
)

// Instances says which instances of a pod type a task belongs to.
type Instances string

// Node 0 runs node-init, every other node node-join.
const (
	EveryInstance Instances = "every"
	FirstInstance Instances = "first"
	OtherInstance Instances = "others"
)

// TaskSpec is one task of a pod type.
type TaskSpec struct {
	Name      string            `json:"name"`
	Goal      Goal              `json:"goal"`
	Instances Instances         `json:"instances"`
	Command   string            `json:"command"`
	Env       map[string]string `json:"env,omitempty"`
	Need      Need              `json:"need"`
	Ports     []PortSpec        `json:"ports,omitempty"`
	Readiness *Check            `json:"readiness,omitempty"`
	Health    *Check            `json:"health,omitempty"`
	// KillGrace is the time between SIGTERM and SIGKILL.
	KillGrace time.Duration `json:"kill_grace"`
	// Database marks the tasks that run a database node: they get join list, addresses and the init permission.
	Database bool `json:"database,omitempty"`
}

// PortSpec is a port of a task, how it is published, and its virtual address.
type PortSpec struct {
	Name string `json:"name"`
	// Port is fixed; 0 means any that the agent offers.
	Port uint64 `json:"port"`
	// Advertise lists the port under /v1/endpoints.
	Advertise bool `json:"advertise,omitempty"`
	// VIPName and VIPPort make the virtual address <name>.<service>.<vip domain>:<port>; empty means none.
	VIPName string `json:"vip_name,omitempty"`
	VIPPort uint64 `json:"vip_port,omitempty"`
}

// Check is a command that runs in the task's container: exit code 0 is a pass.
type Check struct {
	Command  string        `json:"command"`
	Delay    time.Duration `json:"delay,omitempty"`
	Interval time.Duration `json:"interval"`
	Timeout  time.Duration `json:"timeout"`
	// Grace and Failures are for health checks: failures within the grace do not count, and that many in a row kill.
	Grace    time.Duration `json:"grace,omitempty"`
	Failures uint32        `json:"failures,omitempty"`
}

// Pod finds the spec of a pod type.
func (t Target) Pod(podType string) (PodSpec, bool) {
	for _, pod := range t.Pods {
		if pod.Type == podType {
			return pod, true
		}
	}
	return PodSpec{}, false
}

// TasksOf lists the specs that an instance runs, in the order of the pod's spec.
func (p PodSpec) TasksOf(index int) []TaskSpec {
	var specs []TaskSpec
	for _, spec := range p.Tasks {
		switch spec.Instances {
		case FirstInstance:
			if index != 0 {
				continue
			}
		case OtherInstance:
			if index == 0 {
				continue
			}
		}
		specs = append(specs, spec)
	}
	return specs
}

// Spec finds the pod spec and task spec behind a task of a pod.
func (t Target) Spec(pod Pod, name string) (PodSpec, TaskSpec, bool) {
	podSpec, ok := t.Pod(pod.Type)
	if !ok {
		return PodSpec{}, TaskSpec{}, false
	}
	for _, spec := range podSpec.TasksOf(pod.Index) {
		if spec.Name == name {
			return podSpec, spec, true
		}
	}
	return PodSpec{}, TaskSpec{}, false
}
