package httpapi

import (
	"net/http"
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
)

// older says whether health is the Details handler of the early versions.
func (a *api) older() bool { return a.v.Before(19, 2, 6) }

// health serves /health: alive when it answers at all; with ready=1, fit for
// clients.
func (a *api) health(w http.ResponseWriter, r *http.Request) {
	if err := a.n.Loopback(); err != nil {
		a.fault(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	ready, _ := strconv.ParseBool(r.URL.Query().Get("ready"))
	if ready {
		if why, code := a.notReady(); why != "" {
			a.fault(w, why, code)
			return
		}
	}
	if a.older() {
		a.details(w, r)
		return
	}
	write(w, http.StatusOK, object{})
}

// adminHealth is an alias of /health from 19.2.6 on; before, it told about
// liveness.
func (a *api) adminHealth(w http.ResponseWriter, r *http.Request) {
	switch {
	case !a.older():
		a.health(w, r)
	case !a.n.Healthy():
		a.fault(w, "node is not live", http.StatusServiceUnavailable)
	default:
		write(w, http.StatusOK, object{})
	}
}

// notReady says why the node is not ready, and the status code of the answer.
// Source: cockroachdb-versions.md, 3.1; the 500 is from 02-init-and-restart.
func (a *api) notReady() (string, int) {
	f := a.n.Facts()
	why := ""
	switch {
	case f.Phase == server.Waiting:
		why = "node is waiting for cluster initialization"
	case f.Draining:
		why = "node is shutting down"
	case f.Phase == server.Starting && a.v.Within(20, 1, 0):
		return "An internal server error has occurred. Please check your CockroachDB logs for more details.", http.StatusInternalServerError
	case f.Phase == server.Starting && a.v.AtLeast(21, 1, 0):
		why = "node is not accepting SQL clients"
	case !a.n.Healthy():
		why = "node is not healthy"
	case a.n.Membership() != cluster.Active && (a.v.Before(20, 1, 0) || a.v.AtLeast(23, 2, 0)):
		why = "node is not healthy"
	}
	if why != "" && a.older() {
		why = "node is not ready"
	}
	return why, http.StatusServiceUnavailable
}

// fault sends an error as the real gateway does: gRPC's Unavailable is 14,
// Internal 13.
func (a *api) fault(w http.ResponseWriter, why string, code int) {
	number := 14
	if code == http.StatusInternalServerError {
		number = 13
	}
	o := object{{"error", why}}
	if a.v.AtLeast(19, 2, 0) {
		o = append(o, field{"message", why}, field{"code", number}, field{"details", []any{}})
	} else {
		o = append(o, field{"code", number})
	}
	write(w, code, o)
}
