package tasks

import (
	"slices"
	"strings"
)

// Same says that two targets ask for the same, apart from where the scheduler itself is reached: a scheduler that
// moved changes nothing for the nodes.
func Same(a, b Target) bool {
	return len(differences(withoutPlace(a), withoutPlace(b))) == 0
}

// SameTask says that a task of a pod needs no restart to go from one target to the other. Counts, placement and the order
// of deployment are left out: growing touches no running pod, and a new constraint moves nothing by itself (SDK, section
// 2.7). Unlike the SDK, which restarts nothing for them (section 14), a port's virtual address and how it is shown count:
// they are part of the launched task and would otherwise never come into force.
func SameTask(before, after Target, pod Pod, spec string) bool {
	_, _, okBefore := before.Spec(pod, spec)
	_, _, okAfter := after.Spec(pod, spec)
	return okBefore && okAfter && len(restarting(before, after, pod, spec)) == 0
}

// restarting lists what is different between two targets for one task, and needs a restart of it to come into force. It is
// the one place that judges what restarts what.
func restarting(before, after Target, pod Pod, spec string) []leaf {
	mine := "pods/" + pod.Type + "/"
	others := mine + "tasks/"
	own := others + spec + "/"
	return slices.DeleteFunc(differences(inForce(before), inForce(after)), func(l leaf) bool {
		path := l.path + "/"
		switch {
		case strings.HasPrefix(path, others):
			return !strings.HasPrefix(path, own)
		default:
			return !strings.HasPrefix(path, "service/") && !strings.HasPrefix(path, mine)
		}
	})
}

// inForce keeps of a target what a running task has in it.
func inForce(t Target) Target {
	t = filled(withoutPlace(t))
	t.Pods = slices.Clone(t.Pods)
	for i := range t.Pods {
		t.Pods[i].Count, t.Pods[i].Placement, t.Pods[i].Strategy = 0, "", ""
	}
	return t
}

// withoutPlace leaves out the id, and where the scheduler is: tasks look for it under a name, or are told at launch.
func withoutPlace(t Target) Target {
	t.ID = ""
	t.Service.API, t.Service.WebURL, t.Service.Zookeeper = "", "", ""
	t.Service.APITLS, t.Service.APICA = false, ""
	return t
}

// filled gives fields that a stored target may lack, because an older version wrote it, the meaning that their absence
// had. Otherwise an update of the scheduler would look like a change of the user (the SDK fills the user in the same way).
func filled(t Target) Target {
	s := &t.Service
	for _, field := range []struct {
		value *string
		meant string
	}{
		{&s.User, "root"}, {&s.Discovery, DiscoverAutoIP}, {&s.Principal, Principal(s.Name)}, {&s.Role, Role(s.Name)},
	} {
		if *field.value == "" {
			*field.value = field.meant
		}
	}
	return t
}
