package tasks

import "slices"

// refuseVolume keeps a task's volume as it is: it holds the data, and Mesos cannot turn it into another one. All that
// differs is listed. The faults name no task, so that node-init and node-join, which have one setting, give one fault.
func refuseVolume(podType string, old TaskSpec, pod PodSpec) []Fault {
	at := slices.IndexFunc(pod.Tasks, func(task TaskSpec) bool { return task.Name == old.Name })
	path := "pods/" + podType + "/tasks/" + old.Name + "/need/volume"
	if at < 0 {
		if old.Need.Volume == nil {
			return nil
		}
		return []Fault{transition(path, volumeText(old.Need.Volume), "none", "the task is left out, and its volume would be left behind",
			"keep the task")}
	}
	before, after := old.Need.Volume, pod.Tasks[at].Need.Volume
	if before == nil && after == nil {
		return nil
	}
	if before == nil || after == nil {
		return []Fault{transition(path, volumeText(before), volumeText(after), "a task that was deployed keeps having a volume, or having none",
			"set it back")}
	}
	var faults []Fault
	for _, l := range differences(*before, *after) {
		remedy := "set it back to " + quoted(l.old)
		if l.path == "size" {
			remedy += "; bigger or smaller volumes need a new service, to which a backup is restored"
		}
		faults = append(faults, transition(settingOf(path+"/"+l.path, "", ""), l.old, l.new, "volumes hold the data and must stay equal", remedy))
	}
	return faults
}

func volumeText(volume *VolumeNeed) string {
	if volume == nil {
		return "none"
	}
	return volume.Type + " " + volume.Size.String() + " MB"
}
