package dump

// Kind is what a statement does.
type Kind string

// The kinds that a dump holds.
const (
	CreateTable    Kind = "create table"
	CreateView     Kind = "create view"
	CreateSequence Kind = "create sequence"
	// CreateType is in dumps of v20.2 only.
	CreateType Kind = "create type"
	Insert     Kind = "insert"
	// Setval is SELECT setval(…), which sets a sequence.
	Setval Kind = "setval"
	// AddForeignKey is ALTER TABLE … ADD … FOREIGN KEY.
	AddForeignKey Kind = "add foreign key"
	// Validate is ALTER TABLE … VALIDATE CONSTRAINT.
	Validate Kind = "validate"
	// Comment is COMMENT ON.
	Comment Kind = "comment"
	// Empty is a semicolon with nothing before it.
	Empty Kind = "empty"
)

// The kinds that a dump never holds. A restore refuses them, or asks first: they reach beyond the database that is being
// restored, or beyond the database server.
const (
	// UseDatabase is USE or SET DATABASE: what follows would go elsewhere.
	UseDatabase    Kind = "use"
	CreateDatabase Kind = "create database"
	// Drop is DROP, TRUNCATE, DELETE or UPDATE.
	Drop           Kind = "drop"
	ClusterSetting Kind = "cluster setting"
	// Set is SET of a session variable.
	Set Kind = "set"
	// Transaction is BEGIN, COMMIT and the like. A dump cannot be restored inside one transaction.
	Transaction Kind = "transaction"
	// Privilege is GRANT, REVOKE or one about users and roles.
	Privilege Kind = "privilege"
	// ClientCommand has a line that begins with a backslash, or with nothing but a word that the client takes for itself.
	// `cockroach sql` would run such a line itself, as a command of the operating system even, instead of sending it.
	ClientCommand Kind = "client command"
	// Other is all the rest.
	Other Kind = "other"
)

// InDump reports whether `cockroach dump` writes statements of this kind.
func (k Kind) InDump() bool {
	switch k {
	case CreateTable, CreateView, CreateSequence, CreateType, Insert, Setval, AddForeignKey, Validate, Comment, Empty:
		return true
	}
	return false
}

// Creates reports whether the kind makes an object that has a name in the database.
func (k Kind) Creates() bool {
	return k == CreateTable || k == CreateView || k == CreateSequence || k == CreateType
}
