package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Census is how many other pods of one type stand at each value of the fields that a rule counts by. It is made once
// for an evaluation, however many agents are then checked against it.
type Census struct {
	podType string
	tallies map[Field]*tally
}

// tally is the count for one field: pods by value, with the smallest and the largest count among the known values
// (0 and 0 when none is known).
type tally struct {
	pods        map[string]int
	least, most int
}

func (t *tally) close() {
	first := true
	for _, count := range t.pods {
		if first || count < t.least {
			t.least = count
		}
		t.most = max(t.most, count)
		first = false
	}
}

// Census counts the pods of a type among others. Others must leave out the pod that is to be placed. A pod counts
// once at an agent, however many tasks it has there; where an attribute is there more than once, the pod counts at
// each of the values.
func (r Rule) Census(podType string, others []tasks.Placed) *Census {
	census := &Census{podType: podType, tallies: map[Field]*tally{}}
	for _, row := range r.rows {
		if field, counts := row.counts(); counts {
			census.tallies[field] = &tally{pods: map[string]int{}}
		}
	}
	if len(census.tallies) == 0 {
		return census
	}
	type seat struct {
		pod   tasks.Pod
		agent string
	}
	seen := make(map[seat]bool, len(others))
	for i := range others {
		other := &others[i]
		at := seat{pod: other.Pod, agent: other.Agent.ID}
		if other.Pod.Type != podType || seen[at] {
			continue
		}
		seen[at] = true
		for field, tally := range census.tallies {
			for value := range field.values(&other.Agent) {
				tally.pods[value]++
			}
		}
	}
	for _, tally := range census.tallies {
		tally.close()
	}
	return census
}
