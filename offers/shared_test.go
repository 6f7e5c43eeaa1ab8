package offers_test

import (
	"slices"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Executor and task may hold parts of one reservation: Mesos merges scalars with equal labels, and the offer shows one
// amount.
func TestTwoPartsOfOneReservation(t *testing.T) {
	req := node()
	req.Executor = tasks.Need{CPUs: tasks.MilliOf(0.1)}
	req.Main = tasks.Need{CPUs: tasks.Whole(1)}
	one := reserved(scalar(tasks.CPUs, 1.1), labelled(role, framework, "one"))
	req.AgentID = "agent-a"
	req.Held = []tasks.Held{
		{For: tasks.ForExecutor, Resource: with(one, func(r *tasks.Resource) { r.Scalar = 100 })},
		{For: tasks.ForTask, Resource: with(one, func(r *tasks.Resource) { r.Scalar = 1000 })},
	}
	list := []offers.Offer{offerOf("a", one, scalar(tasks.CPUs, 2))}
	match := offers.Evaluate(req, list, newIDs(1)).Match
	if match == nil || len(match.Reserve)+len(match.Unreserve) != 0 {
		t.Fatalf("got %+v", match)
	}
	launchable(t, list[0], match)

	req.Executor.CPUs, req.Main.CPUs = tasks.MilliOf(0.5), tasks.Whole(2)
	match = offers.Evaluate(req, list, newIDs(1)).Match
	if match == nil || len(match.Reserve) != 1 || match.Reserve[0].Scalar != tasks.MilliOf(1.4) {
		t.Fatalf("wants the whole difference once: %+v", match)
	}
	launchable(t, apply(t, list[0], match), match)
}

// What is given back of a reservation that refines another one belongs to that other one, not to everybody.
func TestARefinedReservationGivesNothingToTheFree(t *testing.T) {
	req, offer := settled(t, node(), roomy("a"))
	under := func(r tasks.Resource) tasks.Resource {
		r.Reservations = append([]tasks.Reservation{{Role: "pre"}}, r.Reservations...)
		return r
	}
	offer.Resources = slices.Clone(offer.Resources)
	for i, r := range offer.Resources {
		if r.Label(tasks.LabelResourceID) == req.Held[4].ID() { // the task's mem
			offer.Resources[i] = under(r)
		}
	}
	req.Held = slices.Clone(req.Held)
	req.Held[4].Resource = under(req.Held[4].Resource)
	// 4968 are free; the 2900 that the task gives back must not count.
	req.Executor.Mem, req.Main.Mem = tasks.Whole(32+4969), tasks.Whole(100)
	outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2))
	if outcome.Match != nil || outcome.Refusals[0].Causes[0].Have != tasks.Whole(4968) {
		t.Fatalf("got %+v", outcome)
	}
	req.Executor.Mem = tasks.Whole(32 + 4968)
	match := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2)).Match
	if match == nil {
		t.Fatal("what is free is enough")
	}
	launchable(t, apply(t, offer, match), match)
}
