package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

func reserve(item pile.Item, role string, principal *string) (from, to pile.Item, problem string) {
	stack := item.Reservations()
	if len(stack) == 0 || stack[len(stack)-1].GetType() != mesos.Resource_ReservationInfo_DYNAMIC {
		return from, to, fmt.Sprintf("Resource %s is not dynamically reserved", item.Text(role))
	}
	last := stack[len(stack)-1]
	if role != "" && last.GetRole() != role {
		return from, to, fmt.Sprintf("A reserve operation was attempted for a resource with role '%s', "+
			"but the resource was allocated to role '%s'", last.GetRole(), role)
	}
	if principal != nil {
		switch {
		case last.Principal == nil:
			return from, to, fmt.Sprintf("A reserve operation was attempted by principal '%s', "+
				"but there is a reserved resource in the request with no principal set", *principal)
		case *last.Principal != *principal:
			return from, to, fmt.Sprintf("A reserve operation was attempted by authenticated principal '%s', "+
				"which does not match a reserved resource in the request with principal '%s'", *principal, *last.Principal)
		}
	}
	if item.IsVolume() {
		return from, to, fmt.Sprintf("A persistent volume %s must not be reserved", item.Text(role))
	}
	return item.WithReservations(stack[:len(stack)-1]), item, ""
}

func unreserve(item pile.Item, role string) (from, to pile.Item, problem string) {
	stack := item.Reservations()
	if len(stack) == 0 || stack[len(stack)-1].GetType() != mesos.Resource_ReservationInfo_DYNAMIC {
		return from, to, fmt.Sprintf("Resource %s is not dynamically reserved", item.Text(role))
	}
	if item.IsVolume() {
		return from, to, fmt.Sprintf("A dynamically reserved persistent volume %s cannot be unreserved directly. "+
			"Please destroy the persistent volume first then unreserve the resource", item.Text(role))
	}
	return item, item.WithReservations(stack[:len(stack)-1]), ""
}

func create(item pile.Item, a *agent, created map[string]bool, principal *string) (from, to pile.Item, problem string) {
	disk := item.Disk()
	if disk == nil {
		return from, to, "Not a persistent volume: Resource does not have DiskInfo"
	}
	persistence, volume := disk.Persistence, disk.Volume
	switch {
	case persistence != nil && len(item.Reservations()) == 0:
		return from, to, "Invalid resources: Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources"
	case persistence != nil && volume == nil:
		return from, to, "Invalid resources: Invalid DiskInfo: Expecting 'volume' to be set for persistent volume"
	case persistence != nil && volume.HostPath != nil:
		return from, to, "Invalid resources: Invalid DiskInfo: Expecting 'host_path' to be unset for persistent volume"
	case persistence == nil:
		return from, to, "Not a persistent volume: 'persistence' is not set in DiskInfo"
	case volume.GetMode() == mesos.RO:
		return from, to, "Not a persistent volume: Read-only persistent volume not supported"
	}
	if problem := idProblem(persistence.ID); problem != "" {
		return from, to, "Invalid resources: Invalid DiskInfo: " + problem
	}
	if created[persistence.ID] || a.hasVolume(persistence.ID) {
		return from, to, fmt.Sprintf("Persistence ID '%s' is not unique", persistence.ID)
	}
	created[persistence.ID] = true
	if principal != nil && persistence.GetPrincipal() != *principal {
		return from, to, fmt.Sprintf("A create operation was attempted by principal '%s', but there is a volume in the "+
			"operation with principal '%s' set in `DiskInfo.Persistence`", *principal, persistence.GetPrincipal())
	}
	return item.WithoutVolume(), item, ""
}

func destroy(item pile.Item, a *agent) (from, to pile.Item, problem string) {
	for _, have := range a.total {
		if item.IsVolume() && have.IsVolume() && (pile.Pile{have}).Contains(pile.Pile{item}) {
			if a.usesVolume(have) {
				return from, to, "Persistent volumes in use"
			}
			return have, have.WithoutVolume(), ""
		}
	}
	return from, to, "Persistent volumes not found"
}

func (a *agent) hasVolume(id string) bool {
	for _, item := range a.total {
		if item.IsVolume() && item.Disk().Persistence.ID == id {
			return true
		}
	}
	return false
}

func (a *agent) usesVolume(volume pile.Item) bool {
	for _, e := range a.executors {
		if e.resources.Contains(pile.Pile{volume}) {
			return true
		}
		for _, t := range e.tasks {
			if !t.released && t.resources.Contains(pile.Pile{volume}) {
				return true
			}
		}
	}
	return false
}
