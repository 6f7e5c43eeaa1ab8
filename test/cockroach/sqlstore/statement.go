package sqlstore

// Name is a table's name with its database; Database is empty for the session's.
type Name struct{ Database, Table string }

func (n Name) String() string {
	if n.Database == "" {
		return n.Table
	}
	return n.Database + "." + n.Table
}

// Statement is one parsed statement. SQL is its text without the semicolon.
type Statement struct {
	SQL  string
	Node Node
}

// Node is what a statement asks for: one of the types below.
type Node interface{ write() bool }

// Writes says whether the statement changes data, so that it has to go through
// the replicated log.
func (s Statement) Writes() bool { return s.Node.write() }

// Reads says whether the statement looks at tables, so that it has to wait for
// a majority. `SELECT 1` does not: the real program answers it without one.
func (s Statement) Reads() bool {
	switch n := s.Node.(type) {
	case Select:
		return n.From != nil
	case ShowDatabases, ShowTables, ShowCreate, ShowSetting:
		return true
	}
	return false
}

type (
	// CreateDatabase is CREATE DATABASE.
	CreateDatabase struct {
		Name   string
		Unless bool // IF NOT EXISTS
	}
	// DropDatabase is DROP DATABASE.
	DropDatabase struct {
		Name string
		If   bool // IF EXISTS
		Safe bool // RESTRICT: only when it is empty
	}
	// CreateTable is CREATE TABLE.
	CreateTable struct {
		Name    Name
		Unless  bool
		Columns []Column
		Key     []string
	}
	// DropTable is DROP TABLE.
	DropTable struct {
		Name Name
		If   bool
	}
	// Insert is INSERT INTO … VALUES.
	Insert struct {
		Table   Name
		Columns []string
		Rows    [][]Value
	}
	// Update is UPDATE … SET … WHERE.
	Update struct {
		Table Name
		Set   []Assignment
		Where []Condition
	}
	// Delete is DELETE FROM … WHERE.
	Delete struct {
		Table Name
		Where []Condition
	}
	// Select is SELECT, with or without a table.
	Select struct {
		Items []Item
		From  *Name
		Where []Condition
		Order []Order
		Limit *int64
	}
	// ShowDatabases is SHOW DATABASES.
	ShowDatabases struct{}
	// ShowTables is SHOW TABLES [FROM database].
	ShowTables struct{ Database string }
	// ShowCreate is SHOW CREATE TABLE.
	ShowCreate struct{ Table Name }
	// ShowSetting is SHOW CLUSTER SETTING.
	ShowSetting struct{ Name string }
	// SetSetting is SET CLUSTER SETTING, or RESET CLUSTER SETTING.
	SetSetting struct {
		Name  string
		Value Value
		Reset bool
	}
	// SetDatabase is SET DATABASE = name, or USE name.
	SetDatabase struct{ Name string }
)

// Assignment is one column = value.
type Assignment struct {
	Column string
	Value  Value
}

// Condition is one part of a WHERE; all parts must hold. A condition without a
// column is a constant.
type Condition struct {
	Column string
	Op     string // "=", "is null", "is not null", "constant"
	Value  Value
}

// Order is one column of ORDER BY.
type Order struct {
	Column string
	Down   bool
}

// Item is one output of SELECT: everything, a column, a constant or a function.
type Item struct {
	Star     bool
	Column   string
	Function string // with its arguments as written, such as count(*)
	Value    Value
	Alias    string
}

func (CreateDatabase) write() bool { return true }
func (DropDatabase) write() bool   { return true }
func (CreateTable) write() bool    { return true }
func (DropTable) write() bool      { return true }
func (Insert) write() bool         { return true }
func (Update) write() bool         { return true }
func (Delete) write() bool         { return true }
func (SetSetting) write() bool     { return true }
func (Select) write() bool         { return false }
func (ShowDatabases) write() bool  { return false }
func (ShowTables) write() bool     { return false }
func (ShowCreate) write() bool     { return false }
func (ShowSetting) write() bool    { return false }
func (SetDatabase) write() bool    { return false }

// omitted stands for a column that an INSERT does not name.
type omitted struct{}
