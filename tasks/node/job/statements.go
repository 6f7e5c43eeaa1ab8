package job

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// namesQuery lists the databases.
func namesQuery() string { return "SELECT datname AS n FROM pg_catalog.pg_database ORDER BY 1;\n" }

// settingQuery asks for a cluster setting.
func settingQuery(name string) string {
	return fmt.Sprintf("SELECT * FROM [SHOW CLUSTER SETTING %s];\n", name)
}

// ownJobsQuery lists the backups and restores that the database runs by itself.
func ownJobsQuery() string {
	return "SELECT job_id, description, status FROM [SHOW JOBS] WHERE job_type IN ('BACKUP', 'RESTORE');\n"
}

func table(database string, t cockroach.TableInfo) string {
	return cockroach.QuoteName(database) + "." + cockroach.QuoteName(t.Schema) + "." + cockroach.QuoteName(t.Name)
}

// dropTables takes objects away one by one: views before what they read, tables before the sequences of their columns.
func dropTables(database string, objects []cockroach.TableInfo) string {
	var b strings.Builder
	for _, kind := range []cockroach.TableKind{cockroach.TableView, cockroach.TableBase, cockroach.TableSequence} {
		for _, o := range objects {
			if o.Kind == kind {
				fmt.Fprintf(&b, "DROP %s IF EXISTS %s CASCADE;\n", strings.ToUpper(string(kind)), table(database, o))
			}
		}
	}
	return b.String()
}

func dropDatabase(name string) string {
	return fmt.Sprintf("DROP DATABASE %s CASCADE;\n", cockroach.QuoteName(name))
}
