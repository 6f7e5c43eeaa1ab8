package launch

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testFramework = "4a2f0c11-1111-4222-8333-944445555666-0000"

// testTarget is a service of two pod types, as the configuration makes it.
func testTarget() tasks.Target {
	check := func(command string) *tasks.Check {
		return &tasks.Check{Command: command, Interval: 5 * time.Second, Timeout: 10 * time.Second, Delay: time.Second,
			Grace: 2 * time.Minute, Failures: 3}
	}
	node := func(name string, instances tasks.Instances) tasks.TaskSpec {
		return tasks.TaskSpec{
			Name: name, Goal: tasks.GoalRunning, Instances: instances, Command: "exec ./cockroachdb-node run",
			Env: map[string]string{"CRDB_VERSION": "v24.1.6", "CRDB_CACHE": "25%", "TASK_NAME": "not mine to set"},
			Ports: []tasks.PortSpec{
				{Name: "pg", Port: 26257, Advertise: true, VIPName: "pg", VIPPort: 26257},
				{Name: "http", Port: 8080, VIPName: "http", VIPPort: 80},
			},
			Readiness: check("./cockroachdb-node ready"), Health: check("./cockroachdb-node live"),
			KillGrace: 90 * time.Second, Database: true,
		}
	}
	return tasks.Target{
		ID: "0c5f7b7e-0000-4000-8000-000000000001",
		Service: tasks.Service{
			Name: "/team/crdb", Role: "team__crdb-role", Principal: "team-crdb", User: "nobody",
			Discovery: tasks.DiscoverAutoIP, TaskDomain: "autoip.dcos.thisdcos.directory",
			VIPDomain: "l4lb.thisdcos.directory", API: "api.crdb.marathon.l4lb.thisdcos.directory:80",
		},
		Pods: []tasks.PodSpec{
			{
				Type: tasks.NodePod, Count: 3, Placement: `[["@zone","GROUP_BY","3"]]`,
				URIs: []tasks.URI{
					{Value: "https://example.org/cockroach-v24.1.6.linux-amd64.tgz", Extract: true, Cache: true},
					{Value: "http://api.example.org/v1/artifacts/cockroachdb-node", Executable: true, OutputFile: "cockroachdb-node"},
				},
				Tasks: []tasks.TaskSpec{node("node-init", tasks.FirstInstance), node("node-join", tasks.OtherInstance)},
			},
			{
				Type: tasks.MetricsPod, Count: 1,
				Tasks: []tasks.TaskSpec{{Name: "server", Goal: tasks.GoalRunning, Instances: tasks.EveryInstance,
					Command: "exec ./cockroachdb-node metrics", KillGrace: 0}},
			},
		},
	}
}

// testRecord is a node with everything that a node can have.
func testRecord(index int, spec string) tasks.Record {
	pod := tasks.Pod{Type: tasks.NodePod, Index: index}
	return tasks.Record{
		Pod: pod, Spec: spec, Task: pod.Task(spec),
		TaskID:     "team.crdb__" + pod.Task(spec) + "__11111111-2222-4333-8444-555555555555",
		ExecutorID: "team.crdb__cockroachdb__66666666-7777-4888-8999-aaaaaaaaaaaa",
		TargetID:   "0c5f7b7e-0000-4000-8000-000000000001",
		Agent: tasks.Agent{ID: "agent-7", Hostname: "node7.example.org", IP: "10.0.0.7", Region: "eu", Zone: "eu-a",
			Attributes: []tasks.Attribute{{Name: "rack", Value: "r1"}, {Name: "cores", Value: "4.000"}}},
		Held: []tasks.Held{
			held(tasks.ForExecutor, tasks.CPUs, 100), held(tasks.ForExecutor, tasks.Mem, 32000), held(tasks.ForExecutor, tasks.Disk, 256000),
			held(tasks.ForTask, tasks.CPUs, 500), held(tasks.ForTask, tasks.Mem, 2000000),
			{For: tasks.ForTask, Port: "pg", Resource: tasks.Resource{Kind: tasks.Ports, AllocatedTo: "team__crdb-role",
				Ranges: []tasks.PortRange{{Begin: 26257, End: 26257}}, Reservations: reserved("port-pg")}},
			{For: tasks.ForTask, Resource: tasks.Resource{Kind: tasks.Disk, AllocatedTo: "team__crdb-role", Scalar: tasks.Whole(5000),
				Reservations: reserved("volume-1"), Disk: &tasks.DiskInfo{Type: tasks.DiskMount, Root: "/dcos/volume0",
					PersistenceID: "vol-1", Principal: "team-crdb", ContainerPath: "cockroach-data"}}},
		},
		Ports: map[string]uint64{"pg": 26257, "http": 8080},
		Join:  []string{"cockroachdb-0-node-init.teamcrdb.example:26257", "cockroachdb-1-node-join.teamcrdb.example:26257"},
	}
}

func held(holder tasks.Holder, kind string, amount tasks.Milli) tasks.Held {
	return tasks.Held{For: holder, Resource: tasks.Resource{Kind: kind, Scalar: amount, AllocatedTo: "team__crdb-role",
		Reservations: reserved(string(holder) + "-" + kind)}}
}

func reserved(id string) []tasks.Reservation {
	return []tasks.Reservation{{Dynamic: true, Role: "team__crdb-role", Principal: "team-crdb", Labels: []tasks.Label{
		{Key: tasks.LabelResourceID, Value: id}, {Key: tasks.LabelFrameworkID, Value: testFramework},
	}}}
}

// golden compares a value, as indented JSON, with a file of testdata.
func golden(t *testing.T, name string, value any) {
	t.Helper()
	compact, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, compact, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	file := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s differs; run with -update and look at the change\ngot:\n%s", file, got.String())
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
