package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Ids of the tests. The old target is one that a record still runs under.
const (
	targetID    = "0c5f7b7e-0000-4000-8000-000000000001"
	oldTargetID = "0c5f7b7e-0000-4000-8000-000000000000"
	frameworkID = "4a2f0c11-1111-4222-8333-944445555666-0000"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// testTarget is a service of so many nodes, as scheduler/config makes it.
func testTarget(nodes int) tasks.Target {
	node := func(name string, instances tasks.Instances) tasks.TaskSpec {
		return tasks.TaskSpec{
			Name: name, Goal: tasks.GoalRunning, Instances: instances, Database: true, Command: "exec ./cockroachdb-node start",
			Env: map[string]string{"CRDB_VERSION": "v24.1.6"},
			Need: tasks.Need{CPUs: 1000, Mem: tasks.Whole(3000),
				Volume: &tasks.VolumeNeed{Path: "cockroach-data", Type: tasks.DiskRoot, Size: tasks.Whole(5000)}},
			Ports: []tasks.PortSpec{
				{Name: "pg", Port: 26257, Advertise: true, VIPName: "pg", VIPPort: 26257},
				{Name: "http", Port: 8123, Advertise: true},
				{Name: "inner", Port: 9999},
			},
			Readiness: &tasks.Check{Command: "./cockroachdb-node ready", Interval: 10 * time.Second, Timeout: 10 * time.Second},
			Health:    &tasks.Check{Command: "./cockroachdb-node live", Interval: 20 * time.Second, Timeout: 10 * time.Second, Grace: 2 * time.Minute, Failures: 3},
			KillGrace: 5 * time.Minute,
		}
	}
	return tasks.Target{
		ID: targetID,
		Service: tasks.Service{Name: "cockroachdb", Role: "cockroachdb-role", Principal: "cockroachdb-principal", User: "root",
			Discovery: tasks.DiscoverAutoIP, TaskDomain: "autoip.dcos.thisdcos.directory", VIPDomain: "l4lb.thisdcos.directory",
			API: "api.cockroachdb.marathon.l4lb.thisdcos.directory:80", Zookeeper: "master.mesos:2181"},
		Pods: []tasks.PodSpec{
			{Type: tasks.NodePod, Count: nodes, Placement: "hostname:UNIQUE", Overhead: tasks.Need{CPUs: 100, Mem: tasks.Whole(32), Disk: tasks.Whole(256)},
				URIs: []tasks.URI{
					{Artifact: "cockroachdb-node", Executable: true, OutputFile: "cockroachdb-node"},
					{Value: "https://example.org/cockroach-v24.1.6.linux-amd64.tgz", Cache: true},
				},
				Tasks: []tasks.TaskSpec{node("node-init", tasks.FirstInstance), node("node-join", tasks.OtherInstance)}},
			{Type: tasks.MetricsPod, Count: 1, Overhead: tasks.Need{CPUs: 100, Mem: tasks.Whole(32), Disk: tasks.Whole(256)},
				Tasks: []tasks.TaskSpec{{Name: "server", Goal: tasks.GoalRunning, Instances: tasks.EveryInstance,
					Command: "exec ./cockroachdb-node metrics", Need: tasks.Need{CPUs: 500, Mem: tasks.Whole(64)}}}},
		},
	}
}

// nodeRecord is a node that runs and is ready, on an agent of its own.
func nodeRecord(index int) tasks.Record {
	spec := "node-join"
	if index == 0 {
		spec = "node-init"
	}
	pod := tasks.Pod{Type: tasks.NodePod, Index: index}
	address := "10.0.0." + string(rune('1'+index%9))
	return tasks.Record{
		Schema: tasks.RecordSchema, Pod: pod, Spec: spec, Task: pod.Task(spec),
		TaskID:     "cockroachdb__" + pod.Task(spec) + "__11111111-2222-4333-8444-555555555555",
		ExecutorID: "cockroachdb__cockroachdb__66666666-7777-4888-8999-aaaaaaaaaaaa",
		TargetID:   targetID,
		Agent:      tasks.Agent{ID: "agent-" + pod.String(), Hostname: pod.String() + ".agents.example.org", IP: address, Region: "eu", Zone: "eu-a"},
		Held: []tasks.Held{
			{For: tasks.ForExecutor, Resource: reserved(tasks.Resource{Kind: tasks.CPUs, Scalar: 100}, "executor-cpus")},
			{For: tasks.ForTask, Resource: reserved(tasks.Resource{Kind: tasks.Mem, Scalar: tasks.Whole(3000)}, "mem")},
			{For: tasks.ForTask, Port: "pg", Resource: reserved(tasks.Resource{Kind: tasks.Ports, Ranges: []tasks.PortRange{{Begin: 26257, End: 26257}}}, "port")},
			{For: tasks.ForTask, Resource: reserved(tasks.Resource{Kind: tasks.Disk, Scalar: tasks.Whole(5000),
				Disk: &tasks.DiskInfo{PersistenceID: "volume-" + pod.String(), Principal: "cockroachdb-principal", ContainerPath: "cockroach-data"}}, "disk")},
		},
		Ports: map[string]uint64{"pg": 26257, "http": 8123, "inner": 9999}, Join: []string{"cockroachdb-0-node-init.cockroachdb.autoip.dcos.thisdcos.directory:26257"},
		Init: index == 0, Launched: noon, Confirmed: true, Reached: true,
		Status: tasks.Status{State: tasks.Running, Source: "SOURCE_EXECUTOR", HasCheck: true, CheckExit: new(int32(0)), Healthy: new(true),
			IPs: []string{address}, ContainerID: "container-1", ParentID: "parent-1", At: noon, Since: noon},
		LastIPs: []string{address},
	}
}

func metricsRecord() tasks.Record {
	pod := tasks.Pod{Type: tasks.MetricsPod}
	return tasks.Record{Schema: tasks.RecordSchema, Pod: pod, Spec: "server", Task: pod.Task("server"),
		TaskID: "cockroachdb__metrics-0-server__1", ExecutorID: "cockroachdb__metrics__2", TargetID: targetID,
		Agent: tasks.Agent{ID: "agent-m", Hostname: "m.agents.example.org", IP: "10.0.0.9"}, Confirmed: true, Reached: true,
		Status: tasks.Status{State: tasks.Running, At: noon, Since: noon}}
}

func reserved(resource tasks.Resource, id string) tasks.Resource {
	resource.AllocatedTo = "cockroachdb-role"
	resource.Reservations = []tasks.Reservation{{Dynamic: true, Role: "cockroachdb-role", Principal: "cockroachdb-principal",
		Labels: []tasks.Label{{Key: tasks.LabelResourceID, Value: id}}}}
	return resource
}

// stateOf is a registered scheduler with these records; change may do what it likes before the plans are derived.
func stateOf(target tasks.Target, records []tasks.Record, change func(*core.State, *plans.View)) core.State {
	state := core.State{
		Facts: core.Facts{FrameworkID: frameworkID, TargetID: target.ID, Targets: map[string]tasks.Target{target.ID: target},
			Records: map[string]*tasks.Record{}},
		Now: noon, Link: core.Link{Connected: true, Since: noon, Refined: true},
	}
	for _, record := range records {
		state.Facts.Records[record.Task] = &record
	}
	view := plans.View{Now: noon, Target: target, Records: state.Facts.Records, Delays: map[string]plans.Delay{}, Looks: map[string]string{}}
	if change != nil {
		change(&state, &view)
	}
	state.Plans = plans.Derive(view)
	return state
}

// fakeSource serves one state, and answers what is asked as it is told.
type fakeSource struct {
	state core.State
	// later are the states of the second snapshot and those after it; the last one stays.
	later []core.State
	reply core.Reply
	err   error
	// asked is what came.
	asked []core.Asking
	told  []core.Event
}

func (f *fakeSource) Snapshot() core.State {
	state := f.state
	if len(f.later) > 0 {
		f.state, f.later = f.later[0], f.later[1:]
	}
	return state
}

func (f *fakeSource) Ask(_ context.Context, event core.Asking) (core.Reply, error) {
	f.asked = append(f.asked, event)
	return f.reply, f.err
}

func (f *fakeSource) Tell(_ context.Context, event core.Event) { f.told = append(f.told, event) }

func testOptions() Options {
	text := func(body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, body) })
	}
	return Options{Version: "1.0.0", Database: "v24.1.6", Metrics: text("dropwizard"), Prometheus: text("prometheus")}
}
