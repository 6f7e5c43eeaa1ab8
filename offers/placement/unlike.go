package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Unlike allows only agents whose field does not match the regular expression as a whole. An agent without the
// attribute is allowed; one without a zone or region is not (SDK).
type Unlike struct {
	header
	pattern
}

func unlike(field Field, value string, given bool) (Row, *Fault) {
	pattern, fault := matching("UNLIKE", field, value, given)
	if fault != nil {
		return nil, fault
	}
	return Unlike{header: headed(string(field), "UNLIKE", value), pattern: pattern}, nil
}

func (u Unlike) check(agent *tasks.Agent, _ *Census) *Verdict {
	value, found, match := u.pattern.find(agent)
	switch {
	case match:
		return &Verdict{Field: u.header.field, Reason: Excluded, Value: value, Want: u.want}
	case !found && !u.header.field.attribute():
		return &Verdict{Field: u.header.field, Reason: Missing}
	}
	return nil
}
