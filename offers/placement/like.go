package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Like allows only agents whose field matches the regular expression as a whole.
type Like struct {
	header
	pattern
}

func like(field Field, value string, given bool) (Row, *Fault) {
	pattern, fault := matching("LIKE", field, value, given)
	if fault != nil {
		return nil, fault
	}
	return Like{header: headed(string(field), "LIKE", value), pattern: pattern}, nil
}

func (l Like) check(agent *tasks.Agent, _ *Census) *Verdict {
	value, found, match := l.pattern.find(agent)
	switch {
	case match:
		return nil
	case !found:
		return &Verdict{Field: l.header.field, Reason: Missing, Want: l.want}
	}
	return &Verdict{Field: l.header.field, Reason: Differs, Value: value, Want: l.want}
}
