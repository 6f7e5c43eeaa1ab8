package sqlstore

import "strings"

// Name is a table's name with its database; Database is empty for the session's.
// Schema is public, or that of a virtual table.
type Name struct{ Database, Schema, Table string }

func (n Name) String() string {
	switch {
	case n.Database == "" && n.Schema == "":
		return n.Table
	case n.Database == "":
		return n.Schema + "." + n.Table
	case n.Schema == "":
		return n.Database + "." + n.Table
	}
	return n.Database + "." + n.Schema + "." + n.Table
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
	case *Select:
		return n.From != nil
	case ShowDatabases, ShowTables, ShowCreate, ShowSetting, ShowUsers, Other:
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
		Name   Name
		Unless bool
		Table  Object // without names that are given by rule
	}
	// CreateView is CREATE VIEW; Query is the SELECT's text.
	CreateView struct {
		Name    Name
		Columns []string
		Select  *Select
		Query   string // with %d for each table, filled in with full names
		Tables  []Name
	}
	// CreateSequence is CREATE SEQUENCE.
	CreateSequence struct {
		Name     Name
		Unless   bool
		Sequence Sequence
	}
	// CreateIndex is CREATE [UNIQUE] INDEX.
	CreateIndex struct {
		Table Name
		Index Index
	}
	// Drop is DROP TABLE, VIEW or SEQUENCE.
	Drop struct {
		Kind    string
		Names   []Name
		If      bool
		Cascade bool
	}
	// AddForeignKey is ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY.
	AddForeignKey struct {
		Table Name
		Key   ForeignKey
	}
	// Validate is ALTER TABLE … VALIDATE CONSTRAINT.
	Validate struct {
		Table      Name
		Constraint string
	}
	// Comment is COMMENT ON DATABASE, TABLE or COLUMN; Text is nil for NULL.
	Comment struct {
		Kind   string
		Name   Name
		Column string
		Text   *string
	}
	// CreateUser is CREATE USER or CREATE ROLE, or ALTER of one.
	CreateUser struct {
		Name     string
		Unless   bool
		Alter    bool
		Secret   bool // WITH PASSWORD
		Password string
	}
	// DropUser is DROP USER.
	DropUser struct {
		Name string
		If   bool
	}
	// Grant is GRANT or REVOKE.
	Grant struct {
		Revoke     bool
		Privileges []string
		Databases  []string
		Tables     []Name
		Users      []string
	}
	// Insert is INSERT INTO … VALUES, or … SELECT.
	Insert struct {
		Table   Name
		Columns []string
		Rows    [][]Expr
		Select  *Select
	}
	// Update is UPDATE … SET … WHERE.
	Update struct {
		Table Name
		Set   []Assignment
		Where Expr
	}
	// Delete is DELETE FROM … WHERE.
	Delete struct {
		Table Name
		Where Expr
	}
	// Select is SELECT, with or without a table.
	Select struct {
		Items []Item
		From  *Source
		AsOf  Expr // nil: now
		Where Expr
		Order []Order
		Limit *int64
	}
	// ShowDatabases is SHOW DATABASES.
	ShowDatabases struct{}
	// ShowTables is SHOW TABLES [FROM database].
	ShowTables struct{ Database string }
	// ShowCreate is SHOW CREATE TABLE, VIEW or SEQUENCE.
	ShowCreate struct{ Table Name }
	// ShowUsers is SHOW USERS.
	ShowUsers struct{}
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
	// SetVariable is SET of a session variable that changes nothing here.
	SetVariable struct{ Name string }
)

// Assignment is one column = value.
type Assignment struct {
	Column string
	Value  Expr
}

// Order is one column of ORDER BY.
type Order struct {
	By   Expr
	Down bool
}

// Item is one output of SELECT: everything, or an expression.
type Item struct {
	Star  bool
	Expr  Expr
	Alias string
}

// Source is what a SELECT reads: a table, a statement in brackets, or a series.
type Source struct {
	Table  Name
	Show   Node   // [SHOW …]
	Series []Expr // generate_series(from, to)
	Alias  string
	Column string // of the series
}

// Volatile says whether a SELECT changes something: a sequence.
func (s *Select) write() bool {
	for _, it := range s.Items {
		if c, ok := it.Expr.(*call); ok && (c.name == "setval" || c.name == "nextval") {
			return true
		}
	}
	return false
}

// Safe says whether sql_safe_updates lets the statement through.
func Safe(n Node) (what string, ok bool) {
	switch n := n.(type) {
	case Delete:
		return "DELETE", n.Where != nil
	case Update:
		return "UPDATE", n.Where != nil
	}
	return "", true
}

func (CreateDatabase) write() bool { return true }
func (DropDatabase) write() bool   { return true }
func (CreateTable) write() bool    { return true }
func (CreateView) write() bool     { return true }
func (CreateSequence) write() bool { return true }
func (CreateIndex) write() bool    { return true }
func (Drop) write() bool           { return true }
func (AddForeignKey) write() bool  { return true }
func (Validate) write() bool       { return true }
func (Comment) write() bool        { return true }
func (CreateUser) write() bool     { return true }
func (DropUser) write() bool       { return true }
func (Grant) write() bool          { return true }
func (Insert) write() bool         { return true }
func (Update) write() bool         { return true }
func (Delete) write() bool         { return true }
func (SetSetting) write() bool     { return true }
func (ShowDatabases) write() bool  { return false }
func (ShowTables) write() bool     { return false }
func (ShowCreate) write() bool     { return false }
func (ShowUsers) write() bool      { return false }
func (ShowSetting) write() bool    { return false }
func (SetDatabase) write() bool    { return false }
func (SetVariable) write() bool    { return false }

func (k Drop) tag() string { return "DROP " + strings.ToUpper(k.Kind) }

// omitted stands for a column that an INSERT does not name.
type omitted struct{}
