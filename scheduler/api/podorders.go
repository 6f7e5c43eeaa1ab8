package api

import (
	"errors"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// podOrder hands a person's wish for a pod to the core. 200 means that it is stored and will be done, now or when the
// gate lets it: progress is watched in the plan recovery, and a message says what is waited for.
func (h handlers) podOrder(verb tasks.Verb) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := queryOf(r)
		order := core.PodOrder{Verb: verb, Pod: r.PathValue("pod"), Force: q.flag("force")}
		if q.refused(w) {
			return
		}
		if err := readJSON(r.Body, &order.Tasks); err != nil && !errors.Is(err, errEmpty) {
			badBody(w, err, "list of tasks", `a JSON list such as ["node-join"], or no body for all tasks`)
			return
		}
		if len(order.Tasks) > 0 && verb != tasks.Pause && verb != tasks.Resume {
			plain(w, http.StatusBadRequest, "A "+string(verb)+" is for the whole pod and takes no list of tasks; send no body")
			return
		}
		h.order(w, r, order, func(reply core.Reply) any {
			return wire.PodCommand{Pod: reply.Pod, Tasks: reply.Tasks, Message: reply.Message}
		})
	}
}
