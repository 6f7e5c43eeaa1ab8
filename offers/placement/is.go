package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Is allows only agents whose field has the value.
type Is struct {
	header
	exact
}

func is(field Field, value string, given bool) (Row, *Fault) {
	if !given || value == "" {
		return nil, needsValue("IS", "rack-1")
	}
	return newIs(field, value), nil
}

func newIs(field Field, value string) Is {
	return Is{header: headed(string(field), "IS", value), exact: exactly(field, value)}
}

func (i Is) check(agent *tasks.Agent, _ *Census) *Verdict { return i.exact.require(agent) }

// require refuses an agent without the value.
func (e exact) require(agent *tasks.Agent) *Verdict {
	value, found, equal := e.find(agent)
	if equal {
		return nil
	}
	if !found {
		return &Verdict{Field: e.field, Reason: Missing, Want: e.want}
	}
	return &Verdict{Field: e.field, Reason: Differs, Value: value, Want: e.want}
}
