package sqlstore

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// relation is what a SELECT reads: named columns and a way to go through rows.
type relation struct {
	columns []Column
	rows    [][]Value
	scan    func(f func(row []Value) (bool, error)) error
	count   func() (int64, error) // of all rows, when that is quicker than a scan
}

func (r *relation) each(f func([]Value) (bool, error)) error {
	if r.scan != nil {
		return r.scan(f)
	}
	for _, row := range r.rows {
		if more, err := f(row); err != nil || !more {
			return err
		}
	}
	return nil
}

// result shows a relation whole.
func (r *relation) result() Result {
	out := Result{}
	for _, c := range r.columns {
		out.Columns = append(out.Columns, c.Name)
	}
	for _, row := range r.rows {
		var line []string
		for _, v := range row {
			line = append(line, Text(v))
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// output is one column of a SELECT's result.
type output struct {
	name string
	expr Expr
	typ  Type
}

// selection runs a SELECT. Without ORDER BY rows come in primary-key order.
func (s *Store) selection(n *Select, c Context, around Surroundings, t *change) (Result, error) {
	rel, sc, outs, err := s.open(n, c, around, t)
	if err != nil {
		return Result{}, err
	}
	res := Result{}
	for _, o := range outs {
		res.Columns = append(res.Columns, o.name)
	}
	if aggregates(outs) {
		line, err := summary(n, rel, sc, outs)
		if line != nil && (n.Limit == nil || *n.Limit > 0) {
			res.Rows = [][]string{line}
		}
		return res, err
	}
	type found struct {
		line []string
		by   []Value
	}
	var all []found
	err = rel.each(func(row []Value) (bool, error) {
		sc.row = row
		if ok, err := sc.holds(n.Where); err != nil || !ok {
			return true, err
		}
		var f found
		for _, o := range outs {
			v, err := sc.eval(o.expr)
			if err != nil {
				return false, err
			}
			if d, ok := v.(span); ok {
				v = Raw(spanText(d))
			}
			f.line = append(f.line, show(v, o.typ))
		}
		for _, o := range n.Order {
			v, err := sc.eval(ordered(o.By, outs))
			if err != nil {
				return false, err
			}
			f.by = append(f.by, v)
		}
		all = append(all, f)
		return n.Order != nil || n.Limit == nil || int64(len(all)) < *n.Limit, nil
	})
	if err != nil {
		return Result{}, err
	}
	slices.SortStableFunc(all, func(a, b found) int {
		for i := range n.Order {
			x := compare(a.by[i], b.by[i])
			if n.Order[i].Down {
				x = -x
			}
			if x != 0 {
				return x
			}
		}
		return 0
	})
	if n.Limit != nil && int64(len(all)) > *n.Limit {
		all = all[:*n.Limit]
	}
	for _, f := range all {
		res.Rows = append(res.Rows, f.line)
	}
	return res, nil
}

// each hands the rows of a SELECT without aggregates and order to an INSERT.
func (s *Store) each(n *Select, c Context, around Surroundings, t *change, f func([]Value) error) error {
	if n.Order != nil || n.Limit != nil {
		return errorf("0A000", "unimplemented: INSERT … SELECT with ORDER BY or LIMIT")
	}
	rel, sc, outs, err := s.open(n, c, around, t)
	if err != nil {
		return err
	}
	if aggregates(outs) {
		return errorf("0A000", "unimplemented: INSERT … SELECT with aggregates")
	}
	vs := make([]Value, len(outs))
	one := func(row []Value) (bool, error) {
		sc.row = row
		if ok, err := sc.holds(n.Where); err != nil || !ok {
			return true, err
		}
		for i, o := range outs {
			if vs[i], err = sc.eval(o.expr); err != nil {
				return false, err
			}
		}
		return true, f(vs)
	}
	if n.From == nil || n.From.Series != nil {
		return rel.each(one)
	}
	// A table that is read while it is written to.
	var rows [][]Value
	if err := rel.each(func(row []Value) (bool, error) { rows = append(rows, row); return true, nil }); err != nil {
		return err
	}
	return (&relation{rows: rows}).each(one)
}

func (sc *scope) holds(where Expr) (bool, error) {
	if where == nil {
		return true, nil
	}
	v, err := sc.eval(where)
	return v == true, err
}

// ordered lets ORDER BY name an output or count outputs.
func ordered(by Expr, outs []output) Expr {
	switch x := by.(type) {
	case int64:
		if x >= 1 && int(x) <= len(outs) {
			return outs[x-1].expr
		}
	case *columnRef:
		for _, o := range outs {
			if o.name == x.name {
				return o.expr
			}
		}
	}
	return by
}

// open resolves what a SELECT reads and what it puts out.
func (s *Store) open(n *Select, c Context, around Surroundings, t *change) (*relation, *scope, []output, error) {
	rel := &relation{rows: [][]Value{{}}}
	sc := &scope{Context: c, around: around, change: t, names: map[string]int{}}
	if n.From != nil {
		if n.AsOf != nil {
			at, err := moment(n.AsOf, sc)
			if err != nil {
				return nil, nil, nil, err
			}
			c.At = at
			sc.Context = c
		}
		var err error
		if rel, err = s.source(n.From, c, around); err != nil {
			return nil, nil, nil, err
		}
	}
	for i, col := range rel.columns {
		sc.names[col.Name] = i
	}
	var outs []output
	for _, it := range n.Items {
		switch {
		case it.Star && n.From == nil:
			return nil, nil, nil, errorf("42602", "cannot use \"*\" without a FROM clause")
		case it.Star:
			for _, col := range rel.columns {
				if !col.Hidden {
					outs = append(outs, output{col.Name, &columnRef{col.Name}, col.Type})
				}
			}
			continue
		}
		o := output{name: heading(it.Expr), expr: it.Expr}
		if it.Alias != "" {
			o.name = it.Alias
		}
		if ref, ok := it.Expr.(*columnRef); ok {
			i, ok := sc.names[ref.name]
			if !ok {
				return nil, nil, nil, errorf("42703", "column %q does not exist", ref.name)
			}
			o.typ = rel.columns[i].Type
		}
		outs = append(outs, o)
	}
	return rel, sc, outs, nil
}

func heading(e Expr) string {
	switch e := e.(type) {
	case *columnRef:
		return e.name
	case *call:
		return e.name
	case *cast:
		return heading(e.e)
	}
	return "?column?"
}

var aggregate = map[string]bool{"count": true, "sum": true, "min": true, "max": true}

func aggregates(outs []output) bool {
	return slices.ContainsFunc(outs, func(o output) bool {
		c, ok := o.expr.(*call)
		return ok && aggregate[c.name]
	})
}

// summary runs a SELECT of aggregates.
func summary(n *Select, rel *relation, sc *scope, outs []output) ([]string, error) {
	values := make([]Value, len(outs))
	simple := n.Where == nil && rel.count != nil
	for i, o := range outs {
		c, ok := o.expr.(*call)
		if !ok || !aggregate[c.name] {
			if _, fixed := constant(o.expr); fixed {
				continue
			}
			return nil, errorf("42803", "column %q must appear in the GROUP BY clause or be used in an aggregate function", o.name)
		}
		if !c.star && len(c.args) != 1 || c.star && c.name != "count" {
			return nil, errorf("42883", "unknown signature: %s()", c.name)
		}
		simple = simple && c.star
		if c.name == "count" {
			values[i] = int64(0)
		}
	}
	if simple {
		all, err := rel.count()
		if err != nil {
			return nil, err
		}
		for i := range values {
			values[i] = all
		}
	} else if err := rel.each(func(row []Value) (bool, error) {
		sc.row = row
		if ok, err := sc.holds(n.Where); err != nil || !ok {
			return true, err
		}
		for i, o := range outs {
			c, ok := o.expr.(*call)
			if !ok {
				values[i] = o.expr
				continue
			}
			if c.star {
				values[i] = values[i].(int64) + 1
				continue
			}
			v, err := sc.eval(c.args[0])
			if err != nil {
				return false, err
			}
			if values[i], err = fold(c.name, values[i], v); err != nil {
				return false, err
			}
		}
		return true, nil
	}); err != nil {
		return nil, err
	}
	var line []string
	for _, v := range values {
		line = append(line, Text(v))
	}
	return line, nil
}

func fold(name string, have, v Value) (Value, error) {
	switch {
	case v == nil:
		return have, nil
	case name == "count":
		return have.(int64) + 1, nil
	case have == nil:
		return v, nil
	case name == "sum":
		return arithmetic("+", have, v)
	case (compare(v, have) < 0) == (name == "min"):
		return v, nil
	}
	return have, nil
}

// moment works AS OF SYSTEM TIME out, in nanoseconds. Source: TestPast.
func moment(e Expr, sc *scope) (int64, error) {
	v, err := sc.eval(e)
	if err != nil {
		return 0, err
	}
	at, ok := Moment(Text(v), sc.Now)
	switch {
	case !ok:
		return 0, errorf("", "AS OF SYSTEM TIME: value is neither timestamp, decimal, nor interval")
	case at > sc.Now:
		return 0, Future(at, sc.Now)
	}
	return at, nil
}

// Moment reads a timestamp, a number of nanoseconds or an interval before now.
func Moment(s string, now int64) (int64, bool) {
	if t, ok := ParseTime(s); ok {
		return t.UnixNano(), true
	}
	if whole, _, _ := strings.Cut(s, "."); whole != "" && strings.Trim(whole, "0123456789") == "" {
		if r, ok := new(big.Int).SetString(whole, 10); ok && r.IsInt64() {
			return r.Int64(), true
		}
	}
	if d, ok := ParseSpan(s); ok && d < 0 {
		return now + int64(d), true
	}
	return 0, false
}

// Future is the fault of a moment that has not come yet.
func Future(at, now int64) error {
	return errorf("", "AS OF SYSTEM TIME: cannot specify timestamp in the future (%s > %s)", hlc(at), hlc(now))
}

// hlc writes a moment as the cluster's clock does.
func hlc(at int64) string {
	return fmt.Sprintf("%d.%09d,0", at/int64(time.Second), at%int64(time.Second))
}

// Reachable says whether the rows of a moment are still kept.
func (s *Store) Reachable(at, now int64) error {
	if oldest := now - int64(s.Window); at < oldest {
		return errorf("", "batch timestamp %s must be after replica GC threshold %s", hlc(at), hlc(oldest))
	}
	return nil
}
