package tasks

import (
	"fmt"
	"slices"
)

// RefuseChange lists all the reasons why a target may not follow another: what would lose data or strand running nodes. An
// empty list means that the change may be rolled out. Older are targets that some tasks still run under, because an
// earlier change is not rolled out yet; what those tasks cannot be brought to is refused too.
//
// The rules are those of the SDK (section 2.8) that look at two targets, and one for the database's version. Its others
// look at the new target alone, which scheduler/config does. It has rules for region, pre-reserved role and transport
// encryption; our targets have none of these. The role is made of the name and never changes alone.
//
// What is allowed, though it looks daring: another way of discovery, other domains and other ports. Each node is
// restarted with its volume and therefore keeps its node id; the others learn its new address from it and the join list,
// and a node that nobody reaches is not ready, so that the rollout ends with the first one and can be taken back.
func RefuseChange(before, after Target, older ...Target) []Fault {
	old, now := filled(before), filled(after)
	faults := slices.Concat(refuseIdentity(old.Service, now.Service), refusePods(old, now), refuseVersion(old, now))
	for _, one := range older {
		faults = append(faults, refuseVersion(filled(one), now)...)
	}
	return distinct(faults)
}

// refuseIdentity holds on to who the service is: reservations, volumes and stored state belong to these.
func refuseIdentity(old, now Service) []Fault {
	var faults []Fault
	fixed := func(field, before, after, message string) {
		if before != after {
			faults = append(faults, transition(field, before, after, message, fmt.Sprintf("set it back to %q", before)))
		}
	}
	fixed("FRAMEWORK_NAME", old.Name, now.Name, "stored state, names and role hang on the service's name")
	named := old.Principal == Principal(old.Name) && now.Principal == Principal(now.Name)
	if !named || old.Name == now.Name {
		fixed("FRAMEWORK_PRINCIPAL", old.Principal, now.Principal, "the reservations and volumes belong to the principal")
	}
	if old.Name == now.Name {
		fixed("service/role", old.Role, now.Role, "the reservations and volumes are made for the role")
	}
	fixed("FRAMEWORK_USER", old.User, now.User, "the data on the volumes belongs to the user")
	return faults
}

func refusePods(old, now Target) []Fault {
	var faults []Fault
	for _, pod := range old.Pods {
		next, _ := now.Pod(pod.Type)
		if next.Count < pod.Count {
			faults = append(faults, refuseShrinking(pod, next))
		}
		if next.Type == "" {
			continue
		}
		faults = append(faults, refuseNetwork(pod.Network, next.Network)...)
		for _, task := range pod.Tasks {
			faults = append(faults, refuseVolume(pod.Type, task, next)...)
		}
	}
	return faults
}

func refuseShrinking(old, now PodSpec) Fault {
	message := "the pods left out would take their place and data with them, and this version does not remove pods"
	if old.Type == NodePod {
		message = "the nodes left out would take their data with them"
	}
	return transition(settingOf("pods/"+old.Type+"/count", "", ""), fmt.Sprint(old.Count), fmt.Sprint(now.Count),
		message, fmt.Sprintf("set it to %d or more", old.Count))
}

// refuseNetwork keeps nodes where they find each other: the rollout goes node by node, and a node on another network need
// not reach those that are still on the old one. The SDK lets pods go from one virtual network to another; here that is
// refused too, because nothing tells the scheduler whether the two reach each other.
func refuseNetwork(old, now string) []Fault {
	const message = "the nodes are restarted one at a time, and those on one network need not reach those on the other"
	switch {
	case old == now:
		return nil
	case old == "" || now == "":
		virtual, turned := fmt.Sprint(old != ""), fmt.Sprint(now != "")
		return []Fault{transition("ENABLE_VIRTUAL_NETWORK", virtual, turned, message, fmt.Sprintf("set it back to %q", virtual))}
	}
	return []Fault{transition("VIRTUAL_NETWORK_NAME", old, now, message, fmt.Sprintf("set it back to %q", old))}
}

// transition is a fault in going from one value to another; the message names both.
func transition(field, old, now, message, remedy string) Fault {
	return Fault{Field: field, Old: old, Value: now, Message: fmt.Sprintf("cannot change from %q to %q: %s", old, now, message), Remedy: remedy}
}

// distinct keeps the first of equal faults: tasks and pods that share a setting give one.
func distinct(faults []Fault) []Fault {
	var list []Fault
	for _, fault := range faults {
		if !slices.Contains(list, fault) {
			list = append(list, fault)
		}
	}
	return list
}
