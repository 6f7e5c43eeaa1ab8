package sqlstore

import (
	"math/big"
	"regexp"
	"strings"
	"time"
)

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
