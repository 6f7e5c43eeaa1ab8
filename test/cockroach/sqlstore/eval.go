package sqlstore

import (
	"strings"
	"time"
)

// Context is whose statement it is and when. At is the moment that it sees, Now
// the moment that it runs or is committed, both in nanoseconds of the epoch.
type Context struct {
	Database, User string
	At, Now        int64
	Secure         bool // passwords may be set
}

// scope is what an expression sees.
type scope struct {
	Context
	names  map[string]int
	row    []Value
	around Surroundings
	change *change // of a statement that writes
}

// span is an interval while an expression is worked out.
type span time.Duration

func (s *scope) eval(e Expr) (Value, error) {
	switch e := e.(type) {
	case nil, int64, numeric, bool, string, Bytes, Raw, omitted:
		return e, nil
	case *columnRef:
		i, ok := s.names[e.name]
		if !ok {
			return nil, errorf("42703", "column %q does not exist", e.name)
		}
		return s.row[i], nil
	case *call:
		return s.call(e)
	case *operation:
		return s.operate(e)
	case *negation:
		v, err := s.eval(e.e)
		if b, ok := v.(bool); ok {
			return !b, err
		}
		return nil, err
	case *isNull:
		v, err := s.eval(e.e)
		return (v == nil) != e.not, err
	case *among:
		for _, it := range e.items {
			if v, err := s.operate(&operation{"=", e.e, it}); err != nil || v == true {
				return v, err
			}
		}
		return false, nil
	case *cast:
		v, err := s.eval(e.e)
		if err != nil {
			return nil, err
		}
		return castTo(v, e.to)
	case *list:
		var parts []string
		for _, it := range e.items {
			v, err := s.eval(it)
			if err != nil {
				return nil, err
			}
			if n, ok := v.(numeric); ok {
				v = Raw(n)
				parts = append(parts, string(n))
				continue
			}
			parts = append(parts, Literal(v, Type{}))
		}
		return Raw("ARRAY[" + strings.Join(parts, ",") + "]"), nil
	}
	return nil, errorf("0A000", "unimplemented expression")
}
