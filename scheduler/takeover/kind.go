package takeover

import (
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// kind is what becomes of a stored task.
type kind int

const (
	// adopted tasks become records.
	adopted kind = iota + 1
	// footprint tasks were never launched, or have ended and belong to no step of ours: what they alone hold is left over.
	footprint
	// stopped tasks run and have no place in this service: they hold no data and are killed.
	stopped
	// working tasks are sidecars that do something for a person.
	working
	// wrong tasks run under a name that this service gives to another pod.
	wrong
	// foreign tasks hold a volume and are of a kind that nobody here knows.
	foreign
)

// pod is the pod that a task belongs to, and the name of its spec.
func (s stored) pod() (pod tasks.Pod, spec string) {
	podType, index := label(s.info.Labels, "task_type"), label(s.info.Labels, "index")
	if podType == "" || index == "" {
		parts := strings.SplitN(s.name, "-", 3)
		if len(parts) < 3 {
			return tasks.Pod{Type: s.name, Index: -1}, ""
		}
		podType, index = parts[0], parts[1]
	}
	number, err := strconv.Atoi(index)
	if err != nil {
		number = -1
	}
	pod = tasks.Pod{Type: podType, Index: number}
	return pod, strings.TrimPrefix(s.name, pod.String()+"-")
}

// launched says that the task was started at least once.
func (s stored) launched() bool { return s.info.TaskID.Value != "" }

func (s stored) state() tasks.State {
	if s.status == nil || s.status.State == nil {
		return tasks.Staging
	}
	return tasks.State(s.status.State.String())
}

// runs says that the task is there, or may be.
func (s stored) runs() bool { return s.launched() && !s.state().Ended() }

// sidecars are the pods of the former service that held nothing but work in progress.
var sidecars = map[string]bool{tasks.AdminPod: true, "sidecar": true}

func kindOf(s stored, target tasks.Target) kind {
	pod, spec := s.pod()
	_, ours, known := target.Spec(pod, spec)
	switch {
	case known && ours.Goal == tasks.GoalRunning && s.launched():
		return adopted
	case pod.Type == tasks.NodePod || pod.Type == tasks.MetricsPod || sidecars[pod.Type]:
		switch {
		case !s.runs():
			return footprint
		case sidecars[pod.Type]:
			return working
		case pod.Type == tasks.NodePod && s.volume():
			return wrong
		}
		return stopped
	case s.volume():
		return foreign
	case !s.runs():
		return footprint
	}
	return stopped
}

// volume says that the task names a persistent volume.
func (s stored) volume() bool {
	for i := range s.info.Resources {
		if s.info.Resources[i].GetDisk().GetPersistence() != nil {
			return true
		}
	}
	return false
}
