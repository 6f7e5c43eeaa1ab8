package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// why answers everything that does not move, and why: first what holds all of it back, then the parts.
func (h handlers) why(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	state := h.source.Snapshot()
	why := whyOf(state)
	why.Waiting = append(why.Waiting, givenClient(state, h.options.Certificates)...)
	answer(w, http.StatusOK, why)
}

func whyOf(state core.State) wire.Why {
	if state.Settings.Uninstall {
		return wire.Why{Service: state.Facts.Target().Service.Name, At: second(state.Now), Waiting: removalWhy(state)}
	}
	return wire.Why{
		Service: state.Facts.Target().Service.Name, At: second(state.Now),
		Waiting: slices.Concat(refusedTarget(state), withoutMaster(state), handsOn(state), openSteps(state), waitingJobs(state), orders(state),
			pausedTasks(state), unreadyNodes(state), awayAgents(state), absences(state), certificateWarnings(state)),
		Database: databaseViews(state),
	}
}

// refusedTarget are the faults of new settings that were refused.
func refusedTarget(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, fault := range state.Faults {
		list = append(list, wire.Waiting{Kind: wire.WaitsTarget, Subject: fault.Field,
			Text:   fmt.Sprintf("the new settings were refused, %s=%q: %s; the service goes on with the old ones", fault.Field, fault.Value, fault.Message),
			Remedy: fault.Remedy})
	}
	return list
}

// withoutMaster is what holds every launch back: no connection, or tasks that the master has not answered for.
func withoutMaster(state core.State) []wire.Waiting {
	if !state.Link.Connected {
		text := "not connected to a master yet"
		if state.Link.Reason != "" {
			text = "not connected to a master: " + state.Link.Reason
		}
		return []wire.Waiting{{Kind: wire.WaitsMaster, Subject: "master", Text: text, Since: second(state.Link.Since),
			Remedy: "See that a master leads and is reached from here at MESOS_MASTER; the scheduler goes on trying."}}
	}
	if len(state.Reconcile.Waiting) == 0 {
		return nil
	}
	names := make([]string, 0, len(state.Reconcile.Waiting))
	for _, name := range state.Reconcile.Waiting {
		names = append(names, name)
	}
	slices.Sort(names)
	return []wire.Waiting{{Kind: wire.WaitsReconciliation, Subject: "reconciliation", Since: second(state.Link.Since),
		Text:   "nothing is launched before the master has answered for " + strings.Join(names, ", "),
		Remedy: "Bring the agents of these tasks back; for one that stays away the master answers after its agent_reregister_timeout."}}
}

// databaseViews are the nodes' own words, well or not.
func databaseViews(state core.State) []wire.NodeView {
	var list []wire.NodeView
	for _, view := range state.Database {
		list = append(list, wire.NodeView{Task: view.Task, At: second(view.At), Age: int64(state.Now.Sub(view.At).Seconds()),
			Error: view.Error, Live: view.Live, UnderReplicated: view.UnderReplicated, Unavailable: view.Unavailable})
	}
	slices.SortFunc(list, func(a, b wire.NodeView) int { return strings.Compare(a.Task, b.Task) })
	return list
}

// second is a time as the answers of this scheduler have it; zero stays zero.
func second(at time.Time) time.Time {
	if at.IsZero() {
		return time.Time{}
	}
	return at.UTC().Truncate(time.Second)
}
