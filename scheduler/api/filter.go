package api

import (
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// filtered reads plan=, phase= and step=, names or ids, and answers for itself when one of them names nothing: with 200
// and a sentence, as the SDK does.
func (h handlers) filtered(w http.ResponseWriter, r *http.Request) (state core.State, found []plans.Plan, ok bool) {
	q := queryOf(r)
	plan, phase, step := q.text("plan"), q.text("phase"), q.text("step")
	if q.refused(w) {
		return core.State{}, nil, false
	}
	state = h.source.Snapshot()
	found, err := filter(state.Plans, plan, phase, step)
	if err != nil {
		answer(w, http.StatusOK, wire.InvalidInput{Text: err.Error()})
		return core.State{}, nil, false
	}
	return state, found, true
}

// filter keeps the plans, phases and steps of these names or ids; an empty one keeps all.
func filter(all []plans.Plan, plan, phase, step string) ([]plans.Plan, error) {
	switch {
	case phase != "" && plan == "":
		return nil, fmt.Errorf("phase %s: name its plan as well", phase)
	case step != "" && phase == "":
		return nil, fmt.Errorf("step %s: name its plan and phase as well", step)
	}
	found := kept(all, plan, func(p plans.Plan) (string, string) { return p.Name, p.ID })
	if len(found) == 0 && plan != "" {
		return nil, fmt.Errorf("plan %s not found", plan)
	}
	if phase == "" {
		return found, nil
	}
	found[0].Phases = kept(found[0].Phases, phase, func(p plans.Phase) (string, string) { return p.Name, p.ID })
	if len(found[0].Phases) == 0 {
		return nil, fmt.Errorf("phase %s not found in plan %s", phase, plan)
	}
	if step == "" {
		return found, nil
	}
	steps := kept(found[0].Phases[0].Steps, step, func(s plans.Step) (string, string) { return s.Name, s.ID })
	if len(steps) == 0 {
		return nil, fmt.Errorf("step %s not found in phase %s of plan %s", step, phase, plan)
	}
	found[0].Phases[0].Steps = steps
	return found, nil
}

// kept is a new list of the elements of this name or id, of all when none is given.
func kept[T any](all []T, wanted string, called func(T) (name, id string)) []T {
	var list []T
	for _, element := range all {
		if name, id := called(element); wanted == "" || wanted == name || wanted == id {
			list = append(list, element)
		}
	}
	return list
}
