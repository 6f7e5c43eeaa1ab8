package takeover_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover/takeovertest"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// What cannot be adopted is refused with the setting or the node in which it lies, and all of it at once.
func TestWhatCannotBeAdoptedIsRefused(t *testing.T) {
	const one = "cockroachdb-1-node-join"
	nodes := func(change func(*takeovertest.Task)) func(*takeovertest.Service) {
		return func(s *takeovertest.Service) {
			for _, task := range s.Tasks {
				if task.Pod == "cockroachdb" {
					change(task)
				}
			}
		}
	}
	extra := func(path, value string) func(*takeovertest.Service) {
		return func(s *takeovertest.Service) { s.Extra = map[string]string{path: value} }
	}
	without := func(paths ...string) func(*takeovertest.Service) {
		return func(s *takeovertest.Service) { s.Without = paths }
	}
	nothing := func(*takeovertest.Service) {}
	for name, tt := range map[string]struct {
		change  func(*takeovertest.Service)
		env     []string
		holders []string
		// want are words of the faults, one fault each.
		want []string
	}{
		"it runs":                {nothing, nil, []string{"_c_1 10.0.0.9"}, []string{"lock (_c_1 10.0.0.9)"}},
		"several services":       {extra("SchemaVersion", "2"), nil, nil, []string{"SchemaVersion (2)"}},
		"no schema":              {without("SchemaVersion"), nil, nil, []string{"SchemaVersion: is a layout"}},
		"services":               {extra("Services/x", ""), nil, nil, []string{"Services: the former scheduler ran several"}},
		"uninstalling":           {extra("Properties/uninstalling", "true"), nil, nil, []string{"Properties/uninstalling (true)"}},
		"another service's name": {extra("servicename", "team.crdb"), nil, nil, []string{`FRAMEWORK_NAME ("cockroachdb", was "team.crdb")`}},
		"another configuration": {func(s *takeovertest.Service) {
			s.Name = "crdb2"
			s.Extra = map[string]string{"servicename": "cockroachdb"}
		}, nil, nil, []string{`FRAMEWORK_NAME ("cockroachdb", was "crdb2")`}},
		"another principal":        {nothing, []string{"FRAMEWORK_PRINCIPAL=other"}, nil, []string{`FRAMEWORK_PRINCIPAL ("other", was "cockroachdb-principal")`}},
		"another role":             {func(s *takeovertest.Service) { s.Role = "team" }, nil, nil, []string{`service/role ("cockroachdb-role", was "team")`}},
		"another user":             {nothing, []string{"FRAMEWORK_USER=nobody"}, nil, []string{`FRAMEWORK_USER ("nobody", was "root")`}},
		"another user of the pods": {func(s *takeovertest.Service) { s.User = "crdb" }, nil, nil, []string{`FRAMEWORK_USER ("root", was "crdb")`}},
		"a virtual network":        {nothing, []string{"ENABLE_VIRTUAL_NETWORK=yes"}, nil, []string{`VIRTUAL_NETWORK_NAME ("dcos", was "the agent's own")`}},
		"another network": {func(s *takeovertest.Service) {
			for _, task := range s.Tasks {
				task.Network = "dcos"
			}
		}, nil, nil, []string{`VIRTUAL_NETWORK_NAME ("the agent's own", was "dcos")`}},
		"fewer nodes":           {nothing, []string{"NODE_COUNT=2"}, nil, []string{"cockroachdb-2-node-join: exists, and the settings ask for 2"}},
		"another size":          {nothing, []string{"NODE_DISK=6000"}, nil, []string{`NODE_DISK ("6000", was "5000")`}},
		"another type of disk":  {nothing, []string{"NODE_DISK_TYPE=MOUNT"}, nil, []string{`NODE_DISK_TYPE ("MOUNT", was "ROOT")`}},
		"another release":       {nothing, []string{"COCKROACH_VERSION=v24.1.6"}, nil, []string{`COCKROACH_VERSION ("v24.1.6", was "v2.0.1")`}},
		"another patch":         {nothing, []string{"COCKROACH_VERSION=v2.0.7"}, nil, []string{`COCKROACH_VERSION ("v2.0.7", was "v2.0.1")`}},
		"a release before ours": {func(s *takeovertest.Service) { s.Version = "v1.1.7" }, nil, nil, []string{"upgrade with the former scheduler first"}},
		"no word of the release": {func(s *takeovertest.Service) { s.Version = "latest" }, nil, nil,
			[]string{"which release cockroachdb-0", "which release cockroachdb-1", "which release cockroachdb-2"}},
		"no framework id":         {without("FrameworkID"), nil, nil, []string{"FrameworkID: is missing"}},
		"a damaged framework id":  {extra("FrameworkID", "\xff"), nil, nil, []string{"FrameworkID: is no framework id"}},
		"no target":               {without("ConfigTarget"), nil, nil, []string{"ConfigTarget: is missing"}},
		"no configuration":        {without("Configurations/" + takeovertest.Config), nil, nil, []string{"ConfigTarget: names configuration"}},
		"a damaged configuration": {extra("Configurations/"+takeovertest.Config, "{"), nil, nil, []string{"Configurations/" + takeovertest.Config + ": is no configuration"}},
		"a damaged TaskInfo":      {extra("Tasks/"+one+"/TaskInfo", "\xff\xff"), nil, nil, []string{"Tasks/" + one + "/TaskInfo: is no TaskInfo"}},
		"a damaged TaskStatus":    {extra("Tasks/"+one+"/TaskStatus", "\xff\xff"), nil, nil, []string{"Tasks/" + one + "/TaskStatus: is no TaskStatus"}},
		"no TaskInfo":             {without("Tasks/" + one + "/TaskInfo"), nil, nil, []string{"Tasks/" + one + ": has no TaskInfo"}},
		"a status of another id":  {extra("Tasks/"+one+"/TaskStatus", "\x0a\x03\x0a\x01x\x10\x01"), nil, nil, []string{one + " (x): its last status is of another launch"}},
		"a backup at work":        {func(s *takeovertest.Service) { s.Task("admin-0-backup").State = mesos.TASK_RUNNING }, nil, nil, []string{"admin-0-backup (TASK_RUNNING): is at work"}},
		"being replaced":          {func(s *takeovertest.Service) { s.Task(one).Labels = map[string]string{"permanently-failed": "true"} }, nil, nil, []string{one + ": is being replaced"}},
		"paused":                  {func(s *takeovertest.Service) { s.Task(one).Override = "PAUSED" }, nil, nil, []string{one + " (PAUSED)"}},
		"the wrong task of a pod": {func(s *takeovertest.Service) {
			s.Task("cockroachdb-0-node-init").ID, s.Task("cockroachdb-0-node-join").ID, s.Task("cockroachdb-0-node-join").State = "", "cockroachdb-0-node-join__1", mesos.TASK_RUNNING
		}, nil, nil, []string{"cockroachdb-0-node-join (TASK_RUNNING): runs, and this service has no such task in cockroachdb-0"}},
		"a foreign pod with data": {func(s *takeovertest.Service) { s.Task("admin-0-backup").Pod = "vault" }, nil, nil, []string{"vault-0-backup (TASK_FINISHED): is of a kind"}},
		"no volume":               {nodes(func(task *takeovertest.Task) { task.Held = task.Held[:4] }), nil, nil, []string{"cockroachdb-0-node-init (0)", one + " (0)", "cockroachdb-2-node-join (0)"}},
		"another path":            {func(s *takeovertest.Service) { s.Task(one).Held[4].Volume = "data" }, nil, nil, []string{one + " (data): its volume does not lie at cockroach-data"}},
		"no ports":                {func(s *takeovertest.Service) { s.Task(one).Ports = nil }, nil, nil, []string{one + " (pg)", one + " (http)"}},
		"one volume for two":      {func(s *takeovertest.Service) { s.Task(one).Set = "node-2" }, nil, nil, []string{"holds the same reservation"}},
		"never deployed": {func(s *takeovertest.Service) {
			s.Properties = map[string]string{"last-completed-update-type": "NONE"}
			nodes(func(task *takeovertest.Task) { task.Ready = false })(s)
		}, nil, nil, []string{"no node is ready, and the former scheduler never finished"}},
		"no nodes": {nodes(func(task *takeovertest.Task) { task.ID = "" }), nil, nil, []string{"no node was ever launched"}},
		"all at once": {func(s *takeovertest.Service) { s.Task(one).Override = "PAUSED" }, []string{"NODE_COUNT=2", "NODE_DISK=6000", "FRAMEWORK_USER=nobody"}, nil,
			[]string{"FRAMEWORK_USER", "NODE_DISK", "cockroachdb-2-node-join: exists", one + " (PAUSED)"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := takeovertest.New(takeovertest.SDK20, 3)
			tt.change(s)
			_, report, faults := takeover.Adopt(takeover.Found{Nodes: s.Tree(), Holders: tt.holders}, target(t, tt.env...), "java-state-x", now)
			var text bytes.Buffer
			if err := report.Text(&text); err != nil {
				t.Fatal(err)
			}
			lines, _, _ := strings.Cut(text.String(), "\n\n")
			for _, want := range tt.want {
				if !strings.Contains(lines, want) {
					t.Errorf("lacks %q:\n%s", want, lines)
				}
			}
			if len(faults) != len(tt.want) && name != "one volume for two" {
				t.Errorf("%d faults, want %d:\n%s", len(faults), len(tt.want), lines)
			}
			for _, fault := range faults {
				if fault.Message == "" || fault.Remedy == "" || fault.Field == "" {
					t.Errorf("half a fault: %+v", fault)
				}
			}
		})
	}
}
