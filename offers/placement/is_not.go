package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// IsNot allows only agents whose field does not have the value. An agent without the attribute is allowed; one
// without a zone or region is not (SDK).
type IsNot struct {
	header
	exact
}

func isNot(field Field, value string, given bool) (Row, *Fault) {
	if !given || value == "" {
		return nil, needsValue("IS_NOT", "rack-1")
	}
	return IsNot{header: headed(string(field), "IS_NOT", value), exact: exactly(field, value)}, nil
}

func (i IsNot) check(agent *tasks.Agent, _ *Census) *Verdict {
	value, found, equal := i.exact.find(agent)
	switch {
	case equal:
		return &Verdict{Field: i.header.field, Reason: Excluded, Value: value, Want: i.want}
	case !found && !i.header.field.attribute():
		return &Verdict{Field: i.header.field, Reason: Missing}
	}
	return nil
}
