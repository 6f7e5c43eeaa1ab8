package sqlstore

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

func castTo(v Value, to Type) (Value, error) {
	switch {
	case v == nil:
		return nil, nil
	case to.textual() && !to.Array:
		return Text(v), nil
	case to.Name == "INTERVAL":
		if _, ok := v.(span); ok {
			return v, nil
		}
		d, ok := ParseSpan(Text(v))
		if !ok {
			return nil, errorf("22007", "could not parse %q as type interval", Text(v))
		}
		return span(d), nil
	case to.kind() == "int":
		if f, ok := v.(float64); ok {
			return int64(f), nil
		}
	}
	return coerce(v, to, "?column?")
}

var spanPart = regexp.MustCompile(`^\s*(-?[0-9.]+)\s*(days?|hours?|minutes?|mins?|seconds?|secs?|d|h|ms|m|s|us|ns)`)

// ParseSpan reads an interval such as -5s, 1h30m or 10 minutes.
func ParseSpan(s string) (time.Duration, bool) {
	units := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second, "ms": time.Millisecond, "us": time.Microsecond, "ns": 1}
	var total time.Duration
	for rest := s; ; {
		m := spanPart.FindStringSubmatch(rest)
		if m == nil {
			return total, strings.TrimSpace(rest) == "" && strings.TrimSpace(s) != ""
		}
		unit, ok := units[m[2]]
		if !ok {
			unit = units[m[2][:1]]
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return 0, false
		}
		total += time.Duration(n * float64(unit))
		if rest = rest[len(m[0]):]; m[1][0] == '-' && rest != "" && isDigit(rest[0]) {
			rest = "-" + rest
		}
	}
}
