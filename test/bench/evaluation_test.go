package bench

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// many is how many offers the figures speak of.
const many = 10_000

// evaluation measures how many offers are evaluated in a second for three wanted pods with placement and explanation.
// An offer counts once, although three pods look at it. The best of several rounds counts: everything else on the
// machine can only make a round slower.
func evaluation(t *testing.T, _ string) []figure {
	list := offersOf(t, small)
	wanted := requirements(list)
	best := time.Duration(1<<63 - 1)
	for range 15 {
		began := time.Now()
		evaluate(t, list, wanted)
		best = min(best, time.Since(began))
	}
	return []figure{{name: "offers evaluated for 3 wanted pods, with placement and explanation",
		value: many / best.Seconds(), limit: 200_000, unit: "offers/s", atLeast: true}}
}

// evaluate holds every offer against every requirement and explains the outcome.
func evaluate(tb testing.TB, list []offers.Offer, wanted []tasks.Requirement) {
	tb.Helper()
	for _, req := range wanted {
		outcome := offers.Evaluate(req, list, tasks.NewIDs([16]byte{1}))
		explained := offers.Explain(req, outcome.Refusals)
		if outcome.Match != nil || explained.Agents != many {
			tb.Fatalf("%s: got match %v and %d agents explained, want all refused", req.Pod, outcome.Match, explained.Agents)
		}
	}
}

// offersOf is a fleet as scheduler/mesos flattens it.
func offersOf(tb testing.TB, mem func(int) float64) []offers.Offer {
	tb.Helper()
	event, ok := mesos.Event(fleet(0, many, mem))
	offered, isOffered := event.(core.Offered)
	if !ok || !isOffered || len(offered.Offers) != many {
		tb.Fatalf("got %T, want %d offers", event, many)
	}
	return offered.Offers
}

// requirements are three nodes beside a hundred that have their places, under rules of each kind of cost.
func requirements(list []offers.Offer) []tasks.Requirement {
	var others []tasks.Placed
	for i := range 100 {
		pod := tasks.Pod{Type: tasks.NodePod, Index: i}
		others = append(others, tasks.Placed{Pod: pod, Task: pod.Task("node-join"), Agent: list[i].Agent})
	}
	wanted := make([]tasks.Requirement, 3)
	for i := range wanted {
		pod := tasks.Pod{Type: tasks.NodePod, Index: 100 + i}
		wanted[i] = tasks.Requirement{
			Pod: pod, Task: pod.Task("node-join"), Role: role, Principal: "cockroachdb-principal", FrameworkID: frameworkID,
			Executor: tasks.Need{CPUs: tasks.MilliOf(0.1), Mem: tasks.Whole(32), Disk: tasks.Whole(256)},
			Main: tasks.Need{CPUs: tasks.Whole(1), Mem: tasks.Whole(3000),
				Ports:  []tasks.PortNeed{{Name: "http", Port: 8123}, {Name: "pg", Port: 26257}},
				Volume: &tasks.VolumeNeed{Path: "cockroach-data", Type: tasks.DiskRoot, Size: tasks.Whole(5000)}},
			Placement: "hostname:UNIQUE,@zone:GROUP_BY:3,rack:MAX_PER:50,rack:LIKE:rack-[0-9]+",
			Others:    others, HostPorts: true,
		}
	}
	return wanted
}
