package placement

import (
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// GroupBy spreads the pods of a type evenly over the values of the field. Only values that are in use are known, so
// the number of values may be given: then no value gets a second pod before that many values have one.
type GroupBy struct {
	header
	// values is how many values there are; 0 when it was not given.
	values int
}

func groupBy(field Field, value string, given bool) (Row, *Fault) {
	if !given {
		return GroupBy{header: headed(string(field), "GROUP_BY")}, nil
	}
	values, fault := positive("GROUP_BY", value)
	if fault != nil {
		fault.Remedy = "Write the number of different values in the third place, or leave it out."
		return nil, fault
	}
	return GroupBy{header: headed(string(field), "GROUP_BY", strconv.Itoa(values)), values: values}, nil
}

func (g GroupBy) counts() (Field, bool) { return g.field, true }

// check follows the SDK's round robin: the agent's value must be among the least filled of the known ones (or all of
// these are equally full), and while values are still unused only an unused one will do.
func (g GroupBy) check(agent *tasks.Agent, census *Census) *Verdict {
	key, ok := g.field.key(agent)
	if !ok {
		return &Verdict{Field: g.field, Reason: Missing}
	}
	tally := census.tallies[g.field]
	count := tally.pods[key]
	level := tally.least == tally.most || count <= tally.least
	known := g.values == 0 || len(tally.pods) >= g.values
	if level && (known || count == 0) {
		return nil
	}
	return &Verdict{
		Field: g.field, Reason: Uneven, Value: key, PodType: census.podType,
		Count: count, Limit: tally.least, Values: len(tally.pods), Wanted: g.values,
	}
}
