package tasks_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// mutate visits every field of a target that can be changed, and changes one at a time.
func mutate(t *testing.T, visit func(field string, changed tasks.Target)) {
	t.Helper()
	for n := 0; ; n++ {
		target, at := deployed(), 0
		field := ""
		var walk func(path string, v reflect.Value)
		walk = func(path string, v reflect.Value) {
			switch v.Kind() {
			case reflect.Struct:
				for i := range v.NumField() {
					walk(path+"."+v.Type().Field(i).Name, v.Field(i))
				}
				return
			case reflect.Pointer:
				if v.IsNil() {
					v.Set(reflect.New(v.Type().Elem()))
				}
				walk(path, v.Elem())
				return
			case reflect.Slice:
				for i := range v.Len() {
					walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
				}
			}
			if at++; at-1 != n {
				return
			}
			field = path
			switch v.Kind() {
			case reflect.String:
				v.SetString(v.String() + "x")
			case reflect.Bool:
				v.SetBool(!v.Bool())
			case reflect.Map:
				v.Set(reflect.ValueOf(map[string]string{"OTHER": ""}))
			case reflect.Slice:
				v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
			default:
				if v.CanInt() {
					v.SetInt(v.Int() + 1)
				} else {
					v.SetUint(v.Uint() + 1)
				}
			}
		}
		walk("", reflect.ValueOf(&target).Elem())
		if field == "" {
			if n < 100 {
				t.Fatalf("only %d fields seen", n)
			}
			return
		}
		visit(field, target)
	}
}

// withChecks is the target that mutate changes: it fills what is nil.
func withChecks() tasks.Target {
	target := deployed()
	for i := range target.Pods {
		for j := range target.Pods[i].Tasks {
			task := &target.Pods[i].Tasks[j]
			task.Readiness, task.Health = &tasks.Check{}, &tasks.Check{}
			if task.Need.Volume == nil {
				task.Need.Volume = &tasks.VolumeNeed{}
			}
		}
		if target.Pods[i].Overhead.Volume == nil {
			target.Pods[i].Overhead.Volume = &tasks.VolumeNeed{}
		}
	}
	return target
}

// TestDiffRestartsWhatSameTaskSays changes every field there is, one at a time.
func TestDiffRestartsWhatSameTaskSays(t *testing.T) {
	before := withChecks()
	var running []tasks.Launched
	for _, pod := range before.Pods {
		for index := range pod.Count {
			for _, spec := range pod.TasksOf(index) {
				running = append(running, tasks.Launched{Pod: tasks.Pod{Type: pod.Type, Index: index}, Spec: spec.Name, Target: before})
			}
		}
	}
	idle, busy := 0, 0
	mutate(t, func(field string, after tasks.Target) {
		preview := tasks.Diff(before, after, running)
		steps := map[string]tasks.PreviewStep{}
		for _, step := range preview.Steps {
			steps[step.Task] = step
		}
		restarts := false
		for _, one := range running {
			same := tasks.SameTask(before, after, one.Pod, one.Spec)
			step, wanted := steps[one.Pod.Task(one.Spec)]
			if !wanted {
				continue // renamed, or no longer wanted to run
			}
			if (step.Action == tasks.ActionRestart) == same || step.Action == tasks.ActionAdd {
				t.Errorf("%s: SameTask says %v, Diff %s for %s", field, same, step.Action, step.Task)
			}
			if !same && len(step.Why) == 0 {
				t.Errorf("%s: nothing says why %s restarts", field, step.Task)
			}
			restarts = restarts || !same
		}
		if restarts {
			busy++
		} else {
			idle++
		}
		if field == ".ID" {
			return
		}
		if len(preview.Changes) == 0 {
			t.Errorf("%s: no change is shown", field)
		}
		for _, change := range preview.Changes {
			if says := strings.HasPrefix(change.Effect, "restarts the") || strings.HasPrefix(change.Effect, "restarts every"); says != restarts && len(preview.Steps) == len(running) {
				t.Errorf("%s: %s: %s, although a restart is %v", field, change, change.Effect, restarts)
			}
		}
	})
	if idle < 5 || busy < 50 {
		t.Errorf("%d changes restart nothing, %d restart something: the test looks at the wrong things", idle, busy)
	}
}

func TestSameTaskIsEqualityOfWhatRuns(t *testing.T) {
	// The fields that may differ without a restart, and every other may not, by their names: a field that is added to a target
	// restarts tasks unless it is put on this list.
	free := []string{".ID", ".Service.API", ".Service.APITLS", ".Service.APICA", ".Service.Zookeeper", ".Service.WebURL", ".Pods[0].Count", ".Pods[0].Placement", ".Pods[0].Strategy"}
	before := withChecks()
	mutate(t, func(field string, after tasks.Target) {
		other := strings.HasPrefix(field, ".Pods[1]") || strings.HasPrefix(field, ".Pods[0].Tasks[1]") || field == ".Pods" || field == ".Pods[0].Tasks"
		want := other || slices.Contains(free, field)
		if got := tasks.SameTask(before, after, tasks.Pod{Type: tasks.NodePod}, "node-init"); got != want {
			t.Errorf("%s: got %v, want %v", field, got, want)
		}
		if got := tasks.Same(before, after); got != (slices.Contains(free[:6], field)) {
			t.Errorf("Same: %s: got %v", field, got)
		}
	})
}

func lines(preview tasks.Preview) string {
	var text strings.Builder
	for _, change := range preview.Changes {
		fmt.Fprintf(&text, "%s: %s\n", change, change.Effect)
	}
	for _, step := range preview.Steps {
		fmt.Fprintf(&text, "%s %s", step.Action, step.Task)
		for _, why := range step.Why {
			fmt.Fprintf(&text, ", %s", why)
		}
		text.WriteString("\n")
	}
	return text.String()
}

func TestDiffFollowsTheRollout(t *testing.T) {
	before, after := deployed(), deployed()
	older := deployed()
	older.Pods[0].Overhead.CPUs = 50
	after.Pods[0].Count, after.Pods[0].Placement = 4, "rack:GROUP_BY"
	for i := range after.Pods[0].Tasks {
		after.Pods[0].Tasks[i].Need.CPUs = 2000
	}
	running := []tasks.Launched{
		{Pod: tasks.Pod{Type: tasks.MetricsPod}, Spec: "server", Target: before},
		{Pod: tasks.Pod{Type: tasks.NodePod, Index: 1}, Spec: "node-join", Target: older},
		{Pod: tasks.Pod{Type: tasks.NodePod}, Spec: "node-init", Target: before},
	}
	want := `NODE_COUNT "3" => "4": adds 1, restarts nothing
NODE_PLACEMENT "hostname:UNIQUE" => "rack:GROUP_BY": moves nothing and restarts nothing; it counts when a pod gets a new place
NODE_CPUS "1" => "2": restarts the tasks of cockroachdb
restart cockroachdb-0-node-init, NODE_CPUS "1" => "2"
restart cockroachdb-1-node-join, EXECUTOR_CPUS "0.05" => "0.1", NODE_CPUS "1" => "2"
add cockroachdb-2-node-join
add cockroachdb-3-node-join, NODE_COUNT "3" => "4"
keep metrics-0-server
`
	if got := lines(tasks.Diff(before, after, running)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := lines(tasks.Diff(tasks.Target{}, deployed(), nil)), `add cockroachdb-0-node-init
add cockroachdb-1-node-join
add cockroachdb-2-node-join
add metrics-0-server
`; got != want {
		t.Errorf("nothing deployed: got\n%s\nwant\n%s", got, want)
	}
}

// A rollout that was stopped half-way goes on, although the target in force asks for nothing new.
func TestATaskThatAnEarlierChangeHasNotReachedRestarts(t *testing.T) {
	older, inForce := deployed(), deployed()
	older.Pods[0].Overhead.CPUs = 50
	preview := tasks.Diff(inForce, inForce, []tasks.Launched{
		{Pod: tasks.Pod{Type: tasks.NodePod}, Spec: "node-init", Target: inForce},
		{Pod: tasks.Pod{Type: tasks.NodePod, Index: 1}, Spec: "node-join", Target: older},
	})
	if len(preview.Changes) > 0 || preview.Steps[0].Action != tasks.ActionKeep || preview.Steps[1].Action != tasks.ActionRestart {
		t.Errorf("got %s", lines(preview))
	}
}

func TestPasswordsOfAddressesAreNotShown(t *testing.T) {
	before, after := deployed(), deployed()
	before.Pods[0].URIs[1].Value, after.Pods[0].URIs[1].Value = "https://me:hush@m/a.tgz", "https://you:hush@m/a.tgz"
	got := lines(tasks.Diff(before, after, nil))
	if strings.Contains(got, "hush") || !strings.Contains(got, `COCKROACH_URI "https://***@m/a.tgz" => "https://***@m/a.tgz"`) {
		t.Errorf("got %s", got)
	}
}

// older drops fields from a target's stored form, as a version would have written it that did not know them.
func older(t *testing.T, target tasks.Target, fields ...string) tasks.Target {
	t.Helper()
	text, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	var stored map[string]any
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	var drop func(any)
	drop = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			for _, field := range fields {
				delete(v, field)
			}
			v["unknown"] = "of a version to come"
			for key, inner := range v {
				if key == "env" {
					continue
				}
				drop(inner)
			}
		case []any:
			for _, inner := range v {
				drop(inner)
			}
		}
	}
	drop(stored)
	if text, err = json.Marshal(stored); err != nil {
		t.Fatal(err)
	}
	var back tasks.Target
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestATargetOfAnOlderVersionIsCompared(t *testing.T) {
	now := deployed()
	pod := tasks.Pod{Type: tasks.NodePod, Index: 1}
	for _, tt := range []struct {
		lacks    []string
		sameTask bool
		refused  []string
	}{
		{[]string{"strategy"}, true, nil},
		{[]string{"strategy", "user", "discovery", "principal", "role", "api"}, true, nil},
		{[]string{"placement"}, true, nil},
		{[]string{"env"}, false, nil},
		{[]string{"ports"}, false, nil},
		{[]string{"overhead", "uris"}, false, nil},
		{[]string{"tasks"}, false, nil},
		{[]string{"pods"}, false, nil},
		{[]string{"volume"}, false, []string{"pods/cockroachdb/tasks/node-init/need/volume", "pods/cockroachdb/tasks/node-join/need/volume"}},
	} {
		t.Run("without "+strings.Join(tt.lacks, ", "), func(t *testing.T) {
			before := older(t, deployed(), tt.lacks...)
			if got := tasks.SameTask(before, now, pod, "node-join"); got != tt.sameTask {
				t.Errorf("SameTask: got %v, want %v", got, tt.sameTask)
			}
			var refused []string
			for _, fault := range tasks.RefuseChange(before, now) {
				refused = append(refused, fault.Field)
			}
			if !slices.Equal(refused, tt.refused) {
				t.Errorf("refused: got %v, want %v", refused, tt.refused)
			}
			tasks.Diff(before, now, []tasks.Launched{{Pod: pod, Spec: "node-join", Target: before}})
		})
	}
}

// What a store makes of a target is no change of it, whatever is empty in it.
func TestStoringATargetChangesNothing(t *testing.T) {
	target := deployed()
	target.Pods[1].Tasks[0].Env, target.Pods[1].Tasks[0].Ports = map[string]string{}, []tasks.PortSpec{}
	back := older(t, target)
	if !tasks.Same(target, back) || !tasks.SameTask(target, back, tasks.Pod{Type: tasks.MetricsPod}, "server") {
		t.Error("a stored target is another one")
	}
}
