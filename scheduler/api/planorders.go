package api

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
)

// parameterName is what a parameter of a plan may be called: it becomes a variable of the tasks (SDK, section 6.1).
var parameterName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// planOrder hands a person's wish for a plan to the core, which decides whether and how, with the SDK's codes.
func (h handlers) planOrder(verb core.PlanVerb) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { h.orderPlan(w, r, verb, r.PathValue("plan")) }
}

// deployOrder is planOrder under the SDK's old name for the one plan that there once was.
func (h handlers) deployOrder(verb core.PlanVerb) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { h.orderPlan(w, r, verb, plans.DeployPlan) }
}

func (h handlers) orderPlan(w http.ResponseWriter, r *http.Request, verb core.PlanVerb, plan string) {
	q := queryOf(r)
	order := core.PlanOrder{Verb: verb, Plan: plan, Phase: q.text("phase"), Step: q.text("step")}
	if q.refused(w) {
		return
	}
	if verb == core.PlanStart {
		params, err := readParameters(r)
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			plain(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("The parameters are larger than %d bytes", tooLarge.Limit))
			return
		case err != nil:
			plain(w, http.StatusBadRequest, "Couldn't parse parameters: "+err.Error())
			return
		}
		order.Params = params
		if plans.IsJobs(plan) && len(params) > 0 {
			h.startJobPlan(w, r, order)
			return
		}
		// No other plan takes parameters; the core says so, and names them.
		order.Params = jobs.Hidden(params)
	}
	h.order(w, r, order, func(reply core.Reply) any { return wire.Message{Message: reply.Message} })
}

// order asks the core and answers what it decides: 200 as JSON, made by shown, all else as the core's sentence. 503 means
// that there was no answer, and that nobody knows whether the order counted.
func (h handlers) order(w http.ResponseWriter, r *http.Request, order core.Asking, shown func(core.Reply) any) {
	reply, err := h.source.Ask(r.Context(), order)
	switch {
	case err != nil:
		plain(w, http.StatusServiceUnavailable, err.Error())
	case reply.Code == http.StatusOK:
		answer(w, reply.Code, shown(reply))
	default:
		plain(w, reply.Code, reply.Message)
	}
}

// readParameters reads the parameters of a plan, a JSON object of texts. No body means none. What is wrong names
// parameters and never values, which may be secret.
func readParameters(r *http.Request) (map[string]string, error) {
	var params map[string]string
	if err := readJSON(r.Body, &params); err != nil && !errors.Is(err, errEmpty) {
		return nil, err
	}
	var bad []string
	for name := range params {
		if !parameterName.MatchString(name) {
			bad = append(bad, fmt.Sprintf("%q", name))
		}
	}
	if len(bad) > 0 {
		slices.Sort(bad)
		return nil, fmt.Errorf("%s: a name has letters, digits and _ only, and begins with no digit", strings.Join(bad, ", "))
	}
	return params, nil
}
