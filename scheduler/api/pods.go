package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// pods lists the instances that were launched, sorted as text: cockroachdb-10 before cockroachdb-2, as the SDK does.
func (h handlers) pods(w http.ResponseWriter, _ *http.Request) {
	names := wire.Names{}
	for _, record := range h.source.Snapshot().Facts.Records {
		names = append(names, record.Pod.String())
	}
	slices.Sort(names)
	answer(w, http.StatusOK, slices.Compact(names))
}

func (h handlers) allPodStatus(w http.ResponseWriter, _ *http.Request) {
	state := h.source.Snapshot()
	shown := wire.ServicePods{Service: state.Facts.Target().Service.Name}
	for _, pod := range podsOf(state) {
		last := len(shown.Pods) - 1
		if last < 0 || shown.Pods[last].Name != pod.Type {
			shown.Pods = append(shown.Pods, wire.PodType{Name: pod.Type})
			last++
		}
		shown.Pods[last].Instances = append(shown.Pods[last].Instances, podStatus(state, pod))
	}
	answer(w, http.StatusOK, shown)
}

func (h handlers) podStatus(w http.ResponseWriter, r *http.Request) {
	state, name := h.source.Snapshot(), r.PathValue("pod")
	pod, ok := podNamed(state, name)
	if !ok {
		plain(w, http.StatusNotFound, fmt.Sprintf("Pod %s not found", name))
		return
	}
	answer(w, http.StatusOK, podStatus(state, pod))
}

// podNamed finds a launched pod by its name.
func podNamed(state core.State, name string) (tasks.Pod, bool) {
	for _, pod := range podsOf(state) {
		if pod.String() == name {
			return pod, true
		}
	}
	return tasks.Pod{}, false
}

func podStatus(state core.State, pod tasks.Pod) wire.Pod {
	shown := wire.Pod{Name: pod.String()}
	for _, record := range recordsOf(state, pod) {
		shown.Tasks = append(shown.Tasks, wire.Task{ID: record.TaskID, Name: record.Task,
			Status: taskStatus(*record), Reason: reasonOf(state, record)})
	}
	return shown
}

// taskStatus is the Mesos state without TASK_, or what a pause makes of it (SDK, section 4.4): PAUSING until the task
// idles, PAUSED then, and STARTING from the wish to resume to the launch that does.
func taskStatus(record tasks.Record) string {
	switch {
	case record.Paused && record.Idling && record.Status.State == tasks.Running:
		return string(wire.StatusPaused)
	case record.Paused:
		return string(wire.StatusPausing)
	case record.Idling:
		return string(wire.StatusStarting)
	}
	return strings.TrimPrefix(string(record.Status.State), "TASK_")
}

// reasonOf is why the task's step is not complete, empty when every step of it is. What recovery says of it comes first:
// the other plans only point there.
func reasonOf(state core.State, record *tasks.Record) string { return waitsFor(state, record).String() }

func waitsFor(state core.State, record *tasks.Record) plans.Reason {
	for _, plan := range append([]plans.Plan{planOf(state, plans.RecoveryPlan)}, state.Plans...) {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if step.Task == record.Task && step.Status != plans.Complete && step.Reason.Why != plans.WhyNothing {
					return step.Reason
				}
			}
		}
	}
	return plans.Reason{}
}

// podsOf are the launched pods, types by name, instances by number.
func podsOf(state core.State) []tasks.Pod {
	var pods []tasks.Pod
	for _, record := range state.Facts.Records {
		pods = append(pods, record.Pod)
	}
	slices.SortFunc(pods, func(a, b tasks.Pod) int {
		if a.Type != b.Type {
			return strings.Compare(a.Type, b.Type)
		}
		return a.Index - b.Index
	})
	return slices.Compact(pods)
}

// recordsOf are the records of a pod, by task name.
func recordsOf(state core.State, pod tasks.Pod) []*tasks.Record {
	var records []*tasks.Record
	for _, record := range state.Facts.Records {
		if record.Pod == pod {
			records = append(records, record)
		}
	}
	slices.SortFunc(records, func(a, b *tasks.Record) int { return strings.Compare(a.Task, b.Task) })
	return records
}
