package sqlstore

import (
	"fmt"
	"slices"
)

// plan is what a table's expressions were parsed into.
type plan struct {
	names    map[string]int
	defaults []Expr
	computed []Expr
	checks   []Expr
	parents  []*Object
}

func (o *Object) prepared() (*plan, error) {
	if o.plan != nil {
		return o.plan, nil
	}
	p := &plan{names: map[string]int{}, parents: make([]*Object, len(o.Foreign))}
	parse := func(src string) (Expr, error) {
		if src == "" {
			return nil, nil
		}
		return parseExpr(src)
	}
	for i, c := range o.Columns {
		p.names[c.Name] = i
		d, err := parse(c.Default)
		if err != nil {
			return nil, err
		}
		if v, ok := constant(d); ok {
			if d, err = coerce(v, c.Type, c.Name); err != nil {
				return nil, err
			}
		}
		e, err := parse(c.Computed)
		if err != nil {
			return nil, err
		}
		p.defaults, p.computed = append(p.defaults, d), append(p.computed, e)
	}
	for _, c := range o.Checks {
		e, err := parse(c.Expr)
		if err != nil {
			return nil, err
		}
		p.checks = append(p.checks, e)
	}
	o.plan = p
	return p, nil
}

// targets finds the columns of an INSERT.
func targets(o *Object, columns []string) (at []int, err error) {
	if columns == nil {
		for i, c := range o.Columns {
			if !c.Hidden && c.Computed == "" {
				at = append(at, i)
			}
		}
		return at, nil
	}
	for _, c := range columns {
		i, err := o.column(c)
		if err != nil {
			return nil, err
		}
		if o.Columns[i].Computed != "" {
			return nil, errorf("55000", "cannot write directly to computed column %q", c)
		}
		if slices.Contains(at, i) {
			return nil, errorf("42701", "multiple assignments to the same column %q", c)
		}
		at = append(at, i)
	}
	return at, nil
}

// mayWrite finds a table that the user may change.
func (s *Store) mayWrite(n Name, c Context, privilege string) (*Database, *Object, error) {
	d, o, err := s.visible(n, c)
	switch {
	case err != nil:
		return nil, nil, err
	case o.Kind != KindTable:
		return nil, nil, errorf("42809", "%q is not a table", o.Name)
	case !s.may(c, d, o, privilege):
		return nil, nil, errorf("42501", "user %s does not have %s privilege on relation %s", c.User, privilege, o.Name)
	}
	return d, o, nil
}

func (s *Store) insert(n Insert, c Context, around Surroundings) (Result, error) {
	d, o, err := s.mayWrite(n.Table, c, "INSERT")
	if err != nil {
		return Result{}, err
	}
	at, err := targets(o, n.Columns)
	if err != nil {
		return Result{}, err
	}
	t := s.begin(c, around)
	sc := &scope{Context: c, around: around, change: t}
	own := *sc // for defaults: names in them are those of the table's database
	own.Database = d.Name
	add := func(given []Value) error {
		if len(given) > len(at) {
			return errorf("42601", "INSERT has more expressions than target columns, %d expressions for %d targets", len(given), len(at))
		}
		if n.Columns != nil && len(given) < len(at) {
			return errorf("42601", "INSERT has more target columns than expressions, %d expressions for %d targets", len(given), len(at))
		}
		row := make([]Value, len(o.Columns))
		for i := range row {
			row[i] = omitted{}
		}
		for k, v := range given {
			row[at[k]] = v
		}
		if err := s.fill(o, row, &own); err != nil {
			return err
		}
		return t.put(o, row)
	}
	if n.Select != nil {
		err = s.each(n.Select, c, around, t, add)
	} else {
		given := make([]Value, 0, len(at))
		for _, exprs := range n.Rows {
			given = given[:0]
			for _, e := range exprs {
				v, e := sc.eval(e)
				if err = e; err != nil {
					break
				}
				given = append(given, v)
			}
			if err == nil {
				err = add(given)
			}
			if err != nil {
				break
			}
		}
	}
	if err := t.end(err); err != nil {
		return Result{}, err
	}
	return Result{Tag: fmt.Sprintf("INSERT %d", t.touched)}, nil
}

// fill completes a row with defaults and computed columns and checks it.
func (s *Store) fill(o *Object, row []Value, sc *scope) error {
	p, err := o.prepared()
	if err != nil {
		return err
	}
	for i, c := range o.Columns {
		if _, missing := row[i].(omitted); missing {
			switch {
			case c.Hidden:
				h := s.Heaps[o.ID]
				h.Next++
				row[i] = h.Next
			case c.Computed != "":
				continue
			default:
				if row[i], err = sc.eval(p.defaults[i]); err != nil {
					return err
				}
			}
		}
		if err := fit(row, i, c); err != nil {
			return err
		}
	}
	sc.names, sc.row = p.names, row
	for i, c := range o.Columns {
		if c.Computed != "" {
			if row[i], err = sc.eval(p.computed[i]); err != nil {
				return err
			}
			if err := fit(row, i, c); err != nil {
				return err
			}
		}
	}
	for i, e := range p.checks {
		v, err := sc.eval(e)
		if err != nil {
			return err
		}
		if v == false {
			return errorf("23514", "failed to satisfy CHECK constraint (%s)", o.Checks[i].Expr)
		}
	}
	return nil
}

func fit(row []Value, i int, c Column) (err error) {
	switch v := row[i].(type) {
	case span:
		row[i] = Raw(spanText(v))
	case nil:
		if c.NotNull {
			return errorf("23502", "null value in column %q violates not-null constraint", c.Name)
		}
		return nil
	}
	row[i], err = coerce(row[i], c.Type, c.Name)
	return err
}

// found are the rows that a WHERE holds for.
func (s *Store) found(o *Object, where Expr, c Context, around Surroundings) (rows [][]Value, err error) {
	p, err := o.prepared()
	if err != nil {
		return nil, err
	}
	sc := &scope{Context: c, around: around, names: p.names}
	err = s.Heaps[o.ID].scan(latest, nil, func(_, b []byte) (bool, error) {
		sc.row = decodeRow(b, len(o.Columns))
		if where != nil {
			if v, err := sc.eval(where); err != nil || v != true {
				return true, err
			}
		}
		rows = append(rows, sc.row)
		return true, nil
	})
	return rows, err
}

func (s *Store) update(n Update, c Context, around Surroundings) (Result, error) {
	_, o, err := s.mayWrite(n.Table, c, "UPDATE")
	if err != nil {
		return Result{}, err
	}
	rows, err := s.found(o, n.Where, c, around)
	if err != nil {
		return Result{}, err
	}
	t := s.begin(c, around)
	err = func() error {
		p, err := o.prepared()
		if err != nil {
			return err
		}
		var changed [][]Value
		for _, r := range rows {
			sc := &scope{Context: c, around: around, names: p.names, row: r, change: t}
			x := slices.Clone(r)
			for i, col := range o.Columns {
				if col.Computed != "" {
					x[i] = omitted{}
				}
			}
			for _, a := range n.Set {
				i, err := o.column(a.Column)
				if err != nil {
					return err
				}
				if x[i], err = sc.eval(a.Value); err != nil {
					return err
				}
			}
			if err := s.fill(o, x, sc); err != nil {
				return err
			}
			changed = append(changed, x)
		}
		referred := s.references(o)
		for i, r := range rows {
			held := referred
			if string(partKey(o, o.Key, r, false)) == string(partKey(o, o.Key, changed[i], false)) {
				held = nil
			}
			if err := t.erase(o, r, held, "update"); err != nil {
				return err
			}
		}
		for _, x := range changed {
			if err := t.put(o, x); err != nil {
				return err
			}
		}
		return nil
	}()
	if err := t.end(err); err != nil {
		return Result{}, err
	}
	return Result{Tag: fmt.Sprintf("UPDATE %d", len(rows))}, nil
}

func (s *Store) remove(n Delete, c Context, around Surroundings) (Result, error) {
	_, o, err := s.mayWrite(n.Table, c, "DELETE")
	if err != nil {
		return Result{}, err
	}
	rows, err := s.found(o, n.Where, c, around)
	if err != nil {
		return Result{}, err
	}
	t := s.begin(c, around)
	referred := s.references(o)
	for _, r := range rows {
		if err = t.erase(o, r, referred, "delete"); err != nil {
			break
		}
	}
	if err := t.end(err); err != nil {
		return Result{}, err
	}
	return Result{Tag: fmt.Sprintf("DELETE %d", len(rows))}, nil
}
