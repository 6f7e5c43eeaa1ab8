package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Unique allows one pod of a type at each value of the field. An attribute must be there.
type Unique struct{ header }

// unique ignores a third cell, as the SDK does.
func unique(field Field, _ string, _ bool) (Row, *Fault) {
	return Unique{headed(string(field), "UNIQUE")}, nil
}

func (u Unique) counts() (Field, bool) { return u.field, true }

func (u Unique) check(agent *tasks.Agent, census *Census) *Verdict {
	return full(u.field, 1, agent, census)
}
