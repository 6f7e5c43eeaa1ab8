package model

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// The labels by which frameworks of the DC/OS SDK's kind know their reservations.
const (
	labelFramework = "framework_id"
	labelResource  = "resource_id"
)

// Reservation is one dynamically reserved resource of an agent.
type Reservation struct {
	AgentID string
	Role    string
	// FrameworkID and ResourceID are the labels framework_id and resource_id, empty without.
	FrameworkID, ResourceID string
	// Name is the resource's, cpus and so on; VolumeID the persistence id when it is a volume.
	Name, VolumeID string
	// InUse says that a task or an executor holds some of it.
	InUse bool
}

// Reservations lists all dynamic reservations, agent by agent in order of registration, those of agents out of reach too.
// It is much cheaper than State.
func (m *Model) Reservations() []Reservation {
	var list []Reservation
	for _, a := range m.agentOrder {
		for _, item := range a.total {
			top := dynamic(item)
			if top == nil {
				continue
			}
			r := Reservation{AgentID: a.id, Role: top.GetRole(), FrameworkID: labelOf(top, labelFramework),
				ResourceID: labelOf(top, labelResource), Name: item.Name(), InUse: a.uses(item)}
			if item.IsVolume() {
				r.VolumeID = item.Disk().Persistence.ID
			}
			list = append(list, r)
		}
	}
	return list
}

// dynamic is the innermost reservation of an item, when it was made at run time.
func dynamic(item pile.Item) *mesos.Resource_ReservationInfo {
	stack := item.Reservations()
	if len(stack) == 0 || stack[len(stack)-1].GetType() != mesos.Resource_ReservationInfo_DYNAMIC {
		return nil
	}
	return &stack[len(stack)-1]
}

func labelOf(r *mesos.Resource_ReservationInfo, key string) string {
	for _, label := range r.GetLabels().GetLabels() {
		if label.Key == key {
			return label.GetValue()
		}
	}
	return ""
}

// uses tells whether anything that runs holds some of an item.
func (a *agent) uses(item pile.Item) bool {
	for _, e := range a.executors {
		if e.resources.Shares(item) {
			return true
		}
		for _, t := range e.tasks {
			if !t.released && t.resources.Shares(item) {
				return true
			}
		}
	}
	for _, t := range a.orphans {
		if !t.released && t.resources.Shares(item) {
			return true
		}
	}
	return false
}

// strip is what an operator does to get rid of reservations: first the volumes, then, with unreserve, the rest.
func (m *Model) strip(agentID, label, value string, unreserve bool) error {
	a, err := m.agent(agentID)
	if err != nil {
		return err
	}
	var volumes, plain pile.Pile
	for _, item := range a.total {
		top := dynamic(item)
		if top == nil || labelOf(top, label) != value {
			continue
		}
		if item.IsVolume() {
			volumes = append(volumes, item)
		}
		plain = plain.PlusItem(item.WithoutVolume())
	}
	if len(volumes) > 0 {
		op := mesos.Offer_Operation{Type: mesos.Offer_Operation_DESTROY,
			Destroy: &mesos.Offer_Operation_Destroy{Volumes: volumes.Resources(pile.Format{})}}
		if err := asError(m.operate(agentID, op)); err != nil {
			return err
		}
	}
	if !unreserve || len(plain) == 0 {
		return nil
	}
	return asError(m.operate(agentID, mesos.Offer_Operation{Type: mesos.Offer_Operation_UNRESERVE,
		Unreserve: &mesos.Offer_Operation_Unreserve{Resources: plain.Resources(pile.Format{})}}))
}
