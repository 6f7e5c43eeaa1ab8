package sqlstore

import (
	"slices"
	"strings"
)

// Column is one column of a table. Default and Computed are expressions in the
// form that SHOW CREATE TABLE gives. Hidden marks the row number of a table
// without a primary key.
type Column struct {
	Name     string `json:"name"`
	Type     Type   `json:"type"`
	NotNull  bool   `json:"notNull,omitempty"`
	Default  string `json:"default,omitempty"`
	Computed string `json:"computed,omitempty"`
	Hidden   bool   `json:"hidden,omitempty"`
}

// Part is one column of a key or index.
type Part struct {
	Column string `json:"column"`
	Down   bool   `json:"down,omitempty"`
}

// Index is a secondary index. Only a unique one has a heap.
type Index struct {
	ID       int      `json:"id,omitempty"`
	Name     string   `json:"name"`
	Unique   bool     `json:"unique,omitempty"`
	Inverted bool     `json:"inverted,omitempty"`
	Parts    []Part   `json:"parts"`
	Storing  []string `json:"storing,omitempty"`
}

// Family is a column family; it means nothing here but is kept.
type Family struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Check is a CHECK constraint, kept as text and held.
type Check struct {
	Name string `json:"name"`
	Expr string `json:"expr"`
}

// ForeignKey is a FOREIGN KEY constraint.
type ForeignKey struct {
	Name     string   `json:"name"`
	Columns  []string `json:"columns"`
	Table    Name     `json:"table"`
	To       int      `json:"to"` // the other table's id
	Refs     []string `json:"refs"`
	OnDelete string   `json:"onDelete,omitempty"`
	OnUpdate string   `json:"onUpdate,omitempty"`
}

// Sequence is what a sequence was made with.
type Sequence struct {
	Min       int64 `json:"min"`
	Max       int64 `json:"max"`
	Increment int64 `json:"increment"`
	Start     int64 `json:"start"`
}

// Kinds of objects, in the words of crdb_internal.create_statements.
const (
	KindTable    = "table"
	KindView     = "view"
	KindSequence = "sequence"
)

// Object is a table, view or sequence as it was from Made until Gone. It is
// never changed, but replaced by a later one of the same ID.
type Object struct {
	ID       int               `json:"id"`
	Kind     string            `json:"kind"`
	Name     string            `json:"name"`
	Made     int64             `json:"made"`
	Gone     int64             `json:"gone"`
	Columns  []Column          `json:"columns,omitempty"`
	Key      []Part            `json:"key,omitempty"`
	KeyName  string            `json:"keyName,omitempty"`
	Indexes  []Index           `json:"indexes,omitempty"`
	Families []Family          `json:"families,omitempty"`
	Checks   []Check           `json:"checks,omitempty"`
	Foreign  []ForeignKey      `json:"foreign,omitempty"`
	Query    string            `json:"query,omitempty"`
	Needs    []int             `json:"needs,omitempty"` // ids of what a view or a default refers to
	Sequence *Sequence         `json:"sequence,omitempty"`
	Comment  string            `json:"comment,omitempty"`
	Comments map[string]string `json:"comments,omitempty"` // of columns

	plan *plan // made when it is needed
}

// Database is a database as it was from Made until Gone.
type Database struct {
	ID      int                 `json:"id"`
	Name    string              `json:"name"`
	Made    int64               `json:"made"`
	Gone    int64               `json:"gone"`
	Objects []*Object           `json:"objects"` // with those that are gone, for a while
	Grants  map[string][]string `json:"grants,omitempty"`

	live map[string]*Object
}

func (o *Object) index(column string) int {
	return slices.IndexFunc(o.Columns, func(c Column) bool { return c.Name == column })
}

func (o *Object) column(name string) (int, error) {
	if i := o.index(name); i >= 0 {
		return i, nil
	}
	return 0, errorf("42703", "column %q does not exist", name)
}

// Visible gives the names of the columns that SELECT * shows.
func (o *Object) Visible() (names []string) {
	for _, c := range o.Columns {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

func (o *Object) constraint(name string) bool {
	return name == "primary" || slices.ContainsFunc(o.Checks, func(c Check) bool { return c.Name == name }) ||
		slices.ContainsFunc(o.Foreign, func(k ForeignKey) bool { return k.Name == name }) ||
		slices.ContainsFunc(o.Indexes, func(x Index) bool { return x.Unique && x.Name == name })
}

// change makes the next version of an object.
func (d *Database) change(old *Object, at int64) *Object {
	o := *old
	o.Made, o.Gone, o.plan = at, forever, nil
	old.Gone = at
	o.Indexes, o.Foreign = slices.Clone(old.Indexes), slices.Clone(old.Foreign)
	d.add(&o)
	return &o
}

func (d *Database) add(o *Object) {
	d.Objects = append(d.Objects, o)
	d.live[o.Name] = o
}

func (d *Database) drop(o *Object, at int64) {
	o.Gone = at
	delete(d.live, o.Name)
}

// at gives the objects of a moment, by name.
func (d *Database) at(moment int64) []*Object {
	var os []*Object
	for _, o := range d.Objects {
		if o.Made <= moment && moment < o.Gone {
			os = append(os, o)
		}
	}
	slices.SortFunc(os, func(a, b *Object) int { return strings.Compare(a.Name, b.Name) })
	return os
}

// databases gives the databases of a moment, by name.
func (s *Store) databases(moment int64) []*Database {
	var ds []*Database
	for _, d := range s.Databases {
		if d.Made <= moment && moment < d.Gone {
			ds = append(ds, d)
		}
	}
	slices.SortFunc(ds, func(a, b *Database) int { return strings.Compare(a.Name, b.Name) })
	return ds
}

func (s *Store) database(name string, moment int64) *Database {
	for _, d := range s.Databases {
		if d.Name == name && d.Made <= moment && moment < d.Gone {
			return d
		}
	}
	return nil
}

// object looks a table, view or sequence up, in the session's database when none
// is named. The user must be allowed to see it.
func (s *Store) object(n Name, c Context) (*Database, *Object, error) {
	in := n.Database
	if in == "" {
		in = c.Database
	}
	if n.Schema == "" || n.Schema == "public" {
		if d := s.database(in, c.At); d != nil {
			if c.At >= latest {
				if o := d.live[n.Table]; o != nil {
					return d, o, nil
				}
			}
			for _, o := range d.at(c.At) {
				if o.Name == n.Table {
					return d, o, nil
				}
			}
		}
	}
	return nil, nil, noRelation(n.String())
}

func (s *Store) byID(id int, moment int64) (*Database, *Object) {
	for _, d := range s.databases(moment) {
		for _, o := range d.Objects {
			if o.ID == id && o.Made <= moment && moment < o.Gone {
				return d, o
			}
		}
	}
	return nil, nil
}

func noDatabase(name string) *Error { return errorf("3D000", "database %q does not exist", name) }
func noRelation(name string) *Error { return errorf("42P01", "relation %q does not exist", name) }
