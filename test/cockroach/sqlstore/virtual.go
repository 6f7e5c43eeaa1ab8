package sqlstore

import "slices"

// source resolves what stands after FROM.
func (s *Store) source(f *Source, c Context, around Surroundings) (*relation, error) {
	switch {
	case f.Series != nil:
		return s.series(f, c, around)
	case f.Show != nil:
		return s.shown(f.Show, c, around)
	case schemas[f.Table.Schema]:
		return s.virtual(f.Table, c, around)
	}
	d, o, err := s.visible(f.Table, c)
	if err != nil {
		return nil, err
	}
	if !s.may(c, d, o, "SELECT") {
		return nil, errorf("42501", "user %s does not have SELECT privilege on relation %s", c.User, o.Name)
	}
	if o.Kind == KindView {
		return s.view(d, o, c, around)
	}
	if c.At != latest {
		if err := s.Reachable(c.At, c.Now); err != nil {
			return nil, err
		}
	}
	h := s.Heaps[o.ID]
	columns := o.Columns
	if o.Kind == KindSequence {
		columns = []Column{{Name: "last_value", Type: Int}}
	}
	return &relation{
		columns: columns,
		count:   func() (int64, error) { return h.count(c.At) },
		scan: func(f func([]Value) (bool, error)) error {
			return h.scan(c.At, nil, func(_, b []byte) (bool, error) {
				row := decodeRow(b, len(columns))
				if o.Kind == KindSequence {
					row[0] = row[0].(int64) - o.Sequence.Increment
				}
				return f(row)
			})
		},
	}, nil
}

// view reads a view whose SELECT is one that the store can run.
func (s *Store) view(d *Database, o *Object, c Context, around Surroundings) (*relation, error) {
	sts, err := Parse(o.Query)
	if err != nil || len(sts) != 1 {
		return nil, errorf("0A000", "unimplemented: reading view %s", o.Name)
	}
	own := c
	own.Database, own.User = d.Name, root
	rel, sc, outs, err := s.open(sts[0].Node.(*Select), own, around, nil)
	if err != nil {
		return nil, err
	}
	n := sts[0].Node.(*Select)
	if aggregates(outs) || n.Order != nil || n.Limit != nil {
		return nil, errorf("0A000", "unimplemented: reading view %s", o.Name)
	}
	return &relation{columns: o.Columns, scan: func(f func([]Value) (bool, error)) error {
		return rel.each(func(row []Value) (bool, error) {
			sc.row = row
			if ok, err := sc.holds(n.Where); err != nil || !ok {
				return true, err
			}
			vs := make([]Value, len(outs))
			for i, out := range outs {
				if vs[i], err = sc.eval(out.expr); err != nil {
					return false, err
				}
			}
			return f(vs)
		})
	}}, nil
}

func (s *Store) series(f *Source, c Context, around Surroundings) (*relation, error) {
	var ends [2]int64
	sc := &scope{Context: c, around: around}
	for i, e := range f.Series {
		v, err := sc.eval(e)
		if err != nil {
			return nil, err
		}
		n, ok := v.(int64)
		if !ok {
			return nil, errorf("42883", "unknown signature: generate_series()")
		}
		ends[i] = n
	}
	return &relation{columns: []Column{{Name: f.Column, Type: Int}}, scan: func(g func([]Value) (bool, error)) error {
		row := make([]Value, 1)
		for i := ends[0]; i <= ends[1]; i++ {
			row[0] = i
			if more, err := g(row); err != nil || !more {
				return err
			}
		}
		return nil
	}}, nil
}

// texts makes columns of STRING.
func texts(names ...string) (cs []Column) {
	for _, n := range names {
		cs = append(cs, Column{Name: n, Type: String})
	}
	return cs
}

// shown gives what a SHOW statement shows.
func (s *Store) shown(n Node, c Context, around Surroundings) (*relation, error) {
	switch n := n.(type) {
	case ShowDatabases:
		r := &relation{columns: texts("database_name")}
		for _, d := range s.databases(c.At) {
			if s.seesDatabase(c, d) {
				r.rows = append(r.rows, []Value{d.Name})
			}
		}
		return r, nil
	case ShowUsers:
		r := &relation{columns: texts("username", "options", "member_of"), rows: [][]Value{{"admin", "CREATEROLE", "{}"}}}
		for _, u := range append(sorted(s.Users), root) {
			row := []Value{u, "", "{}"}
			if u == root {
				row = []Value{u, "CREATEROLE", "{admin}"}
			}
			r.rows = append(r.rows, row)
		}
		slices.SortFunc(r.rows, func(a, b []Value) int { return compare(a[0], b[0]) })
		return r, nil
	case ShowTables:
		in := n.Database
		if in == "" {
			in = c.Database
		}
		d := s.database(in, c.At)
		if d == nil {
			return nil, errorf("3F000", "target database or schema does not exist")
		}
		r := &relation{columns: texts("table_name")}
		for _, o := range d.at(c.At) {
			if o.Kind != KindSequence && s.sees(c, o) {
				r.rows = append(r.rows, []Value{o.Name})
			}
		}
		return r, nil
	case given:
		r := &relation{columns: texts(n.Columns...)}
		for _, row := range n.Rows {
			values := make([]Value, len(row))
			for i, text := range row {
				if text != "NULL" {
					values[i] = text
				}
			}
			r.rows = append(r.rows, values)
		}
		return r, nil
	case ShowSetting:
		v, err := around.Setting(n.Name)
		return &relation{columns: texts(n.Name), rows: [][]Value{{v}}}, err
	case Other:
		columns, rows, ok := around.Virtual(n.Name)
		if c.User != root {
			rows = nil // jobs of others
		}
		if n.Job != 0 {
			rows = slices.DeleteFunc(slices.Clone(rows), func(row []Value) bool { return row[0] != n.Job })
		}
		if ok {
			return &relation{columns: texts(columns...), rows: rows}, nil
		}
	}
	return nil, errorf("0A000", "unimplemented: this statement in brackets")
}

// virtual gives a table of crdb_internal, information_schema or pg_catalog. The database
// must exist now, whatever moment is asked for: so it is with the real program.
func (s *Store) virtual(n Name, c Context, around Surroundings) (*relation, error) {
	if n.Schema == "pg_catalog" && n.Table == "pg_database" {
		r := &relation{columns: texts("datname")}
		for _, d := range s.databases(c.At) {
			r.rows = append(r.rows, []Value{d.Name})
		}
		return r, nil
	}
	in := n.Database
	all := in == `""`
	if in == "" {
		in = c.Database
	}
	if !all && s.database(in, latest) == nil {
		return nil, noDatabase(in)
	}
	var dbs []*Database
	for _, d := range s.databases(c.At) {
		if all || d.Name == in {
			dbs = append(dbs, d)
		}
	}
	var r *relation
	var row func(*Database, *Object)
	switch n.Schema + "." + n.Table {
	case "crdb_internal.create_statements":
		r = &relation{columns: texts("database_id", "database_name", "schema_name", "descriptor_id", "descriptor_type", "descriptor_name",
			"create_statement", "state", "create_nofks", "alter_statements", "validate_statements", "zone_configuration_statements")}
		row = func(d *Database, o *Object) {
			add, validate := o.Alterations()
			r.rows = append(r.rows, []Value{int64(d.ID), d.Name, "public", int64(o.ID), o.Kind, o.Name, o.Create(true), "PUBLIC", o.Create(false),
				braced(append(add, o.Remarks()...)), braced(validate), "{}"})
		}
	case "pg_catalog.pg_type":
		// Types of users alone would be of use, and there are none.
		return &relation{columns: texts("oid", "typname", "typnamespace", "typtype")}, nil
	case "information_schema.tables":
		r = &relation{columns: texts("table_catalog", "table_schema", "table_name", "table_type", "is_insertable_into", "version")}
		row = func(d *Database, o *Object) {
			switch o.Kind {
			case KindTable:
				r.rows = append(r.rows, []Value{d.Name, "public", o.Name, "BASE TABLE", "YES", int64(1)})
			case KindView:
				r.rows = append(r.rows, []Value{d.Name, "public", o.Name, "VIEW", "NO", int64(1)})
			}
		}
	case "information_schema.sequences":
		r = &relation{columns: texts("sequence_catalog", "sequence_schema", "sequence_name", "start_value", "minimum_value", "maximum_value", "increment")}
		row = func(d *Database, o *Object) {
			if q := o.Sequence; q != nil {
				r.rows = append(r.rows, []Value{d.Name, "public", o.Name, Text(q.Start), Text(q.Min), Text(q.Max), Text(q.Increment)})
			}
		}
	case "information_schema.columns":
		r = &relation{columns: texts("table_catalog", "table_schema", "table_name", "column_name", "ordinal_position", "column_default", "is_nullable",
			"data_type", "generation_expression", "is_hidden", "crdb_sql_type")}
		row = func(d *Database, o *Object) {
			for i, col := range o.Columns {
				var def Value
				if col.Default != "" {
					def = col.Default
				}
				r.rows = append(r.rows, []Value{d.Name, "public", o.Name, col.Name, int64(i + 1), def, yes(!col.NotNull), col.Type.Data(), col.Computed, yes(col.Hidden), col.Type.String()})
			}
		}
	default:
		if columns, rows, ok := around.Virtual(n.Schema + "." + n.Table); ok {
			return &relation{columns: texts(columns...), rows: rows}, nil
		}
		return nil, noRelation(n.String())
	}
	for _, d := range dbs {
		// In the order in which they were made, as descriptors are numbered.
		os := d.at(c.At)
		slices.SortFunc(os, func(a, b *Object) int { return a.ID - b.ID })
		for _, o := range os {
			if s.sees(c, o) {
				row(d, o)
			}
		}
	}
	return r, nil
}

func yes(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

// braced writes texts as an array shows them.
func braced(texts []string) string {
	s := ""
	for i, t := range texts {
		if i > 0 {
			s += ","
		}
		s += `"` + t + `"`
	}
	return "{" + s + "}"
}
