package sqlstore

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

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
