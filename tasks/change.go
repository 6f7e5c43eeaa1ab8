package tasks

import (
	"fmt"
	"reflect"
	"slices"
)

// Same says that two targets ask for the same, apart from where the scheduler itself is reached: a scheduler that
// moved changes nothing for the nodes.
func Same(a, b Target) bool {
	return reflect.DeepEqual(withoutPlace(a), withoutPlace(b))
}

// SameTask says that a task of a pod needs no restart to go from one target to the other. Counts and placement are
// left out: growing touches no running pod, and a new constraint moves nothing by itself (SDK, section 2.7).
func SameTask(before, after Target, pod Pod, spec string) bool {
	a, taskA, okA := before.Spec(pod, spec)
	b, taskB, okB := after.Spec(pod, spec)
	if !okA || !okB {
		return false
	}
	a.Count, b.Count = 0, 0
	a.Placement, b.Placement = "", ""
	a.Strategy, b.Strategy = "", ""
	a.Tasks, b.Tasks = nil, nil
	return reflect.DeepEqual(withoutPlace(before).Service, withoutPlace(after).Service) &&
		reflect.DeepEqual(a, b) && reflect.DeepEqual(taskA, taskB)
}

func withoutPlace(t Target) Target {
	t.ID = ""
	t.Service.API, t.Service.WebURL, t.Service.Zookeeper = "", "", ""
	return t
}

// RefuseChange lists why a target may not follow another: what would lose data or strand running nodes. An empty
// list means that the change may be rolled out. The rules and their names are the SDK's (section 2.8).
func RefuseChange(before, after Target) []Fault {
	var faults []Fault
	fixed := func(field, old, new, message string) {
		if old != new {
			faults = append(faults, Fault{Field: field, Value: new,
				Message: fmt.Sprintf("cannot change from %q: %s", old, message), Remedy: fmt.Sprintf("set it back to %q", old)})
		}
	}
	fixed("FRAMEWORK_NAME", before.Service.Name, after.Service.Name, "the service's state, role and names hang on it")
	fixed("FRAMEWORK_PRINCIPAL", before.Service.Principal, after.Service.Principal, "the reservations belong to it")
	fixed("FRAMEWORK_USER", before.Service.User, after.Service.User, "the data on the volumes belongs to it")
	for _, old := range before.Pods {
		pod, ok := after.Pod(old.Type)
		if !ok || pod.Count < old.Count {
			faults = append(faults, Fault{Field: countField(old.Type), Value: fmt.Sprint(pod.Count),
				Message: fmt.Sprintf("cannot shrink from %d: the nodes left out would take their data with them", old.Count),
				Remedy:  fmt.Sprintf("set it to %d or more", old.Count)})
		}
		if !ok {
			continue
		}
		fixed("ENABLE_VIRTUAL_NETWORK", old.Network, pod.Network, "running nodes would not find each other")
		for _, task := range old.Tasks {
			faults = append(faults, refuseVolume(old.Type, task, pod)...)
		}
	}
	return slices.Compact(faults)
}

// refuseVolume names no task, so that node-init and node-join, which have one setting, give one fault.
func refuseVolume(podType string, old TaskSpec, pod PodSpec) []Fault {
	for _, task := range pod.Tasks {
		if task.Name != old.Name || reflect.DeepEqual(task.Need.Volume, old.Need.Volume) {
			continue
		}
		return []Fault{{Field: diskField(podType), Value: volumeText(task.Need.Volume),
			Message: "volumes must stay equal, they have " + volumeText(old.Need.Volume),
			Remedy:  "set size and type back; a bigger volume needs new nodes"}}
	}
	return nil
}

func volumeText(volume *VolumeNeed) string {
	if volume == nil {
		return "none"
	}
	return fmt.Sprintf("%s %s MB", volume.Type, volume.Size)
}

func countField(podType string) string {
	if podType == NodePod {
		return "NODE_COUNT"
	}
	return "SIDE_COUNT"
}

func diskField(podType string) string {
	if podType == NodePod {
		return "NODE_DISK"
	}
	return "SIDE_DISK"
}
