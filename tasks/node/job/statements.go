package job

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// namesQuery lists the databases.
func namesQuery() string { return "SELECT datname AS n FROM pg_catalog.pg_database ORDER BY 1;\n" }

// settingQuery asks for a cluster setting.
func settingQuery(name string) string {
	return fmt.Sprintf("SELECT * FROM [SHOW CLUSTER SETTING %s];\n", name)
}

// typesQuery lists the types that users made in a database (enums, from v20.2 on), without their schemas. Databases over several
// regions have one of their own.
func typesQuery(database string) string {
	return fmt.Sprintf("SELECT typname AS n FROM %s.pg_catalog.pg_type WHERE typtype = 'e' AND typname <> 'crdb_internal_region' ORDER BY 1;\n", cockroach.QuoteName(database))
}

func dropDatabase(name string) string {
	return fmt.Sprintf("DROP DATABASE %s CASCADE;\n", cockroach.QuoteName(name))
}
