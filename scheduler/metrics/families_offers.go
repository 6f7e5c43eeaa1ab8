package metrics

import (
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
)

// causes for which an agent is refused.
var causes = []offers.Kind{offers.Short, offers.PortTaken, offers.NoPort, offers.NoMount, offers.Misplaced, offers.Leaving, offers.Lacking,
	offers.VolumeLost, offers.VolumeDiffers, offers.Malformed}

func offerFamilies() []family {
	return []family{
		{name: "offers.received", prom: "offers_received", kind: counter, sdk: true, read: count("offers.received"),
			help: "Offers received from the master."},
		{name: "offers.processed", prom: "offers_processed", kind: counter, sdk: true, read: count("offers.processed"),
			help: "Offers that were evaluated, those of one agent as one."},
		{name: "offers.rescinded", prom: "offers_rescinded", kind: counter, read: count("offers.rescinded"),
			help: "Offers that the master took back."},
		{name: "declines", prom: "offers_declined", kind: counter, labels: []string{"length"}, sdk: true, read: counts("declines", "long", "short"),
			help: "Offers declined: short for 30 s or less because something is wanted, long for an hour because nothing is."},
		{name: "refusals", prom: "agents_refused", kind: gauge, labels: []string{"pod_type", "cause"}, read: refusals,
			help: "Agents that do not fit a task that waits for a place, by cause; an agent counts for each such task and each cause."},
		{name: "refused", prom: "refusals", kind: counter, labels: []string{"cause"}, read: counts("refused"),
			help: "Offers that did not fit what was wanted, by cause; an offer counts once for each cause, and once for pods of one kind."},
		{name: "searching", prom: "tasks_refused", kind: gauge, read: func(f *facts) []sample { return one(float64(len(f.Looks))) },
			help: "Tasks for which the latest offers were tried and did not fit."},
		{name: "revives", prom: "revives", kind: counter, sdk: true, read: count("revives"),
			help: "Times that the master was asked for offers."},
		{name: "revives.throttles", prom: "revives_throttled", kind: counter, sdk: true, read: count("revives.throttles"),
			help: "Times that asking for offers was put off, because it was done too often."},
		{name: "revive_tokens", prom: "revive_tokens", kind: gauge, read: tokens,
			help: "Requests for offers that were left after the latest one before they are put off; 256 when full."},
		{name: "suppresses", prom: "suppresses", kind: counter, sdk: true, read: count("suppresses"),
			help: "Times that the master was told that no offers are wanted."},
		{name: "is_suppressed", prom: "suppressed", kind: truth, sdk: true, read: func(f *facts) []sample { return yes(f.Flow.Suppressed) },
			help: "1 while no offers are wanted."},
		{name: "operation", prom: "operations", kind: counter, labels: []string{"type"}, sdk: true,
			read: counts("operation", "create", "destroy", "launch_group", "reserve", "unreserve"),
			help: "Operations on offers sent to the master, by type."},
	}
}

// tokens are known from the first request on.
func tokens(f *facts) []sample {
	if f.Flow.Filled.IsZero() {
		return nil
	}
	return one(float64(f.Flow.Tokens))
}

func refusals(f *facts) (list []sample) {
	byType := map[string]map[offers.Kind]float64{}
	of := func(podType string) map[offers.Kind]float64 {
		if byType[podType] == nil {
			byType[podType] = map[offers.Kind]float64{}
			for _, cause := range causes {
				byType[podType][cause] = 0
			}
		}
		return byType[podType]
	}
	for _, pod := range f.podTypes() {
		of(pod.Type)
	}
	for _, look := range f.Looks {
		for _, refused := range look.Explanation.Counts {
			of(typeOf(look.Explanation.Pod))[refused.Best.Kind] += float64(refused.Agents)
		}
	}
	for _, podType := range sortedKeys(byType) {
		for _, s := range byLabel(byType[podType]) {
			list = append(list, sample{append([]string{podType}, s.labels...), s.value})
		}
	}
	return list
}

// typeOf is the pod type in an instance's name: cockroachdb of cockroachdb-2.
func typeOf(pod string) string {
	if dash := strings.LastIndexByte(pod, '-'); dash > 0 {
		return pod[:dash]
	}
	return pod
}
