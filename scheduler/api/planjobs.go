package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
)

// startJobPlan is `plan start backup -p …`, as the older service had it. Its parameters are a job's, and keys among them take the
// way of a job's keys: neither the core nor a log nor the answer has them.
func (h handlers) startJobPlan(w http.ResponseWriter, r *http.Request, order core.PlanOrder) {
	h.withDesk(func(w http.ResponseWriter, r *http.Request) {
		if order.Phase != "" || order.Step != "" {
			plain(w, http.StatusBadRequest, "A "+order.Plan+" is started as a whole; leave phase and step out")
			return
		}
		request, err := jobs.FromParameters(order.Plan, order.Params)
		if err == nil {
			_, err = h.options.Jobs.Order(r.Context(), request)
		}
		if err == nil {
			answer(w, http.StatusOK, wire.Message{Message: jobs.Received(order.Plan, order.Params)})
			return
		}
		code, message := refusal(err)
		if code == http.StatusInternalServerError {
			code, message = http.StatusBadRequest, "Couldn't start "+order.Plan+": "+message
		}
		plain(w, code, message)
	})(w, r)
}
