package sqlstore

import (
	"fmt"
	"slices"
)

func (s *Store) insert(n Insert, database string) (Result, error) {
	_, t, err := s.find(n.Table, database)
	if err != nil {
		return Result{}, err
	}
	columns := n.Columns
	if columns == nil {
		for _, c := range t.Visible() {
			columns = append(columns, c.Name)
		}
	}
	var at []int
	for _, c := range columns {
		i, err := t.column(c)
		if err != nil {
			return Result{}, err
		}
		if slices.Contains(at, i) {
			return Result{}, errorf("42701", "multiple assignments to the same column %q", c)
		}
		at = append(at, i)
	}
	rows, next := slices.Clone(t.rows), t.NextRow
	for _, given := range n.Rows {
		if len(given) > len(at) || (n.Columns != nil && len(given) != len(at)) {
			return Result{}, errorf("42601", "INSERT has more expressions than target columns, %d expressions for %d targets", len(given), len(at))
		}
		row := make([]Value, len(t.Columns))
		for i := range row {
			row[i] = omitted{}
		}
		for k, v := range given {
			row[at[k]] = v
		}
		for i, c := range t.Columns {
			if _, missing := row[i].(omitted); missing {
				row[i] = c.Default
				if c.Hidden {
					next++
					row[i] = next
				}
			}
		}
		if err := t.check(row); err != nil {
			return Result{}, err
		}
		if rows, err = t.put(rows, row); err != nil {
			return Result{}, err
		}
	}
	t.rows, t.NextRow = rows, next
	return Result{Tag: fmt.Sprintf("INSERT %d", len(n.Rows))}, nil
}

func (s *Store) update(n Update, database string) (Result, error) {
	_, t, err := s.find(n.Table, database)
	if err != nil {
		return Result{}, err
	}
	hit, err := t.filter(n.Where)
	if err != nil {
		return Result{}, err
	}
	var rows, changed [][]Value
	for _, r := range t.rows {
		if !hit(r) {
			rows = append(rows, r)
			continue
		}
		r = slices.Clone(r)
		for _, a := range n.Set {
			i, err := t.column(a.Column)
			if err != nil {
				return Result{}, err
			}
			r[i] = a.Value
		}
		if err := t.check(r); err != nil {
			return Result{}, err
		}
		changed = append(changed, r)
	}
	for _, r := range changed {
		if rows, err = t.put(rows, r); err != nil {
			return Result{}, err
		}
	}
	t.rows = rows
	return Result{Tag: fmt.Sprintf("UPDATE %d", len(changed))}, nil
}

func (s *Store) remove(n Delete, database string) (Result, error) {
	_, t, err := s.find(n.Table, database)
	if err != nil {
		return Result{}, err
	}
	hit, err := t.filter(n.Where)
	if err != nil {
		return Result{}, err
	}
	before := len(t.rows)
	t.rows = slices.DeleteFunc(slices.Clone(t.rows), hit)
	return Result{Tag: fmt.Sprintf("DELETE %d", before-len(t.rows))}, nil
}

// filter makes a test out of conditions.
func (t *Table) filter(cs []Condition) (func([]Value) bool, error) {
	type test struct {
		at   int
		cond Condition
	}
	var tests []test
	for _, c := range cs {
		x := test{cond: c}
		if c.Op != "constant" {
			i, err := t.column(c.Column)
			if err != nil {
				return nil, err
			}
			x.at = i
			if x.cond.Value, err = coerce(c.Value, t.Columns[i].Type, c.Column); err != nil {
				return nil, err
			}
		}
		tests = append(tests, x)
	}
	return func(r []Value) bool {
		for _, x := range tests {
			var ok bool
			switch x.cond.Op {
			case "constant":
				ok = x.cond.Value == true
			case "is null":
				ok = r[x.at] == nil
			case "is not null":
				ok = r[x.at] != nil
			default:
				ok = r[x.at] != nil && x.cond.Value != nil && compare(r[x.at], x.cond.Value) == 0
			}
			if !ok {
				return false
			}
		}
		return true
	}, nil
}
