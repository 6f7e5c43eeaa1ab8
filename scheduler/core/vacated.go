package core

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Vacated is what records held on one agent and hold no more: the place of a pod that was moved, of a job that is over, of a launch
// that was dropped. It is there until the agent is seen to have nothing of it, and only a removal asks: an agent that offers
// nothing just then is not overlooked. A value is never changed, only replaced.
type Vacated struct {
	Agent tasks.Agent `json:"agent"`
	// Since is when something of ours was last heard of there.
	Since time.Time `json:"since"`
	// Resources are the oldest first. Given is when one was last cleaned up; none is ever Gone, such are left out.
	Resources []plans.LeftResource `json:"resources"`
}

// What is remembered is bounded: beyond this the oldest is forgotten, and a removal finds it only if its agent offers it.
const (
	vacatedAgents    = 1000
	vacatedResources = 200
)

// vacate notes what records do not hold any more, whichever way it came to that, and forgets what one holds again.
func (f *frame) vacate(before map[string]*tasks.Record) {
	if f.puts == 0 && len(before) == len(f.Facts.Records) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		old, now := before[name], f.Facts.Records[name]
		if old == now {
			continue
		}
		held := heldBy(now)
		if !goneForGood(old) {
			f.vacatePlace(old.Agent, old.Held, held)
		}
		if old.Before != nil {
			f.vacatePlace(old.Before.Agent, old.Before.Held, held)
		}
	}
	if len(f.Facts.Vacated) == 0 {
		return
	}
	for name, record := range f.Facts.Records {
		if record != before[name] {
			for id := range heldBy(record) {
				f.notVacated(id, "")
			}
		}
	}
	f.boundVacated()
}

// goneForGood says that nothing is left of a pod's place: its agent was marked gone.
func goneForGood(record *tasks.Record) bool {
	return record.Status.State == tasks.GoneByOperator || record.Asked != nil && record.Asked.By == tasks.ByAgentGone
}

func heldBy(record *tasks.Record) map[string]bool {
	ids := map[string]bool{}
	if record == nil {
		return ids
	}
	for _, held := range record.Held {
		ids[held.ID()] = true
	}
	if record.Before != nil {
		for _, held := range record.Before.Held {
			ids[held.ID()] = true
		}
	}
	return ids
}

func (f *frame) vacatePlace(agent tasks.Agent, list []tasks.Held, held map[string]bool) {
	vacated := f.vacatedOn(agent)
	for _, one := range list {
		id := one.ID()
		known := slices.ContainsFunc(vacated.Resources, func(r plans.LeftResource) bool { return r.ID == id })
		if id != "" && !held[id] && !known {
			vacated.Resources = append(vacated.Resources, plans.LeftResource{ID: id, Kind: one.Resource.Kind, Volume: one.Resource.PersistenceID()})
			vacated.Since = f.Now
		}
	}
	if agent.ID != "" && vacated.Since.Equal(f.Now) && len(vacated.Resources) > 0 {
		f.Facts.Vacated[agent.ID] = &vacated
	}
}

// vacatedOn is a copy of what was left on an agent, a new one when nothing was.
func (f *frame) vacatedOn(agent tasks.Agent) Vacated {
	old := f.Facts.Vacated[agent.ID]
	if old == nil {
		return Vacated{Agent: agent}
	}
	return Vacated{Agent: old.Agent, Since: old.Since, Resources: slices.Clone(old.Resources)}
}

// notVacated takes a reservation off the list of every agent but one.
func (f *frame) notVacated(id, but string) {
	is := func(one plans.LeftResource) bool { return one.ID == id }
	for agentID, vacated := range f.Facts.Vacated {
		if agentID != but && slices.ContainsFunc(vacated.Resources, is) {
			f.keepVacated(agentID, is)
			return
		}
	}
}

// keepVacated leaves out of an agent's list what is over.
func (f *frame) keepVacated(agentID string, over func(plans.LeftResource) bool) {
	vacated := f.vacatedOn(tasks.Agent{ID: agentID})
	vacated.Resources = slices.DeleteFunc(vacated.Resources, over)
	if len(vacated.Resources) == 0 {
		delete(f.Facts.Vacated, agentID)
		return
	}
	f.Facts.Vacated[agentID] = &vacated
}

// boundVacated forgets the oldest where too much is remembered.
func (f *frame) boundVacated() {
	for agentID, vacated := range f.Facts.Vacated {
		if more := len(vacated.Resources) - vacatedResources; more > 0 {
			shorter := f.vacatedOn(vacated.Agent)
			shorter.Resources = slices.Delete(shorter.Resources, 0, more)
			f.Facts.Vacated[agentID] = &shorter
		}
	}
	for len(f.Facts.Vacated) > vacatedAgents {
		oldest := slices.MinFunc(slices.Collect(maps.Values(f.Facts.Vacated)), func(a, b *Vacated) int {
			if order := a.Since.Compare(b.Since); order != 0 {
				return order
			}
			return strings.Compare(a.Agent.ID, b.Agent.ID)
		})
		f.log(slog.LevelWarn, "what pods left on an agent is forgotten, it is too long a list; free it by hand, see docs/uninstall.md",
			"agent", oldest.Agent.ID, "host", oldest.Agent.Hostname, "resources", len(oldest.Resources))
		delete(f.Facts.Vacated, oldest.Agent.ID)
	}
}

// vacatedSeen learns from what an agent offers, and does not: what was cleaned up a moment ago and is not offered any more is
// gone, and so is what never was offered, unless a task may still use it (the rules of a removal, removal_gone.go).
func (f *frame) vacatedSeen(offer offers.Offer) {
	vacated := f.Facts.Vacated[offer.Agent.ID]
	if vacated == nil {
		return
	}
	offered := map[string]bool{}
	for i := range offer.Resources {
		offered[offer.Resources[i].Label(tasks.LabelResourceID)] = true
	}
	untried := f.Now.Sub(later(f.Link.Since, vacated.Since)) >= untriedAfter && !f.usedOn(offer.Agent.ID)
	over := func(one plans.LeftResource) bool {
		switch {
		case offered[one.ID]:
			return false
		case one.Given.IsZero():
			return untried
		}
		return f.Now.Sub(one.Given) >= goneAfter
	}
	if slices.ContainsFunc(vacated.Resources, over) {
		f.keepVacated(offer.Agent.ID, over)
	}
}

// usedOn says that a task without a place of its own may still run on an agent.
func (f *frame) usedOn(agentID string) bool {
	for _, try := range f.Kills {
		if try.AgentID == agentID {
			return true
		}
	}
	for _, record := range f.Facts.Records {
		if slices.ContainsFunc(record.Former, func(former tasks.Former) bool { return former.AgentID == agentID }) {
			return true
		}
	}
	return false
}

// vacatedCleaned notes that what one offer has of it was just given back.
func (f *frame) vacatedCleaned(stray offers.Stray) {
	for _, resource := range stray.Unreserve {
		f.notVacated(resource.Label(tasks.LabelResourceID), stray.Agent.ID)
	}
	if f.Facts.Vacated[stray.Agent.ID] == nil {
		return
	}
	vacated := f.vacatedOn(stray.Agent)
	vacated.Agent = stray.Agent
	for i := range vacated.Resources {
		if amongStray(stray, vacated.Resources[i].ID) {
			vacated.Resources[i].Given = f.Now
		}
	}
	f.Facts.Vacated[stray.Agent.ID] = &vacated
}

// vacatedHeard takes what an update of a task without a record says: something of ours was there until now, or the agent is
// gone for good with all that was on it.
func (f *frame) vacatedHeard(e Updated) {
	switch old := f.Facts.Vacated[e.AgentID]; {
	case old == nil:
	case e.Status.State == tasks.GoneByOperator:
		delete(f.Facts.Vacated, e.AgentID)
	default:
		vacated := f.vacatedOn(old.Agent)
		vacated.Since = f.Now
		f.Facts.Vacated[e.AgentID] = &vacated
	}
}

// leaveVacated puts what records held earlier into a removal's inventory.
func (f *frame) leaveVacated() {
	for _, agentID := range slices.Sorted(maps.Keys(f.Facts.Vacated)) {
		vacated := f.Facts.Vacated[agentID]
		left := f.leftOn(vacated.Agent)
		for _, one := range vacated.Resources {
			if !slices.ContainsFunc(left.Resources, func(known plans.LeftResource) bool { return known.ID == one.ID }) {
				left.Resources = append(left.Resources, one)
			}
		}
		f.keepLeft(left)
	}
	f.Facts.Vacated = map[string]*Vacated{}
}
