package api

import (
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// reservations lists by agent what is reserved for the service there, as the records say: ids as the SDK does, and with
// details=true what each of them is.
func (h handlers) reservations(w http.ResponseWriter, r *http.Request) {
	q := queryOf(r)
	details := q.flag("details")
	if q.refused(w) {
		return
	}
	found := reservationsOf(h.source.Snapshot())
	if details {
		answer(w, http.StatusOK, found)
		return
	}
	ids := wire.DebugReservations{}
	for host, list := range found {
		for _, one := range list {
			ids[host] = append(ids[host], one.ID)
		}
		slices.Sort(ids[host])
	}
	answer(w, http.StatusOK, ids)
}

// reservationsOf lists by the pods' numbers, each pod's in the order of its records. Tasks of one pod may share what its
// executor holds.
func reservationsOf(state core.State) wire.ReservationDetails {
	found := wire.ReservationDetails{}
	for _, pod := range podsOf(state) {
		seen := map[string]bool{"": true}
		for _, record := range recordsOf(state, pod) {
			for _, held := range record.Held {
				if id := held.ID(); !seen[id] {
					seen[id] = true
					found[record.Agent.Hostname] = append(found[record.Agent.Hostname], reservationOf(record, held))
				}
			}
		}
	}
	return found
}

// kindVolume is disk with a persistent volume on it.
const kindVolume = "volume"

func reservationOf(record *tasks.Record, held tasks.Held) wire.Reservation {
	resource := held.Resource
	shown := wire.Reservation{ID: held.ID(), Pod: record.Pod.String(), For: string(held.For), Kind: resource.Kind, Port: held.Port}
	for _, ports := range resource.Ranges {
		shown.Ports = append(shown.Ports, wire.Ports{Begin: ports.Begin, End: ports.End})
	}
	if resource.Kind != tasks.Ports {
		shown.Amount = resource.Scalar.Float()
	}
	if id := resource.PersistenceID(); id != "" {
		shown.Kind, shown.Volume = kindVolume, id
	}
	return shown
}
