package diff

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func parse(environ ...string) config.Parsed {
	return config.Parse(append([]string{"PORT_API=8090"}, environ...), anyDay)
}

func inForce(environ ...string) core.Facts { return deployed(parse(environ...).Settings.Target()) }

// What is shown beforehand is what a started scheduler does, for every example of every setting.
func TestTheCoreDoesWhatIsShown(t *testing.T) {
	restarts := 0
	for _, one := range examples {
		given := append([]string{"PORT_API=8090"}, one.given...)
		parsed := config.Parse(append(slices.Clone(given), one.name+"="+one.value), anyDay)
		if len(parsed.Faults) > 0 {
			continue
		}
		facts := deployed(config.Parse(given, anyDay).Settings.Target())
		result := Compare(parsed, facts)
		state, _ := core.Start(facts, parsed.Settings.Target(), "new", anyDay, parsed.Settings.Core())
		if fmt.Sprint(state.Faults) != fmt.Sprint(result.Refused) {
			t.Errorf("%s: shown %v, refused %v", one.name, result.Refused, state.Faults)
		}
		for _, step := range result.Preview.Steps {
			record := state.Facts.Records[step.Task]
			want := tasks.ActionRestart
			switch {
			case record == nil:
				want = tasks.ActionAdd
			case record.TargetID == state.Facts.TargetID:
				want = tasks.ActionKeep
			default:
				restarts++
			}
			if step.Action != want {
				t.Errorf("%s=%s: shown %s of %s, the core means %s", one.name, one.value, step.Action, step.Task, want)
			}
		}
	}
	if restarts < 50 {
		t.Errorf("only %d restarts seen", restarts)
	}
}

func TestText(t *testing.T) {
	half := inForce()
	// An earlier change has reached node 0 alone.
	older := half.Targets["in force"]
	older.ID = "older"
	older.Pods = slices.Clone(older.Pods)
	older.Pods[0].Overhead.CPUs = 50
	half.Targets["older"] = older
	for _, name := range []string{"cockroachdb-1-node-join", "cockroachdb-2-node-join"} {
		record := *half.Records[name]
		record.TargetID = "older"
		half.Records[name] = &record
	}
	var page bytes.Buffer
	for _, tt := range []struct {
		name  string
		facts core.Facts
		env   []string
	}{
		{"nothing deployed", core.Facts{}, nil},
		{"nothing differs", inForce(), nil},
		{"nodes, and more of them", inForce(), []string{"NODE_COUNT=4", "NODE_CPUS=2", "NODE_PLACEMENT=", "READINESS_CHECK_INTERVAL=30s"}},
		{"metrics alone", inForce(), []string{"SIDE_MEM=2000"}},
		{"placement alone", inForce(), []string{"NODE_PLACEMENT=rack:GROUP_BY"}},
		{"a version, its archive and its grace", inForce("COCKROACH_VERSION=v19.2.5"), []string{"COCKROACH_VERSION=v19.2.6"}},
		{"a mirror with a password", inForce(), []string{"COCKROACH_URI=https://me:hush@m/cockroach-v24.1.6.linux-amd64.tgz"}},
		{"in the middle of a rollout", half, nil},
		{"everything that is refused at once", inForce("NODE_DISK=9000"), []string{"NODE_COUNT=2", "FRAMEWORK_USER=nobody",
			"ENABLE_VIRTUAL_NETWORK=yes", "COCKROACH_VERSION=v2.1.11", "COCKROACH_URI=http://m/cockroach-v2.1.11.linux-amd64.tgz"}},
		{"a bad environment", inForce(), []string{"NODE_COUNT=three", "NODE_DISK_TYPE=SSD"}},
	} {
		fmt.Fprintf(&page, "# %s: %s\n", tt.name, strings.ReplaceAll(strings.Join(tt.env, " "), "hush", "…"))
		if err := Compare(parse(tt.env...), tt.facts).Text(&page); err != nil {
			t.Fatal(err)
		}
		page.WriteString("\n")
	}
	if strings.Contains(page.String(), "hush") {
		t.Error("a password shows")
	}
	golden(t, "testdata/text.golden.txt", page.Bytes())
}

func TestTheAPILaysVariablesOverItsOwn(t *testing.T) {
	own := []string{"PORT_API=8090", "NODE_CPUS=2"}
	facts := deployed(config.Parse(own, anyDay).Settings.Target())
	ask := ForAPI(own, nil, func() core.State { return core.State{Facts: facts} }, func() time.Time { return anyDay })
	ctx := context.Background()

	nothing, err := ask(ctx, nil)
	if err != nil || len(nothing.Faults)+len(nothing.Changes) > 0 || len(nothing.Steps) != 4 {
		t.Errorf("nothing over it: %+v, %v", nothing, err)
	}
	shown, err := ask(ctx, map[string]string{"NODE_COUNT": "4", "SIDE_CPUS": "3", "NODE_CPUS": "2.0"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := wire.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/api.golden.json", append(text, '\n'))

	bad, err := ask(ctx, map[string]string{"NODE_COUNT": "many"})
	if err != nil || len(bad.Faults) != 1 || bad.Faults[0].Field != "NODE_COUNT" {
		t.Errorf("a bad value: %+v, %v", bad, err)
	}
	refused, err := ask(ctx, map[string]string{"NODE_COUNT": "1"})
	if err != nil || len(refused.Faults) != 1 || len(refused.Changes) != 1 || len(refused.Steps) > 0 {
		t.Errorf("a refused one: %+v, %v", refused, err)
	}
	for _, name := range []string{"", "NODE_CPUS=1\x00", "A=B"} {
		if _, err := ask(ctx, map[string]string{name: "x"}); err == nil {
			t.Errorf("takes %q as a name", name)
		}
	}
}

// A target that an older version stored, without what came later, and with what only that version knew.
func TestAStoredTargetOfAnOlderVersion(t *testing.T) {
	text, err := json.Marshal(inForce().Target())
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	fields["era"] = "of its own"
	service := fields["service"].(map[string]any)
	for _, name := range []string{"user", "discovery", "web_url", "zookeeper", "api"} {
		delete(service, name)
	}
	for _, pod := range fields["pods"].([]any) {
		delete(pod.(map[string]any), "strategy")
	}
	if text, err = json.Marshal(fields); err != nil {
		t.Fatal(err)
	}
	stored := map[string][]byte{"target": []byte("in force"), "targets/in force": text}
	for name, record := range inForce().Records {
		if stored["records/"+name], err = json.Marshal(record); err != nil {
			t.Fatal(err)
		}
	}
	facts, err := core.Decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	result := Compare(parse(), facts)
	for _, step := range result.Preview.Steps {
		if step.Action != tasks.ActionKeep {
			t.Errorf("%s of %s: %v", step.Action, step.Task, step.Why)
		}
	}
	if len(result.Refused) > 0 || len(result.Preview.Steps) != 4 {
		t.Errorf("refused %v, steps %v", result.Refused, result.Preview.Steps)
	}
	result = Compare(parse("NODE_DEPLOY_STRATEGY=parallel", "NODE_MEM=4096"), facts)
	if len(result.Refused) > 0 || result.Preview.Steps[0].Action != tasks.ActionRestart || result.Preview.Steps[3].Action != tasks.ActionKeep {
		t.Errorf("with more memory: %+v", result)
	}
}

func TestAFullStopIsShown(t *testing.T) {
	facts := inForce()
	target := facts.Targets["in force"]
	target.Service.Secure = true // the environment asks for the other mode
	facts.Targets["in force"] = target
	result := Compare(parse(), facts)
	if !result.FullStop || !result.Wire().FullStop || len(result.Refused) != 1 || result.Refused[0].Field != "TLS_ENABLED" {
		t.Errorf("got %+v", result.Refused)
	}
	var page bytes.Buffer
	result.Refused = nil
	result.Preview = tasks.Diff(target, parse().Settings.Target(), launched(facts))
	if err := result.Text(&page); err != nil || !strings.Contains(page.String(), "Every node is stopped, then all are started") ||
		!strings.Contains(page.String(), `TLS_ENABLED "true" => "false"  restarts every task: every node is stopped, then all are started`) {
		t.Errorf("%v\n%s", err, page.String())
	}
}
