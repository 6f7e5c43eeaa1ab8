package sqlstore

import (
	"slices"
	"strings"
)

const countAll = "count(*)"

// selection runs a SELECT. Without ORDER BY rows come in primary-key order.
func (s *Store) selection(n Select, database string, around Surroundings) (Result, error) {
	t := &Table{rows: [][]Value{{}}}
	if n.From != nil {
		var err error
		if _, t, err = s.find(*n.From, database); err != nil {
			return Result{}, err
		}
	}
	hit, err := t.filter(n.Where)
	if err != nil {
		return Result{}, err
	}
	var rows [][]Value
	for _, r := range t.rows {
		if hit(r) {
			rows = append(rows, r)
		}
	}
	if err := t.sort(rows, n.Order); err != nil {
		return Result{}, err
	}
	columns, get, err := t.outputs(n, len(rows), around)
	if err != nil {
		return Result{}, err
	}
	if n.counts() {
		rows = [][]Value{nil}
	}
	if n.Limit != nil && int64(len(rows)) > *n.Limit {
		rows = rows[:*n.Limit]
	}
	out := Result{Columns: columns}
	for _, r := range rows {
		var line []string
		for _, g := range get {
			line = append(line, Text(g(r)))
		}
		out.Rows = append(out.Rows, line)
	}
	return out, nil
}

func (n Select) counts() bool {
	return slices.ContainsFunc(n.Items, func(it Item) bool { return it.Function == countAll })
}

// outputs gives the header and, for each output, how to get it from a row.
func (t *Table) outputs(n Select, matches int, around Surroundings) (columns []string, get []func([]Value) Value, err error) {
	add := func(it Item, name string, f func([]Value) Value) {
		if it.Alias != "" {
			name = it.Alias
		}
		columns, get = append(columns, name), append(get, f)
	}
	constant := func(v Value) func([]Value) Value { return func([]Value) Value { return v } }
	for _, it := range n.Items {
		switch {
		case n.counts() && (it.Star || it.Column != ""):
			return nil, nil, errorf("42803", "column %q must appear in the GROUP BY clause or be used in an aggregate function", it.Column)
		case it.Star && n.From == nil:
			return nil, nil, errorf("42602", "cannot use \"*\" without a FROM clause")
		case it.Star:
			for i, c := range t.Columns {
				if !c.Hidden {
					add(it, c.Name, func(r []Value) Value { return r[i] })
				}
			}
		case it.Function == countAll:
			add(it, "count", constant(int64(matches)))
		case it.Function != "":
			v, ok := around.Function(it.Function)
			if !ok {
				return nil, nil, errorf("42883", "unknown function: %s", it.Function)
			}
			add(it, strings.TrimSuffix(it.Function, "()"), constant(v))
		case it.Column != "":
			i, err := t.column(it.Column)
			if err != nil {
				return nil, nil, err
			}
			add(it, it.Column, func(r []Value) Value { return r[i] })
		default:
			add(it, "?column?", constant(it.Value))
		}
	}
	return columns, get, nil
}

func (t *Table) sort(rows [][]Value, order []Order) error {
	var at []int
	for _, o := range order {
		i, err := t.column(o.Column)
		if err != nil {
			return err
		}
		at = append(at, i)
	}
	slices.SortStableFunc(rows, func(a, b []Value) int {
		for k, i := range at {
			c := compare(a[i], b[i])
			if order[k].Down {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	return nil
}

// Tables gives the tables of a database by name; ok is false when there is no
// such database.
func (s *Store) Tables(database string) (tables []*Table, ok bool) {
	db, ok := s.Databases[database]
	for _, k := range sorted(db) {
		tables = append(tables, db[k])
	}
	return tables, ok
}
