package sqlstore

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func (s *Store) createTable(n CreateTable, c Context) (Result, error) {
	d, err := s.place(n.Name, c)
	if err != nil {
		return Result{}, err
	}
	if d.live[n.Name.Table] != nil {
		if n.Unless {
			return Result{Tag: "CREATE TABLE"}, nil
		}
		return Result{}, errorf("42P07", "relation %q already exists", n.Name.Table)
	}
	o := n.Table
	o.Columns, o.Indexes, o.Families = slices.Clone(o.Columns), slices.Clone(o.Indexes), slices.Clone(o.Families)
	o.Checks, o.Foreign = slices.Clone(o.Checks), slices.Clone(o.Foreign)
	if err := complete(&o); err != nil {
		return Result{}, err
	}
	if err := s.needs(&o, d, c); err != nil {
		return Result{}, err
	}
	for i := range o.Foreign {
		k := &o.Foreign[i]
		if k.Name == "" {
			k.Name = "fk_" + strings.Join(k.Columns, "_") + "_ref_" + k.Table.Table
		}
		if !indexed(&o, k.Columns) {
			x := Index{Name: o.Name + "_auto_index_" + k.Name}
			for _, col := range k.Columns {
				x.Parts = append(x.Parts, Part{Column: col})
			}
			o.Indexes = append(o.Indexes, x)
		}
		if err := s.bind(k, &o, d, c); err != nil {
			return Result{}, err
		}
	}
	o.ID = s.newHeap()
	for i := range o.Foreign {
		if o.Foreign[i].To == 0 {
			o.Foreign[i].To = o.ID
		}
	}
	for i := range o.Indexes {
		if o.Indexes[i].Unique {
			o.Indexes[i].ID = s.newHeap()
		}
	}
	s.enter(d, &o, c)
	return Result{Tag: "CREATE TABLE"}, nil
}

// complete fills in what a CREATE TABLE leaves to rules: names, the row number
// of a table without a primary key, families.
func complete(o *Object) error {
	for i, c := range o.Columns {
		if slices.ContainsFunc(o.Columns[:i], func(x Column) bool { return x.Name == c.Name }) {
			return errorf("42701", "duplicate column name: %q", c.Name)
		}
	}
	if len(o.Key) == 0 {
		o.Columns = append(o.Columns, Column{Name: "rowid", Type: Int, NotNull: true, Hidden: true})
		o.Key = []Part{{Column: "rowid"}}
	}
	parts := slices.Clone(o.Key)
	for i := range o.Indexes {
		x := &o.Indexes[i]
		parts = append(parts, x.Parts...)
		if x.Name == "" {
			x.Name = indexName(o, *x)
		}
	}
	for _, p := range parts {
		if _, err := o.column(p.Column); err != nil {
			return err
		}
	}
	for _, k := range o.Key {
		o.Columns[o.index(k.Column)].NotNull = true
	}
	var rest []string
	for _, c := range o.Columns {
		if !slices.ContainsFunc(o.Families, func(f Family) bool { return slices.Contains(f.Columns, c.Name) }) {
			rest = append(rest, c.Name)
		}
	}
	for _, f := range o.Families {
		for _, name := range f.Columns {
			if name == "rowid" && len(rest) > 0 {
				continue
			}
			if _, err := o.column(name); err != nil {
				return err
			}
		}
	}
	switch {
	case len(o.Families) == 0:
		o.Families = []Family{{Name: "primary", Columns: rest}}
	case len(rest) > 0:
		o.Families[0].Columns = append(slices.Clone(o.Families[0].Columns), rest...)
	}
	for i := range o.Checks {
		if o.Checks[i].Name == "" {
			o.Checks[i].Name = checkName(o, o.Checks[i].Expr)
		}
	}
	return nil
}

func indexName(o *Object, x Index) string {
	name := o.Name
	for _, p := range x.Parts {
		name += "_" + p.Column
	}
	if x.Unique {
		name += "_key"
	} else {
		name += "_idx"
	}
	first := name
	for n := 1; slices.ContainsFunc(o.Indexes, func(y Index) bool { return y.Name == name }); n++ {
		name = first + strconv.Itoa(n)
	}
	return name
}

var anyWord = regexp.MustCompile(`[a-z_][a-z0-9_]*`)

func checkName(o *Object, expr string) string {
	name := "check"
	for _, w := range anyWord.FindAllString(expr, -1) {
		if o.index(w) >= 0 {
			name += "_" + w
		}
	}
	return name
}

var nextvalOf = regexp.MustCompile(`nextval\('([^']*)'`)

// needs finds the sequences of the defaults.
func (s *Store) needs(o *Object, d *Database, c Context) error {
	for _, col := range o.Columns {
		m := nextvalOf.FindStringSubmatch(col.Default)
		if m == nil {
			continue
		}
		q, err := s.sequence(m[1], Context{Database: d.Name, User: c.User, At: latest})
		if err != nil {
			return err
		}
		if !slices.Contains(o.Needs, q.ID) {
			o.Needs = append(o.Needs, q.ID)
		}
	}
	return nil
}

// indexed says whether an index of a table begins with the columns.
func indexed(o *Object, columns []string) bool {
	begins := func(ps []Part) bool {
		if len(ps) < len(columns) {
			return false
		}
		for i, col := range columns {
			if ps[i].Column != col {
				return false
			}
		}
		return true
	}
	return begins(o.Key) || slices.ContainsFunc(o.Indexes, func(x Index) bool { return !x.Inverted && begins(x.Parts) })
}

// bind finds the table that a foreign key refers to; o is the one that it is of.
func (s *Store) bind(k *ForeignKey, o *Object, d *Database, c Context) error {
	for _, col := range k.Columns {
		if _, err := o.column(col); err != nil {
			return err
		}
	}
	to := o
	if k.Table.Table != o.Name || (k.Table.Database != "" && k.Table.Database != d.Name) {
		var err error
		if _, to, err = s.visible(k.Table, Context{Database: d.Name, User: c.User, At: latest}); err != nil {
			return noRelation(k.Table.String())
		}
		k.To = to.ID
	}
	if k.Refs == nil {
		for _, p := range to.Key {
			k.Refs = append(k.Refs, p.Column)
		}
	}
	if target(to, k.Refs) == nil {
		return errorf("42830", "there is no unique constraint matching given keys for referenced table %s", to.Name)
	}
	return nil
}

// target gives the parts of the primary key or unique index over the columns.
func target(to *Object, refs []string) []Part {
	same := func(ps []Part) bool {
		return slices.EqualFunc(ps, refs, func(p Part, r string) bool { return p.Column == r })
	}
	if same(to.Key) {
		return to.Key
	}
	for _, x := range to.Indexes {
		if x.Unique && same(x.Parts) {
			return x.Parts
		}
	}
	return nil
}

func (s *Store) addForeignKey(n AddForeignKey, c Context) (Result, error) {
	d, o, err := s.visible(n.Table, c)
	if err != nil {
		return Result{}, err
	}
	k := n.Key
	if k.Name == "" {
		k.Name = "fk_" + strings.Join(k.Columns, "_") + "_ref_" + k.Table.Table
	}
	if o.constraint(k.Name) {
		return Result{}, errorf("42710", "duplicate constraint name: %q", k.Name)
	}
	if err := s.bind(&k, o, d, c); err != nil {
		return Result{}, err
	}
	if !indexed(o, k.Columns) {
		var names []string
		for _, col := range k.Columns {
			names = append(names, strconv.Quote(col))
		}
		return Result{}, errorf("23503", "foreign key requires an existing index on columns (%s)", strings.Join(names, ", "))
	}
	if k.To == 0 {
		k.To = o.ID
	}
	_, to := s.byID(k.To, latest)
	var fault error
	err = s.Heaps[o.ID].scan(latest, nil, func(_, b []byte) (bool, error) {
		row := decodeRow(b, len(o.Columns))
		ok, err := s.matches(o, k, to, row)
		if err != nil || !ok {
			var shown []string
			for _, name := range append(slices.Clone(k.Columns), names(o.Key)...) {
				shown = append(shown, name+"="+Literal(row[o.index(name)], o.Columns[o.index(name)].Type))
			}
			fault = errorf("23503", "foreign key violation: %q row %s has no match in %q", o.Name, strings.Join(shown, ", "), to.Name)
			return false, err
		}
		return true, nil
	})
	if err != nil || fault != nil {
		return Result{}, cmpErr(err, fault)
	}
	x := d.change(o, c.Now)
	x.Foreign = append(x.Foreign, k)
	return Result{Tag: "ALTER TABLE"}, nil
}

func names(ps []Part) (out []string) {
	for _, p := range ps {
		out = append(out, p.Column)
	}
	return out
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (s *Store) createIndex(n CreateIndex, c Context) (Result, error) {
	d, o, err := s.visible(n.Table, c)
	if err != nil {
		return Result{}, err
	}
	x := n.Index
	for _, p := range x.Parts {
		if _, err := o.column(p.Column); err != nil {
			return Result{}, err
		}
	}
	if x.Name == "" {
		x.Name = indexName(o, x)
	}
	if slices.ContainsFunc(o.Indexes, func(y Index) bool { return y.Name == x.Name }) {
		return Result{}, errorf("42P07", "index with name %q already exists", x.Name)
	}
	if x.Unique {
		x.ID = s.newHeap()
		err := s.Heaps[o.ID].scan(latest, nil, func(key, b []byte) (bool, error) {
			k := partKey(o, x.Parts, decodeRow(b, len(o.Columns)), true)
			if k == nil {
				return true, nil
			}
			ok, err := s.Heaps[x.ID].insert(c.Now, k, slices.Clone(key))
			if err == nil && !ok {
				err = errorf("23505", "duplicate key value violates unique constraint %q", x.Name)
			}
			return true, err
		})
		if err != nil {
			return Result{}, err
		}
	}
	y := d.change(o, c.Now)
	y.Indexes = append(y.Indexes, x)
	return Result{Tag: "CREATE INDEX"}, nil
}
