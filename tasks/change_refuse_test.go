package tasks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// deployed is a target with two pod types, a volume and a database version.
func deployed() tasks.Target {
	node := func(name string, where tasks.Instances) tasks.TaskSpec {
		return tasks.TaskSpec{Name: name, Goal: tasks.GoalRunning, Instances: where, Database: true, Env: map[string]string{"CRDB_VERSION": "v23.2.3"},
			Need:  tasks.Need{CPUs: 1000, Volume: &tasks.VolumeNeed{Path: "data", Type: "MOUNT", Size: 5_000_000, Profiles: []string{"fast"}}},
			Ports: []tasks.PortSpec{{Name: "pg", Port: 26257}}}
	}
	return tasks.Target{ID: "a",
		Service: tasks.Service{Name: "crdb", Role: "crdb-role", Principal: "crdb-principal", User: "root", Discovery: tasks.DiscoverAutoIP, API: "one:1"},
		Pods: []tasks.PodSpec{
			{Type: tasks.NodePod, Count: 3, Placement: "hostname:UNIQUE", Overhead: tasks.Need{CPUs: 100},
				URIs:  []tasks.URI{{Artifact: "cockroachdb-node"}, {Value: "https://m/cockroach-v23.2.3.tgz"}},
				Tasks: []tasks.TaskSpec{node("node-init", tasks.FirstInstance), node("node-join", tasks.OtherInstance)}},
			{Type: tasks.MetricsPod, Count: 1, URIs: []tasks.URI{{Artifact: "cockroachdb-node"}},
				Tasks: []tasks.TaskSpec{{Name: "server", Goal: tasks.GoalRunning, Instances: tasks.EveryInstance, Need: tasks.Need{CPUs: 1000}}}},
		}}
}

func volumes(t *tasks.Target, change func(*tasks.VolumeNeed)) {
	for i := range t.Pods[0].Tasks {
		change(t.Pods[0].Tasks[i].Need.Volume)
	}
}

func version(t *tasks.Target, version string) {
	for i := range t.Pods[0].Tasks {
		t.Pods[0].Tasks[i].Env["CRDB_VERSION"] = version
	}
}

func network(name string) func(*tasks.Target) {
	return func(t *tasks.Target) { t.Pods[0].Network, t.Pods[1].Network = name, name }
}

func TestEveryRefusalSaysFieldTransitionAndRemedy(t *testing.T) {
	tests := []struct {
		name          string
		before, after func(*tasks.Target)
		want          []string
	}{
		{"a new name takes its principal along: one fault", nil, func(n *tasks.Target) {
			n.Service.Name, n.Service.Role, n.Service.Principal = "/crdb", "crdb-role", "/crdb-principal"
		}, []string{`FRAMEWORK_NAME crdb => /crdb`}},
		{"a principal of its own", nil, func(n *tasks.Target) { n.Service.Principal = "p" }, []string{"FRAMEWORK_PRINCIPAL crdb-principal => p"}},
		{"role", nil, func(n *tasks.Target) { n.Service.Role = "*" }, []string{"service/role crdb-role => *"}},
		{"user", nil, func(n *tasks.Target) { n.Service.User = "nobody" }, []string{"FRAMEWORK_USER root => nobody"}},
		{"fewer nodes", nil, func(n *tasks.Target) { n.Pods[0].Count = 2 }, []string{"NODE_COUNT 3 => 2"}},
		{"a pod type gone", nil, func(n *tasks.Target) { n.Pods = n.Pods[:1] }, []string{"pods/metrics/count 1 => 0"}},
		{"fewer admin pods", func(o *tasks.Target) { o.Pods[1].Type, o.Pods[1].Count = tasks.AdminPod, 2 },
			func(n *tasks.Target) { n.Pods[1].Type, n.Pods[1].Count = tasks.AdminPod, 1 }, []string{"SIDE_COUNT 2 => 1"}},
		{"volume size", nil, func(n *tasks.Target) { volumes(n, func(v *tasks.VolumeNeed) { v.Size = 9_000_000 }) }, []string{"NODE_DISK 5000 => 9000"}},
		{"volume size and type", nil, func(n *tasks.Target) {
			volumes(n, func(v *tasks.VolumeNeed) { v.Size, v.Type = 9_000_000, "ROOT" })
		},
			[]string{"NODE_DISK_TYPE MOUNT => ROOT", "NODE_DISK 5000 => 9000"}},
		{"volume path and profiles", nil, func(n *tasks.Target) {
			n.Pods[0].Tasks[1].Need.Volume = &tasks.VolumeNeed{Path: "other", Type: "MOUNT", Size: 5_000_000}
		}, []string{"pods/cockroachdb/tasks/node-join/need/volume/path data => other", "pods/cockroachdb/tasks/node-join/need/volume/profiles/0 fast => "}},
		{"volume gone", nil, func(n *tasks.Target) { n.Pods[0].Tasks[0].Need.Volume = nil },
			[]string{"pods/cockroachdb/tasks/node-init/need/volume MOUNT 5000 MB => none"}},
		{"volume for a task that had none", nil, func(n *tasks.Target) {
			n.Pods[1].Tasks[0].Need.Volume = &tasks.VolumeNeed{Path: "d", Type: "ROOT", Size: 1000}
		}, []string{"pods/metrics/tasks/server/need/volume none => ROOT 1 MB"}},
		{"task with a volume gone", nil, func(n *tasks.Target) { n.Pods[0].Tasks = n.Pods[0].Tasks[:1] },
			[]string{"pods/cockroachdb/tasks/node-join/need/volume MOUNT 5000 MB => none"}},
		{"to a virtual network, one fault for both pods", nil, network("dcos"), []string{"ENABLE_VIRTUAL_NETWORK false => true"}},
		{"from a virtual network", network("dcos"), nil, []string{"ENABLE_VIRTUAL_NETWORK true => false"}},
		{"between virtual networks", network("dcos"), network("overlay"), []string{"VIRTUAL_NETWORK_NAME dcos => overlay"}},
		{"everything at once", nil, func(n *tasks.Target) {
			n.Service.User, n.Pods[0].Count = "nobody", 1
			volumes(n, func(v *tasks.VolumeNeed) { v.Size = 1000 })
			network("dcos")(n)
			version(n, "v22.1.0")
		}, []string{"FRAMEWORK_USER root => nobody", "NODE_COUNT 3 => 1", "ENABLE_VIRTUAL_NETWORK false => true", "NODE_DISK 5000 => 1", "COCKROACH_VERSION v23.2.3 => v22.1.0"}},
		{"what is allowed", nil, func(n *tasks.Target) {
			n.Service.Discovery, n.Service.TaskDomain, n.Service.VIPDomain, n.Service.API = tasks.DiscoverAddress, "a", "b", "c"
			n.Pods[0].Count, n.Pods[0].Placement, n.Pods[0].Strategy = 5, "", tasks.Parallel
			n.Pods[0].Tasks[1].Ports[0].Port, n.Pods[0].Tasks[1].Need.CPUs, n.Pods[0].Tasks[1].Need.Disk = 1, 9000, 1
			n.Pods = append(n.Pods, tasks.PodSpec{Type: tasks.AdminPod, Count: 1})
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := deployed(), deployed()
			if tt.before != nil {
				tt.before(&before)
			}
			if tt.after != nil {
				tt.after(&after)
			}
			var got []string
			for _, fault := range tasks.RefuseChange(before, after) {
				got = append(got, fmt.Sprintf("%s %s => %s", fault.Field, fault.Old, fault.Value))
				if !strings.Contains(fault.Message, fmt.Sprintf("from %q to %q: ", fault.Old, fault.Value)) || fault.Remedy == "" {
					t.Errorf("says too little: %v", fault)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if faults := tasks.RefuseChange(after, after); len(faults) > 0 {
				t.Errorf("no change is refused: %v", faults)
			}
		})
	}
}

func TestVersionsThatMayFollowEachOther(t *testing.T) {
	for change, want := range map[string]string{
		"v23.2.3 v23.2.3": "", "v23.2.3 v23.2.9": "", "v23.2.3 v23.2.0": "", "v23.2.3 v23.2.3-rc.1": "",
		"v2.0.7 v2.1.0": "", "v2.1.11 v19.1.0": "", "v23.1.9 v23.2.0": "", "v23.2.3 v24.1.6": "", "v25.2.0 v25.4.1": "",
		// Innovation releases may be taken and may be left out.
		"v24.1.6 v24.2.0": "", "v24.1.6 v24.3.0": "", "v24.2.0 v24.3.1": "", "v24.3.0 v25.1.0": "", "v24.3.0 v25.2.0": "",
		// A regular one may not be left out.
		"v2.0.7 v19.1.0": "2.1", "v20.1.5 v21.1.0": "20.2", "v23.2.3 v24.2.0": "24.1", "v24.1.6 v25.1.0": "24.3", "v24.2.0 v25.1.0": "24.3",
		"v25.1.0 v25.3.0": "25.2", "v2.0.7 v25.4.0": "2.1",
		// Backwards.
		"v23.2.3 v23.1.9": "23.2", "v24.1.6 v2.0.7": "24.1", "v24.3.0 v24.2.5": "24.3",
		// An unknown version is left to the checks of the settings.
		"v23.2.3 none": "", "none v23.2.3": "",
	} {
		from, to, _ := strings.Cut(change, " ")
		before, after := deployed(), deployed()
		version(&before, from)
		version(&after, to)
		faults := tasks.RefuseChange(before, after)
		switch {
		case want == "" && len(faults) > 0:
			t.Errorf("%s: refused: %v", change, faults)
		case want != "" && (len(faults) != 1 || !strings.Contains(faults[0].Remedy, "a release of "+want)):
			t.Errorf("%s: want a remedy with %s, got %v", change, want, faults)
		}
	}
}

// A node that an earlier change has not reached must not be taken two lines up at once.
func TestAVersionThatATaskOfAnOlderTargetCannotReachIsRefused(t *testing.T) {
	older, before, after := deployed(), deployed(), deployed()
	version(&before, "v24.1.6")
	version(&after, "v24.3.0")
	if faults := tasks.RefuseChange(before, after); len(faults) > 0 {
		t.Errorf("from 24.1: %v", faults)
	}
	if faults := tasks.RefuseChange(before, after, older); len(faults) != 1 || faults[0].Old != "v23.2.3" {
		t.Errorf("from 23.2: %v", faults)
	}
}
