package sqlstore

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
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

func (s *scope) operate(e *operation) (Value, error) {
	a, err := s.eval(e.a)
	if err != nil {
		return nil, err
	}
	if e.op == "and" && a == false || e.op == "or" && a == true {
		return a, nil
	}
	b, err := s.eval(e.b)
	if err != nil {
		return nil, err
	}
	switch e.op {
	case "and", "or":
		x, okX := a.(bool)
		y, okY := b.(bool)
		switch {
		case okX && okY:
			return e.op == "and" && x && y || e.op == "or" && (x || y), nil
		case e.op == "and" && (okY && !y), e.op == "or" && (okY && y):
			return y, nil
		}
		return nil, nil
	}
	if a == nil || b == nil {
		return nil, nil
	}
	switch e.op {
	case "||":
		return Text(a) + Text(b), nil
	case "+", "-", "*":
		return arithmetic(e.op, a, b)
	case "like":
		return like(Text(a), Text(b)), nil
	}
	// A written text is compared as what it stands next to.
	if a, b, err = alike(a, b); err != nil {
		return nil, err
	}
	c := compare(a, b)
	return map[string]bool{"=": c == 0, "<>": c != 0, "!=": c != 0, "<": c < 0, ">": c > 0, "<=": c <= 0, ">=": c >= 0}[e.op], nil
}

// alike brings two values of different kinds to one, where that is lawful.
func alike(a, b Value) (Value, Value, error) {
	t, okB := b.(string)
	if _, same := a.(string); okB && !same {
		v, err := fromText(a, t)
		return a, v, err
	}
	if t, ok := a.(string); ok && !okB {
		v, err := fromText(b, t)
		return v, b, err
	}
	_, boolA := a.(bool)
	_, boolB := b.(bool)
	if boolA != boolB {
		return nil, nil, errorf("22023", "unsupported comparison operator: <%s> = <%s>", kindName(a), kindName(b))
	}
	return a, b, nil
}

func fromText(other Value, t string) (Value, error) {
	switch o := other.(type) {
	case int64:
		return toInt(t, nil)
	case float64, numeric:
		return toFloat(t, nil)
	case bool:
		return toBool(t, nil)
	case Bytes:
		return toBytes(t, nil)
	case Raw:
		if at, ok := ParseTime(t); ok {
			if len(o) == 10 {
				return Raw(at.Format("2006-01-02")), nil
			}
			return Raw(TimeText(at)), nil
		}
	}
	return Raw(t), nil
}

func like(s, pattern string) bool {
	var b strings.Builder
	for _, r := range pattern {
		switch r {
		case '%':
			b.WriteString("(?s:.*)")
		case '_':
			b.WriteString("(?s:.)")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	ok, _ := regexp.MatchString("^"+b.String()+"$", s)
	return ok
}

func arithmetic(op string, a, b Value) (Value, error) {
	x, okX := a.(int64)
	y, okY := b.(int64)
	if okX && okY {
		switch op {
		case "+":
			return x + y, nil
		case "-":
			return x - y, nil
		}
		return x * y, nil
	}
	d, isSpan := b.(span)
	if isSpan && op == "*" && okX {
		return span(int64(d) * x), nil
	}
	if e, ok := a.(span); ok && op == "*" && okY {
		return span(int64(e) * y), nil
	}
	if r, ok := a.(Raw); ok && isSpan && op != "*" {
		if at, ok := ParseTime(string(r)); ok {
			if op == "-" {
				d = -d
			}
			return Raw(TimeText(at.Add(time.Duration(d)))), nil
		}
	}
	p, okP := rational(a)
	q, okQ := rational(b)
	if !okP || !okQ {
		return nil, errorf("22023", "unsupported binary operator: <%s> %s <%s>", kindName(a), op, kindName(b))
	}
	z := new(big.Rat)
	switch op {
	case "+":
		z.Add(p, q)
	case "-":
		z.Sub(p, q)
	default:
		z.Mul(p, q)
	}
	_, fa := a.(float64)
	_, fb := b.(float64)
	if fa || fb {
		f, _ := z.Float64()
		return f, nil
	}
	digits := max(scaleOf(a), scaleOf(b))
	if op == "*" {
		digits = scaleOf(a) + scaleOf(b)
	}
	return numeric(z.FloatString(digits)), nil
}

// scaleOf is how many digits of a number come after the point.
func scaleOf(v Value) int {
	_, digits, _ := strings.Cut(Text(v), ".")
	return len(digits)
}

// call runs a function.
func (s *scope) call(c *call) (Value, error) {
	var args []Value
	for _, a := range c.args {
		v, err := s.eval(a)
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	now := time.Unix(0, s.Now)
	switch {
	case len(args) == 0 && !c.star:
		switch c.name {
		case "now", "statement_timestamp", "transaction_timestamp", "current_timestamp", "clock_timestamp":
			return Raw(TimeText(now.Round(time.Microsecond))), nil
		case "cluster_logical_timestamp":
			return Raw(fmt.Sprintf("%d.0000000000", s.Now)), nil
		case "current_user":
			return s.User, nil
		case "current_database":
			return s.Database, nil
		case "unique_rowid":
			if s.change != nil {
				return s.change.rowid(), nil
			}
		case "gen_random_uuid":
			if s.change != nil {
				return s.change.uuid(), nil
			}
		}
		if v, ok := s.around.Function(c.name + "()"); ok {
			return v, nil
		}
	case len(args) == 1 && args[0] == nil:
		return nil, nil
	case len(args) == 1:
		text := Text(args[0])
		switch c.name {
		case "md5":
			sum := md5.Sum([]byte(text))
			return hex.EncodeToString(sum[:]), nil
		case "length":
			return int64(len([]rune(text))), nil
		case "lower":
			return strings.ToLower(text), nil
		case "upper":
			return strings.ToUpper(text), nil
		case "nextval":
			if s.change != nil {
				return s.change.nextval(s.Context, text)
			}
		}
	case c.name == "repeat" && len(args) == 2:
		n, ok := args[1].(int64)
		if !ok || n*int64(len(Text(args[0]))) > 16<<20 {
			return nil, errorf("22023", "repeat(): a number of times is wanted, for at most 16 MiB")
		}
		return strings.Repeat(Text(args[0]), int(max(n, 0))), nil
	case c.name == "left" && len(args) == 2 && args[0] != nil:
		text := []rune(Text(args[0]))
		if n, ok := args[1].(int64); ok {
			return string(text[:min(max(int(n), 0), len(text))]), nil
		}
	case c.name == "setval" && (len(args) == 2 || len(args) == 3):
		n, ok := args[1].(int64)
		if s.change != nil && ok {
			return s.change.setval(s.Context, Text(args[0]), n, len(args) == 3 && args[2] == false)
		}
	}
	return nil, errorf("42883", "unknown function: %s()", c.name)
}

// render writes an expression the way SHOW CREATE TABLE does for a default.
func render(e Expr, t Type) string {
	switch x := e.(type) {
	case *cast:
		if x.mark {
			return render(x.e, t)
		}
		return render(x.e, x.to) + "::" + x.to.String()
	case *call:
		var args []string
		for _, a := range x.args {
			args = append(args, render(a, String))
		}
		s := x.name + "(" + strings.Join(args, ", ") + ")"
		if x.name == "now" || x.name == "current_timestamp" {
			s += ":::" + t.String()
		}
		return s
	case nil:
		return "NULL"
	case bool:
		return Text(x)
	case *list:
		v, err := (&scope{}).eval(x)
		if err == nil {
			return Text(v) + ":::" + t.String()
		}
	}
	v, ok := constant(e)
	if !ok {
		panic(errorf("0A000", "unimplemented default expression"))
	}
	v, err := coerce(v, t, "default")
	if err != nil {
		panic(err)
	}
	if _, ok := v.(bool); ok {
		return Text(v)
	}
	bare := t
	bare.Width, bare.Scale = 0, 0
	return Literal(v, t) + ":::" + bare.String()
}
