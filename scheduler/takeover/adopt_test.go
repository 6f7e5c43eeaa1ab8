package takeover_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover/takeovertest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// target is what these settings ask for, on top of the release that the tests' services run.
func target(t *testing.T, environ ...string) tasks.Target {
	t.Helper()
	parsed := config.Parse(append([]string{"PORT_API=8090", "COCKROACH_VERSION=v2.0.1"}, environ...), now)
	if len(parsed.Faults) > 0 {
		t.Fatal(parsed.Faults)
	}
	out := parsed.Settings.Target()
	out.ID = "33333333-3333-4333-8333-333333333333"
	return out
}

func adopt(t *testing.T, s *takeovertest.Service, environ ...string) (core.Facts, takeover.Report, []tasks.Fault) {
	t.Helper()
	return takeover.Adopt(takeover.Found{Nodes: s.Tree()}, target(t, environ...), "java-state-x", now)
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

var styles = map[string]takeovertest.Style{"sdk20-custom": takeovertest.SDK20Custom, "sdk20": takeovertest.SDK20, "sdk57": takeovertest.SDK57}

// Services of three ages of the SDK are adopted whole: every task, reservation and volume, and nothing is to be launched.
func TestServicesOfEachAgeAreAdopted(t *testing.T) {
	for name, style := range styles {
		t.Run(name, func(t *testing.T) {
			s := takeovertest.New(style, 3)
			facts, report, faults := adopt(t, s)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			var text bytes.Buffer
			if err := report.Text(&text); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".golden.txt", text.Bytes())
			if facts.FrameworkID != takeovertest.Framework || !facts.Cluster.Initialised || !facts.Deployed || len(facts.Records) != 4 {
				t.Errorf("facts: %+v", facts)
			}
			for i := range 3 {
				spec := "node-join"
				if i == 0 {
					spec = "node-init"
				}
				record := facts.Records[fmt.Sprintf("cockroachdb-%d-%s", i, spec)]
				if record == nil {
					t.Fatalf("node %d is missing", i)
				}
				if record.TaskID != s.Task(record.Task).ID || record.VolumeID() != fmt.Sprintf("volume-node-%d-4", i) || !record.Ready() || !record.Reached ||
					!record.Confirmed || record.Init || record.Ports["pg"] != 26257 || record.Ports["http"] != 8123 || record.TargetID != facts.TargetID ||
					record.Agent.ID != fmt.Sprintf("agent-S%d", i) || record.Agent.IP != fmt.Sprintf("10.0.0.%d", i) {
					t.Errorf("node %d: %+v", i, record)
				}
				if rack, _ := record.Agent.Attribute("rack"); rack != "r1" {
					t.Errorf("node %d: attributes %+v", i, record.Agent.Attributes)
				}
				want := 8
				if style.Custom {
					want = 5
				}
				if len(record.Held) != want {
					t.Errorf("node %d holds %d reservations, want %d", i, len(record.Held), want)
				}
			}
			again, err := core.Decode(core.Encode(facts))
			if err != nil {
				t.Fatal(err)
			}
			if entries := again.Journal.Since(0); len(entries) < 5 || entries[0].Message != "took over from the former scheduler" {
				t.Errorf("the journal: %+v", entries)
			}
			unlabelled := len(facts.Inherited.Unlabelled) > 0
			if unlabelled == style.FrameworkLabel {
				t.Errorf("reservations without a framework's label: %v", facts.Inherited.Unlabelled)
			}
			leftovers := map[string]bool{}
			for _, id := range facts.Inherited.Leftovers {
				leftovers[id] = true
				if !strings.HasPrefix(id, "admin-0") {
					t.Errorf("%s counts as left over", id)
				}
			}
			if len(leftovers) < 3 {
				t.Errorf("left over: %v", facts.Inherited.Leftovers)
			}
		})
	}
}

// The core goes on from what was adopted as from its own: nothing is stopped, launched or waited for.
func TestNothingRestartsAfterATakeover(t *testing.T) {
	for name, style := range styles {
		t.Run(name, func(t *testing.T) {
			facts, _, faults := adopt(t, takeovertest.New(style, 3))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			state, effects := core.Start(facts, target(t), "another", now, core.Settings{Probes: core.ProbesOff})
			if state.Facts.TargetID != facts.TargetID || len(state.Faults) > 0 {
				t.Errorf("target %s, faults %v", state.Facts.TargetID, state.Faults)
			}
			for _, effect := range effects {
				if write, is := effect.(core.Write); is {
					t.Errorf("writes %d values", len(write.Set))
				}
			}
			for _, plan := range state.Plans {
				if (plan.Name == "deploy" || plan.Name == "recovery") && plan.Status != "COMPLETE" {
					t.Errorf("plan %s is %s", plan.Name, plan.Status)
				}
			}
		})
	}
}

func TestTheReportAsJSON(t *testing.T) {
	_, report, _ := adopt(t, takeovertest.New(takeovertest.SDK57, 1), "NODE_COUNT=1")
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.golden.json", append(text, '\n'))
}

// States in which a service may be caught, and what becomes of them.
func TestServicesThatAreBusyAreAdopted(t *testing.T) {
	one := "cockroachdb-1-node-join"
	for name, tt := range map[string]struct {
		change func(*takeovertest.Service)
		env    []string
		check  func(core.Facts, takeover.Report) string
	}{
		"a pod in the middle of an update, stopped and not launched again": {change: func(s *takeovertest.Service) {
			s.Task(one).Config, s.Task(one).State = takeovertest.OldConfig, mesos.TASK_KILLED
		}, check: func(f core.Facts, r takeover.Report) string {
			if record := f.Records[one]; !record.Reached || !record.Recovering || record.Ready() || r.Tasks[1].Configuration != takeovertest.OldConfig {
				return fmt.Sprintf("%+v %+v", record, r.Tasks[1])
			}
			return ""
		}},
		"a node that an update has not reached": {change: func(s *takeovertest.Service) { s.Task(one).Config = takeovertest.OldConfig },
			check: func(f core.Facts, _ takeover.Report) string {
				if record := f.Records[one]; !record.Reached || record.Recovering || record.TargetID != f.TargetID {
					return fmt.Sprintf("%+v", record)
				}
				return ""
			}},
		"a node that starts": {change: func(s *takeovertest.Service) { s.Task(one).Ready = false }, check: func(f core.Facts, _ takeover.Report) string {
			if record := f.Records[one]; record.Reached || record.Ready() || record.Recovering {
				return fmt.Sprintf("%+v", record)
			}
			return ""
		}},
		"a launch without any status": {change: func(s *takeovertest.Service) { s.Task(one).NoStatus = true }, check: func(f core.Facts, _ takeover.Report) string {
			if record := f.Records[one]; record.Status.State != tasks.Staging || record.Reached {
				return fmt.Sprintf("%+v", record)
			}
			return ""
		}},
		"a node whose agent is away": {change: func(s *takeovertest.Service) { s.Task(one).State = mesos.TASK_UNREACHABLE }, check: func(f core.Facts, _ takeover.Report) string {
			if record := f.Records[one]; !record.Reached || record.Away.IsZero() {
				return fmt.Sprintf("%+v", record)
			}
			return ""
		}},
		"all nodes are down": {change: func(s *takeovertest.Service) {
			for _, task := range s.Tasks {
				if task.ID != "" {
					task.State = mesos.TASK_LOST
				}
			}
		}, check: func(f core.Facts, _ takeover.Report) string {
			for _, record := range f.Records {
				if !record.Recovering {
					return fmt.Sprintf("%+v", record)
				}
			}
			return ""
		}},
		"a node that was never launched": {change: func(s *takeovertest.Service) { s.Task("cockroachdb-2-node-join").ID = "" }, check: func(f core.Facts, r takeover.Report) string {
			if f.Records["cockroachdb-2-node-join"] != nil || len(r.Added) != 1 || len(r.Leftovers) != 2 {
				return fmt.Sprintf("%+v", r)
			}
			return ""
		}},
		"more nodes are asked for": {change: func(*takeovertest.Service) {}, env: []string{"NODE_COUNT=5"}, check: func(_ core.Facts, r takeover.Report) string {
			if fmt.Sprint(r.Added) != "[cockroachdb-3-node-join cockroachdb-4-node-join]" {
				return fmt.Sprint(r.Added)
			}
			return ""
		}},
		"a metrics task beside the nodes, as packages of 2017 had it": {change: func(s *takeovertest.Service) {
			s.Tasks = append(s.Tasks, &takeovertest.Task{Pod: "cockroachdb", Index: 1, Spec: "metrics", ID: "cockroachdb-1-metrics__1", Agent: "agent-S1", Host: "host-1",
				State: mesos.TASK_RUNNING, Config: takeovertest.Config, Set: "side-1", Held: []takeovertest.Amount{{Kind: "cpus", Value: 1}}})
		}, check: func(f core.Facts, r takeover.Report) string {
			if fmt.Sprint(r.Stopped) != "[cockroachdb-1-metrics]" || f.Records["cockroachdb-1-metrics"] != nil || len(r.Leftovers) != 2 {
				return fmt.Sprintf("%+v", r)
			}
			return ""
		}},
		"a MOUNT disk that is bigger than asked for": {change: func(s *takeovertest.Service) {
			for _, task := range s.Tasks {
				if task.Pod == "cockroachdb" {
					task.Held[4].Mount, task.Held[4].Value = "/dcos/volume0", 9000
				}
			}
		}, env: []string{"NODE_DISK_TYPE=MOUNT"}, check: func(f core.Facts, _ takeover.Report) string {
			if held := f.Records[one].Held; held[len(held)-1].Resource.Disk.Root != "/dcos/volume0" {
				return fmt.Sprintf("%+v", held)
			}
			return ""
		}},
		"a virtual network": {change: func(s *takeovertest.Service) {
			for _, task := range s.Tasks {
				task.Network = "dcos"
				task.IP = fmt.Sprintf("9.0.0.%d", task.Index+2)
			}
		}, env: []string{"ENABLE_VIRTUAL_NETWORK=yes"}, check: func(f core.Facts, _ takeover.Report) string {
			if record := f.Records[one]; record.Agent.IP != "" || record.Address() != "9.0.0.3" {
				return fmt.Sprintf("%+v", record)
			}
			return ""
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := takeovertest.New(takeovertest.SDK20, 3)
			tt.change(s)
			facts, report, faults := adopt(t, s, tt.env...)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if problem := tt.check(facts, report); problem != "" {
				t.Error(problem)
			}
			for _, id := range facts.Inherited.Leftovers {
				for _, record := range facts.Records {
					for _, held := range record.Held {
						if held.ID() == id {
							t.Errorf("%s is left over, and %s holds it", id, record.Task)
						}
					}
				}
			}
		})
	}
}
