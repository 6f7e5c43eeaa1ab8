package sqlstore

import (
	"maps"
	"slices"
	"strings"
)

// define runs the statements that change databases, tables and users.
func (s *Store) define(n Node, c Context, around Surroundings) (Result, error) {
	s.forget()
	switch n := n.(type) {
	case CreateDatabase:
		return s.createDatabase(n, c)
	case DropDatabase:
		return s.dropDatabase(n, c)
	case CreateTable:
		return s.createTable(n, c)
	case CreateView:
		return s.createView(n, c)
	case CreateSequence:
		return s.createSequence(n, c)
	case CreateIndex:
		return s.createIndex(n, c)
	case Drop:
		return s.drop(n, c)
	case AddForeignKey:
		return s.addForeignKey(n, c)
	case Validate:
		_, o, err := s.visible(n.Table, c)
		switch {
		case err != nil:
			return Result{}, err
		case !o.constraint(n.Constraint):
			return Result{}, errorf("42704", "constraint %q does not exist", n.Constraint)
		}
		return Result{Tag: "ALTER TABLE"}, nil
	case Comment:
		return s.comment(n, c)
	case CreateUser, DropUser, Grant:
		return s.account(n, c)
	}
	return Result{}, errorf("0A000", "unimplemented statement")
}

// forget drops what nobody may ask for any more.
func (s *Store) forget() {
	used := map[int]bool{}
	s.Databases = slices.DeleteFunc(s.Databases, func(d *Database) bool { return d.Gone < s.pool.horizon })
	for _, d := range s.Databases {
		d.Objects = slices.DeleteFunc(d.Objects, func(o *Object) bool { return o.Gone < s.pool.horizon })
		for _, o := range d.Objects {
			used[o.ID] = true
			for _, x := range o.Indexes {
				used[x.ID] = true
			}
		}
	}
	for _, off := range s.Offline {
		for _, id := range off.IDs {
			used[id] = true
		}
	}
	for id, h := range s.Heaps {
		if used[id] {
			continue
		}
		for _, l := range h.Leaves {
			if l.Ref.Len > 0 {
				s.pool.pages.Free(l.Ref)
			}
			if l.vs != nil {
				s.pool.held -= l.size
				s.pool.open = slices.DeleteFunc(s.pool.open, func(x *leaf) bool { return x == l })
			}
		}
		delete(s.Heaps, id)
		delete(s.Grants, id)
	}
}

func (s *Store) newHeap() int {
	s.NextID++
	s.Heaps[s.NextID] = &heap{pool: s.pool}
	return s.NextID
}

func (s *Store) createDatabase(n CreateDatabase, c Context) (Result, error) {
	switch {
	case c.User != root:
		return Result{}, errorf("42501", "only users with the admin role are allowed to CREATE DATABASE")
	case s.database(n.Name, latest) != nil && n.Unless:
		return Result{Tag: "CREATE DATABASE"}, nil
	case s.database(n.Name, latest) != nil:
		return Result{}, errorf("42P04", "database %q already exists", n.Name)
	case n.Name == "":
		return Result{}, errorf("42601", "empty database name")
	}
	s.NextID++
	s.Databases = append(s.Databases, &Database{ID: s.NextID, Name: n.Name, Made: c.Now, Gone: forever, live: map[string]*Object{}})
	return Result{Tag: "CREATE DATABASE"}, nil
}

func (s *Store) dropDatabase(n DropDatabase, c Context) (Result, error) {
	d := s.database(n.Name, latest)
	switch {
	case n.Name == system:
		return Result{}, errorf("42501", "user root does not have DROP privilege on database system")
	case d == nil && n.If:
		return Result{Tag: "DROP DATABASE"}, nil
	case d == nil:
		return Result{}, noDatabase(n.Name)
	case c.User != root:
		return Result{}, errorf("42501", "user %s does not have DROP privilege on database %s", c.User, d.Name)
	case n.Safe && len(d.live) > 0:
		return Result{}, errorf("2BP01", "database %q is not empty and RESTRICT was specified", n.Name)
	}
	for _, o := range d.live {
		o.Gone = c.Now
	}
	d.Gone, d.live = c.Now, map[string]*Object{}
	return Result{Tag: "DROP DATABASE"}, nil
}

// place finds the database that a new object goes to.
func (s *Store) place(n Name, c Context) (*Database, error) {
	in := n.Database
	if in == "" {
		in = c.Database
	}
	d := s.database(in, latest)
	switch {
	case d == nil:
		return nil, noDatabase(in)
	case in == system:
		return nil, errorf("42501", "user root does not have CREATE privilege on database system")
	case c.User != root && !slices.Contains(d.Grants[c.User], "CREATE") && !slices.Contains(d.Grants[c.User], "ALL"):
		return nil, errorf("42501", "user %s does not have CREATE privilege on database %s", c.User, d.Name)
	}
	return d, nil
}

// enter adds a new object; it inherits the privileges of the database.
func (s *Store) enter(d *Database, o *Object, c Context) {
	o.Made, o.Gone = c.Now, forever
	d.add(o)
	if len(d.Grants) > 0 {
		s.Grants[o.ID] = maps.Clone(d.Grants)
	}
}

func (s *Store) createView(n CreateView, c Context) (Result, error) {
	d, err := s.place(n.Name, c)
	if err != nil {
		return Result{}, err
	}
	if d.live[n.Name.Table] != nil {
		return Result{}, errorf("42P07", "relation %q already exists", n.Name.Table)
	}
	o := &Object{Kind: KindView, Name: n.Name.Table}
	parts := strings.Split(n.Query, "\x00")
	o.Query = parts[0]
	for i, t := range n.Tables {
		td, to, err := s.visible(t, c)
		if err != nil {
			return Result{}, err
		}
		o.Query += QuoteName(td.Name) + ".public." + QuoteName(to.Name) + parts[i+1]
		o.Needs = append(o.Needs, to.ID)
	}
	for _, name := range n.Columns {
		o.Columns = append(o.Columns, Column{Name: name, Type: s.typeInView(o.Needs, name)})
	}
	s.NextID++
	o.ID = s.NextID
	s.enter(d, o, c)
	return Result{Tag: "CREATE VIEW"}, nil
}

// typeInView guesses the type of a view's column: that of a column of the same
// name, else text.
func (s *Store) typeInView(needs []int, column string) Type {
	for _, id := range needs {
		if _, o := s.byID(id, latest); o != nil {
			if i := o.index(column); i >= 0 {
				return o.Columns[i].Type
			}
		}
	}
	return String
}

func (s *Store) createSequence(n CreateSequence, c Context) (Result, error) {
	d, err := s.place(n.Name, c)
	if err != nil {
		return Result{}, err
	}
	if d.live[n.Name.Table] != nil {
		if n.Unless {
			return Result{Tag: "CREATE SEQUENCE"}, nil
		}
		return Result{}, errorf("42P07", "relation %q already exists", n.Name.Table)
	}
	q := n.Sequence
	o := &Object{Kind: KindSequence, Name: n.Name.Table, Sequence: &q, ID: s.newHeap(), Columns: []Column{{Name: "value", Type: Int, NotNull: true}}}
	if _, err := s.Heaps[o.ID].insert(c.Now, []byte{}, appendRow(nil, []Value{q.Start})); err != nil {
		return Result{}, err
	}
	s.enter(d, o, c)
	return Result{Tag: "CREATE SEQUENCE"}, nil
}

func (s *Store) drop(n Drop, c Context) (Result, error) {
	for _, name := range n.Names {
		d, o, err := s.visible(name, c)
		switch {
		case err != nil && n.If:
			continue
		case err != nil:
			return Result{}, err
		case o.Kind != n.Kind:
			return Result{}, errorf("42809", "%q is not a %s", d.Name+".public."+o.Name, n.Kind)
		case !s.may(c, d, o, "DROP"):
			return Result{}, errorf("42501", "user %s does not have DROP privilege on relation %s", c.User, o.Name)
		}
		if err := s.loosen(d, o, n.Cascade, c); err != nil {
			return Result{}, err
		}
		d.drop(o, c.Now)
	}
	return Result{Tag: n.tag()}, nil
}

// loosen takes away what depends on an object, or says what does.
func (s *Store) loosen(d *Database, o *Object, cascade bool, c Context) error {
	for _, other := range s.databases(latest) {
		for _, x := range other.at(latest) {
			if x.ID == o.ID {
				continue
			}
			foreign := slices.ContainsFunc(x.Foreign, func(k ForeignKey) bool { return k.To == o.ID })
			needs := slices.Contains(x.Needs, o.ID)
			switch {
			case !foreign && !needs:
			case !cascade && foreign:
				return errorf("", "%q is referenced by foreign key from table %q", o.Name, x.Name)
			case !cascade && x.Kind == KindView:
				e := errorf("2BP01", "cannot drop relation %q because view %q depends on it", o.Name, x.Name)
				e.Hint = "you can drop " + x.Name + " instead."
				return e
			case !cascade:
				return errorf("2BP01", "cannot drop sequence %s because other objects depend on it", o.Name)
			case foreign:
				y := other.change(x, c.Now)
				y.Foreign = slices.DeleteFunc(y.Foreign, func(k ForeignKey) bool { return k.To == o.ID })
			case x.Kind == KindView:
				if err := s.loosen(other, x, true, c); err != nil {
					return err
				}
				other.drop(x, c.Now)
			default:
				return errorf("0A000", "unimplemented: DROP SEQUENCE CASCADE")
			}
		}
	}
	return nil
}

func (s *Store) comment(n Comment, c Context) (Result, error) {
	tag := Result{Tag: "COMMENT ON " + n.Kind}
	if n.Kind == "DATABASE" {
		if s.database(n.Name.Database, latest) == nil {
			return Result{}, noDatabase(n.Name.Database)
		}
		return tag, nil
	}
	d, o, err := s.visible(n.Name, c)
	if err != nil {
		return Result{}, err
	}
	text := ""
	if n.Text != nil {
		text = *n.Text
	}
	if n.Column == "" {
		d.change(o, c.Now).Comment = text
		return tag, nil
	}
	if _, err := o.column(n.Column); err != nil {
		return Result{}, err
	}
	x := d.change(o, c.Now)
	x.Comments = maps.Clone(o.Comments)
	if x.Comments == nil {
		x.Comments = map[string]string{}
	}
	x.Comments[n.Column] = text
	return tag, nil
}
