package sqlstore

import (
	"slices"
)

// Store is all databases. It is not safe for use by several goroutines at once.
type Store struct {
	Databases map[string]map[string]*Table `json:"databases"`
}

// New makes a store with the given databases, empty.
func New(databases ...string) *Store {
	s := &Store{Databases: map[string]map[string]*Table{}}
	for _, d := range databases {
		s.Databases[d] = map[string]*Table{}
	}
	return s
}

// Surroundings are what statements see besides tables: functions and settings.
type Surroundings interface {
	// Function gives the value of a function such as "version()"; ok is false
	// for one that is not known.
	Function(call string) (Value, bool)
	// Setting gives a cluster setting; SetSetting changes one.
	Setting(name string) (string, error)
	SetSetting(name string, v Value, reset bool) error
}

// Result is what a statement gives: rows under columns, or a tag.
type Result struct {
	Columns []string   `json:"columns,omitempty"`
	Rows    [][]string `json:"rows,omitempty"`
	Tag     string     `json:"tag,omitempty"`
}

// system is the database that nobody may drop or write to.
const system = "system"

// Exec runs one statement in the session's database. A statement that fails
// changes nothing.
func (s *Store) Exec(n Node, database string, around Surroundings) (Result, error) {
	switch n := n.(type) {
	case CreateDatabase:
		return s.createDatabase(n)
	case DropDatabase:
		return s.dropDatabase(n)
	case CreateTable:
		return s.createTable(n, database)
	case DropTable:
		db, _, err := s.find(n.Name, database)
		if err != nil && n.If {
			return Result{Tag: "DROP TABLE"}, nil
		}
		if err != nil {
			return Result{}, err
		}
		delete(db, n.Name.Table)
		return Result{Tag: "DROP TABLE"}, nil
	case Insert:
		return s.insert(n, database)
	case Update:
		return s.update(n, database)
	case Delete:
		return s.remove(n, database)
	case Select:
		return s.selection(n, database, around)
	case ShowDatabases:
		return names("database_name", s.Databases), nil
	case ShowTables:
		if n.Database == "" {
			n.Database = database
		}
		db, ok := s.Databases[n.Database]
		if !ok {
			return Result{}, errorf("3F000", "target database or schema does not exist")
		}
		return names("table_name", db), nil
	case ShowCreate:
		_, t, err := s.find(n.Table, database)
		if err != nil {
			return Result{}, err
		}
		return Result{Columns: []string{"table_name", "create_statement"}, Rows: [][]string{{n.Table.String(), t.Create()}}}, nil
	case ShowSetting:
		v, err := around.Setting(n.Name)
		return Result{Columns: []string{n.Name}, Rows: [][]string{{v}}}, err
	case SetSetting:
		return Result{Tag: "SET CLUSTER SETTING"}, around.SetSetting(n.Name, n.Value, n.Reset)
	case SetDatabase:
		return Result{Tag: "SET"}, nil
	}
	return Result{}, errorf("0A000", "unimplemented statement")
}

// find looks a table up, in the session's database when none is named.
func (s *Store) find(n Name, database string) (map[string]*Table, *Table, error) {
	in := n.Database
	if in == "" {
		in = database
	}
	db := s.Databases[in]
	t, ok := db[n.Table]
	if !ok {
		return nil, nil, noRelation(n.String())
	}
	return db, t, nil
}

func (s *Store) createDatabase(n CreateDatabase) (Result, error) {
	if _, ok := s.Databases[n.Name]; ok {
		if n.Unless {
			return Result{Tag: "CREATE DATABASE"}, nil
		}
		return Result{}, errorf("42P04", "database %q already exists", n.Name)
	}
	s.Databases[n.Name] = map[string]*Table{}
	return Result{Tag: "CREATE DATABASE"}, nil
}

func (s *Store) dropDatabase(n DropDatabase) (Result, error) {
	db, ok := s.Databases[n.Name]
	switch {
	case n.Name == system:
		return Result{}, errorf("42501", "user root does not have DROP privilege on database system")
	case !ok && n.If:
		return Result{Tag: "DROP DATABASE"}, nil
	case !ok:
		return Result{}, noDatabase(n.Name)
	case n.Safe && len(db) > 0:
		return Result{}, errorf("2BP01", "database %q is not empty and RESTRICT was specified", n.Name)
	}
	delete(s.Databases, n.Name)
	return Result{Tag: "DROP DATABASE"}, nil
}

func (s *Store) createTable(n CreateTable, database string) (Result, error) {
	in := n.Name.Database
	if in == "" {
		in = database
	}
	db, ok := s.Databases[in]
	if !ok {
		return Result{}, noDatabase(in)
	}
	if in == system {
		return Result{}, errorf("42501", "user root does not have CREATE privilege on database system")
	}
	if _, ok := db[n.Name.Table]; ok {
		if n.Unless {
			return Result{Tag: "CREATE TABLE"}, nil
		}
		return Result{}, errorf("42P07", "relation %q already exists", n.Name.Table)
	}
	t := &Table{Name: n.Name.Table, Columns: n.Columns, Key: n.Key}
	for i, c := range t.Columns {
		for _, other := range t.Columns[:i] {
			if other.Name == c.Name {
				return Result{}, errorf("42701", "duplicate column name: %q", c.Name)
			}
		}
		if c.HasDefault {
			v, err := coerce(c.Default, c.Type, c.Name)
			if err != nil {
				return Result{}, err
			}
			t.Columns[i].Default = v
		}
	}
	if len(t.Key) == 0 {
		t.Columns = append(t.Columns, Column{Name: "rowid", Type: Int, NotNull: true, Hidden: true})
		t.Key = []string{"rowid"}
	}
	for _, k := range t.Key {
		i, err := t.column(k)
		if err != nil {
			return Result{}, err
		}
		t.Columns[i].NotNull = true
	}
	db[t.Name] = t
	return Result{Tag: "CREATE TABLE"}, nil
}

func names[T any](column string, m map[string]T) Result {
	r := Result{Columns: []string{column}}
	for _, k := range sorted(m) {
		r.Rows = append(r.Rows, []string{k})
	}
	return r
}

func sorted[T any](m map[string]T) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}
