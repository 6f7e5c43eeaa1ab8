package placement

import (
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// MaxPer allows a number of pods of a type at each value of the field. An attribute must be there.
type MaxPer struct {
	header
	limit int
}

func maxPer(field Field, value string, given bool) (Row, *Fault) {
	if !given || value == "" {
		return nil, needsValue("MAX_PER", "2")
	}
	limit, fault := positive("MAX_PER", value)
	if fault != nil {
		return nil, fault
	}
	return MaxPer{header: headed(string(field), "MAX_PER", strconv.Itoa(limit)), limit: limit}, nil
}

func (m MaxPer) counts() (Field, bool) { return m.field, true }

func (m MaxPer) check(agent *tasks.Agent, census *Census) *Verdict {
	return full(m.field, m.limit, agent, census)
}

// full refuses an agent that lacks the field, or that has a value in it at which as many pods stand as may.
func full(field Field, limit int, agent *tasks.Agent, census *Census) *Verdict {
	pods := census.tallies[field].pods
	found := false
	for value := range field.values(agent) {
		found = true
		if count := pods[value]; count >= limit {
			return &Verdict{Field: field, Reason: Full, Value: value, PodType: census.podType, Count: count, Limit: limit}
		}
	}
	if !found {
		return &Verdict{Field: field, Reason: Missing}
	}
	return nil
}

// positive reads a whole number of at least 1.
func positive(name, value string) (int, *Fault) {
	number, err := strconv.ParseInt(value, 10, 32)
	if err != nil || number < 1 {
		return 0, &Fault{
			Message: name + " needs a whole number of 1 or more",
			Remedy:  "Write a number such as 2 in the third place.",
		}
	}
	return int(number), nil
}
