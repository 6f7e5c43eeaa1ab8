package tasks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Preview is what a change of the target would do. It decides nothing of its own: what restarts is SameTask's judgement,
// and what is refused is RefuseChange's.
type Preview struct {
	Changes []Change
	// Steps are all tasks that the new target wants, in the order of the rollout.
	Steps []PreviewStep
}

// Change is a setting, or a field that no setting is behind, whose value differs.
type Change struct {
	// Setting is the variable, or the path of the field.
	Setting string
	// Old and New are the values without passwords; empty means absent.
	Old, New string
	// Effect is one clause on what the change does to what runs.
	Effect string
}

// String is the change in one line: NODE_CPUS "1" => "2".
func (c Change) String() string {
	return fmt.Sprintf("%s %q => %q", c.Setting, c.Old, c.New)
}

// Action is what a change does to a task.
type Action string

// Actions.
const (
	ActionAdd     Action = "add"
	ActionRestart Action = "restart"
	ActionKeep    Action = "keep"
)

// PreviewStep is what becomes of one task.
type PreviewStep struct {
	Pod    Pod
	Task   string
	Action Action
	// Why are the changes that restart or add it.
	Why []Change
}

// Launched is a task that was launched, and the target that it was launched under: that of a task that an earlier change
// has not reached yet is an older one.
type Launched struct {
	Pod    Pod
	Spec   string
	Target Target
}

// Diff shows what going from one target to another does to the running tasks. A target without pods as the first one means
// that nothing is deployed: everything is added. It does not ask whether the change is allowed.
func Diff(before, after Target, running []Launched) Preview {
	var preview Preview
	if len(before.Pods) > 0 {
		old, now := filled(before), filled(after)
		old.ID, now.ID = "", ""
		preview.Changes = changed(before, after, differences(old, now))
	}
	for _, pod := range after.Pods {
		for index := range pod.Count {
			for _, spec := range pod.TasksOf(index) {
				if spec.Goal == GoalRunning {
					preview.Steps = append(preview.Steps, previewStep(before, after, Pod{Type: pod.Type, Index: index}, spec.Name, running))
				}
			}
		}
	}
	return preview
}

func previewStep(before, after Target, pod Pod, spec string, running []Launched) PreviewStep {
	step := PreviewStep{Pod: pod, Task: pod.Task(spec), Action: ActionAdd}
	for _, one := range running {
		if one.Pod != pod || one.Spec != spec {
			continue
		}
		if SameTask(one.Target, after, pod, spec) {
			step.Action = ActionKeep
			return step
		}
		step.Action, step.Why = ActionRestart, changed(one.Target, after, restarting(one.Target, after, pod, spec))
		return step
	}
	if old, ok := before.Pod(pod.Type); ok && pod.Index >= old.Count {
		now, _ := after.Pod(pod.Type)
		step.Why = changed(before, after, []leaf{{"pods/" + pod.Type + "/count", fmt.Sprint(old.Count), fmt.Sprint(now.Count)}})
	}
	return step
}

// changed turns differing fields into settings, one for each, in the order of the table of settings.
func changed(before, after Target, leaves []leaf) []Change {
	leaves = slices.Clone(leaves)
	slices.SortStableFunc(leaves, func(a, b leaf) int { return cmp.Compare(rank(a.path), rank(b.path)) })
	byName := map[string][]leaf{}
	var names []string
	for _, l := range leaves {
		setting := settingOf(l.path, l.old, l.new)
		if followsVersion(setting, before, after) {
			setting = versionSetting
		}
		if byName[setting] == nil {
			names = append(names, setting)
		}
		byName[setting] = append(byName[setting], l)
	}
	restarts := differences(inForce(before), inForce(after))
	var list []Change
	for _, setting := range names {
		fields := byName[setting]
		first := fields[0]
		change := Change{Setting: setting, Old: shown(first.old), New: shown(first.new), Effect: effect(before, after, fields, restarts)}
		if setting == "ENABLE_VIRTUAL_NETWORK" {
			change.Old, change.New = fmt.Sprint(first.old != ""), fmt.Sprint(first.new != "")
		}
		list = append(list, change)
	}
	return list
}

// effect says what a change of these fields does to running tasks.
func effect(before, after Target, fields, restarts []leaf) string {
	if parts := strings.Split(fields[0].path, "/"); parts[0] == "pods" && (len(parts) == 2 || len(parts) == 4 && parts[2] == "tasks") {
		if fields[0].old != "" {
			return "leaves its tasks out"
		}
		return "adds its tasks, restarts nothing"
	}
	var pods []string
	jobs := false
	for _, field := range fields {
		if podOf(field.path) == AdminPod {
			// A job runs to its end as it was launched.
			jobs = true
			continue
		}
		if pod := podOf(field.path); slices.Contains(restarts, field) && !slices.Contains(pods, pod) {
			pods = append(pods, pod)
		}
	}
	switch path := fields[0].path; {
	case path == "service/secure":
		return "restarts every task: every node is stopped, then all are started, and the database is down meanwhile"
	case slices.Contains(pods, ""):
		return "restarts every task"
	case len(pods) > 0:
		return "restarts the tasks of " + strings.Join(pods, " and ")
	case jobs && !strings.HasSuffix(path, "/count"):
		return "restarts nothing; it counts for jobs from then on"
	case strings.HasSuffix(path, "/count"):
		old, _ := before.Pod(podOf(path))
		now, _ := after.Pod(podOf(path))
		return fmt.Sprintf("adds %d, restarts nothing", now.Count-old.Count)
	case strings.HasSuffix(path, "/placement"):
		return "moves nothing and restarts nothing; it counts when a pod gets a new place"
	case strings.HasSuffix(path, "/strategy"):
		return "restarts nothing; it counts when pods are first deployed"
	}
	return "restarts nothing"
}
