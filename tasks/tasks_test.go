package tasks_test

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestMilliNeverDrifts(t *testing.T) {
	sum := tasks.Milli(0)
	for range 10 {
		sum += tasks.MilliOf(0.1)
	}
	if sum != tasks.Whole(1) {
		t.Errorf("ten times 0.1 is %s", sum)
	}
	for value, want := range map[float64]string{0.5: "0.5", 3000: "3000", 0.1 + 0.2: "0.3", 0: "0", 1.0004: "1", 0.001: "0.001"} {
		if got := tasks.MilliOf(value).String(); got != want {
			t.Errorf("%v: got %s, want %s", value, got, want)
		}
	}
}

func TestIDsFollowFromTheSeed(t *testing.T) {
	a, b, other := tasks.NewIDs([16]byte{1}), tasks.NewIDs([16]byte{1}), tasks.NewIDs([16]byte{2})
	first, second := a.Next(), a.Next()
	if first != b.Next() || second != b.Next() {
		t.Error("one seed gave two sequences")
	}
	if first == second || first == other.Next() {
		t.Error("an id came twice")
	}
	if len(first) != 36 || first[14] != '4' || !strings.ContainsRune("89ab", rune(first[19])) {
		t.Errorf("%s is not a version 4 UUID", first)
	}
}

func TestNamesOfAFolderedService(t *testing.T) {
	service := tasks.Service{Name: "/team/crdb.eu", TaskDomain: "autoip.dcos.thisdcos.directory", VIPDomain: "l4lb.thisdcos.directory"}
	for got, want := range map[string]string{
		tasks.TaskID(service.Name, "cockroachdb-0-node-init", "u"): "team.crdb.eu__cockroachdb-0-node-init__u",
		tasks.ExecutorID(service.Name, "cockroachdb", "u"):         "team.crdb.eu__cockroachdb__u",
		tasks.Role(service.Name):                                   "team__crdb.eu-role",
		service.HostName("cockroachdb-0-node-init"):                "cockroachdb-0-node-init.teamcrdb-eu.autoip.dcos.thisdcos.directory",
		service.VIPName("pg"):                                      "pg.teamcrdb-eu.l4lb.thisdcos.directory",
		tasks.Escaped("cockroachdb") + tasks.Principal("/team/cr"): "cockroachdb/team/cr-principal",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func base() tasks.Target {
	return tasks.Target{ID: "a", Service: tasks.Service{Name: "c", User: "root", Principal: "p", API: "host:1"},
		Pods: []tasks.PodSpec{{Type: tasks.NodePod, Count: 3, Placement: "hostname:UNIQUE", Tasks: []tasks.TaskSpec{
			{Name: "node-init", Instances: tasks.FirstInstance, Need: tasks.Need{CPUs: 1000, Volume: &tasks.VolumeNeed{Path: "d", Type: "ROOT", Size: 5000}}},
			{Name: "node-join", Instances: tasks.OtherInstance, Need: tasks.Need{CPUs: 1000, Volume: &tasks.VolumeNeed{Path: "d", Type: "ROOT", Size: 5000}}},
		}}}}
}

func TestWhatAChangeRestartsAndWhatIsRefused(t *testing.T) {
	tests := []struct {
		name     string
		change   func(*tasks.Target)
		same     bool
		sameTask bool
		refused  []string
	}{
		{"nothing", func(*tasks.Target) {}, true, true, nil},
		{"the scheduler moved", func(n *tasks.Target) { n.Service.API = "other:2" }, true, true, nil},
		{"the scheduler speaks TLS", func(n *tasks.Target) { n.Service.APITLS, n.Service.APICA = true, "pem" }, true, true, nil},
		{"more nodes", func(n *tasks.Target) { n.Pods[0].Count = 5 }, false, true, nil},
		{"placement", func(n *tasks.Target) { n.Pods[0].Placement = "" }, false, true, nil},
		{"more CPUs", func(n *tasks.Target) { n.Pods[0].Tasks[0].Need.CPUs = 2000 }, false, false, nil},
		{"fewer nodes", func(n *tasks.Target) { n.Pods[0].Count = 2 }, false, true, []string{"NODE_COUNT"}},
		{"pod gone", func(n *tasks.Target) { n.Pods = nil }, false, false, []string{"NODE_COUNT"}},
		{"volume size, one fault for both tasks", func(n *tasks.Target) {
			n.Pods[0].Tasks[0].Need.Volume = &tasks.VolumeNeed{Path: "d", Type: "ROOT", Size: 9000}
			n.Pods[0].Tasks[1].Need.Volume = &tasks.VolumeNeed{Path: "d", Type: "ROOT", Size: 9000}
		}, false, false, []string{"NODE_DISK"}},
		{"user, principal and network at once", func(n *tasks.Target) {
			n.Service.User, n.Service.Principal, n.Pods[0].Network = "crdb", "q", "dcos"
		}, false, false, []string{"FRAMEWORK_PRINCIPAL", "FRAMEWORK_USER", "ENABLE_VIRTUAL_NETWORK"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next := base()
			next.ID = "b"
			tt.change(&next)
			if got := tasks.Same(base(), next); got != tt.same {
				t.Errorf("Same: got %v, want %v", got, tt.same)
			}
			if got := tasks.SameTask(base(), next, tasks.Pod{Type: tasks.NodePod}, "node-init"); got != tt.sameTask {
				t.Errorf("SameTask: got %v, want %v", got, tt.sameTask)
			}
			var fields []string
			for _, fault := range tasks.RefuseChange(base(), next) {
				fields = append(fields, fault.Field)
				if fault.Message == "" || fault.Remedy == "" {
					t.Errorf("%s says nothing", fault.Field)
				}
			}
			if strings.Join(fields, " ") != strings.Join(tt.refused, " ") {
				t.Errorf("refused: got %v, want %v", fields, tt.refused)
			}
		})
	}
}
