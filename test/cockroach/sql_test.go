package cockroach_test

import (
	"strings"
	"testing"
)

// TestSQL: batches, standard input, faults, formats. Each case starts from the
// same table. Measure: 08-sql.
func TestSQL(t *testing.T) {
	t.Parallel()
	n := cluster(t, recorded, 1)[0]
	const failed = "Failed running \"sql\"\n"
	const twice = "ERROR: duplicate key value (id)=(1) violates unique constraint \"primary\"\nSQLSTATE: 23505\n"
	const syntax = "ERROR: at or near \"selec\": syntax error\nSQLSTATE: 42601\nDETAIL: source SQL:\nSELEC 2\n^\n"
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		out   string
		err   string
		code  int
		ids   string // of app.t afterwards
	}{
		{"several batches", []string{"-e", "select 1 as x", "-e", "select 2, 3; select 4"}, "", "x\n1\n?column?\t?column?\n2\t3\n?column?\n4\n", "", 0, "1 2 3"},
		{"no rows", []string{"-e", "select 1 where false"}, "", "?column?\n", "", 0, "1 2 3"},
		{"tags", []string{"-e", "create table app.u(a int)", "-e", "insert into app.u values (1),(2)", "-e", "update app.u set a = 3", "-e", "delete from app.u", "-e", "drop table app.u"}, "",
			"CREATE TABLE\nINSERT 2\nUPDATE 2\nDELETE 2\nDROP TABLE\n", "", 0, "1 2 3"},
		{"quoting in tsv", []string{"-e", "select s from app.t where id = 2"}, "", "s\n\"tab\there \"\"q\"\" 's' \n nl\"\n", "", 0, "1 2 3"},
		{"NULL and empty in csv", []string{"--format=csv", "-e", "select id, s, f, b from app.t where id = 3"}, "", "id,s,f,b\n3,,NULL,false\n", "", 0, "1 2 3"},
		{"records", []string{"--format=records", "-e", "select id, s from app.t where id = 2"}, "", "-[ RECORD 1 ]\nid | 2\ns  | tab\there \"q\" 's' +\n   |  nl\n", "", 0, "1 2 3"},
		{"table", []string{"--format=table", "-e", "select id, b from app.t where id = 1"}, "", "  id |  b\n-----+-------\n   1 | true\n(1 row)\n", "", 0, "1 2 3"},
		{"an error between batches keeps what was before", []string{"-e", "INSERT INTO app.t(id) VALUES (12)", "-e", "INSERT INTO app.t(id) VALUES (1)", "-e", "INSERT INTO app.t(id) VALUES (13)"}, "",
			"INSERT 1\n", twice + failed, 1, "1 2 3 12"},
		{"an error inside a batch shows none of it", []string{"-e", "INSERT INTO app.t(id) VALUES (20); INSERT INTO app.t(id) VALUES (1); INSERT INTO app.t(id) VALUES (21)"}, "",
			"", twice + failed, 1, "1 2 3 20"},
		{"a syntax error anywhere runs nothing", []string{"-e", "INSERT INTO app.t(id) VALUES (22); SELEC 2"}, "", "",
			"ERROR: at or near \"selec\": syntax error\nSQLSTATE: 42601\nDETAIL: source SQL:\nINSERT INTO app.t(id) VALUES (22); SELEC 2\n                                   ^\n" + failed, 1, "1 2 3"},
		{"standard input stops at the first error", nil, "INSERT INTO app.t(id) VALUES (10);\nINSERT INTO app.t(id) VALUES (1);\nINSERT INTO app.t(id) VALUES (11);\n",
			"INSERT 1\n", twice + twice + failed, 1, "1 2 3 10"},
		{"errexit=false goes on", []string{"--set=errexit=false"}, "INSERT INTO app.t(id) VALUES (1);\nINSERT INTO app.t(id) VALUES (11);\n", "INSERT 1\n", twice, 0, "1 2 3 11"},
		{"syntax error on standard input", nil, "SELECT 1;\nSELEC 2;\n", "?column?\n1\n",
			strings.ReplaceAll(syntax, "SELEC 2\n", "SELEC 2;\n") + strings.ReplaceAll(syntax, "SELEC 2\n", "SELEC 2;\n") + failed, 1, "1 2 3"},
		{"the last statement needs its semicolon", nil, "SELECT 1;\nINSERT INTO app.t(id) VALUES (40", "?column?\n1\n",
			"missing semicolon at end of statement: INSERT INTO app.t(id) VALUES (40\nERROR: last statement was not executed: INSERT INTO app.t(id) VALUES (40\n" + failed, 1, "1 2 3"},
		{"safe updates", []string{"--safe-updates"}, "DELETE FROM app.t;\n", "",
			strings.Repeat("ERROR: rejected: DELETE without WHERE clause (sql_safe_updates = true)\nSQLSTATE: 01000\n", 2) + failed, 1, "1 2 3"},
		{"missing table", []string{"-e", "select * from app.nosuch"}, "", "", "ERROR: relation \"app.nosuch\" does not exist\nSQLSTATE: 42P01\n" + failed, 1, "1 2 3"},
		{"missing database of the session", []string{"-d", "nosuch", "-e", "select * from t"}, "", "", "ERROR: relation \"t\" does not exist\nSQLSTATE: 42P01\n" + failed, 1, "1 2 3"},
		{"a missing database does not matter to select 1", []string{"-d", "nosuch", "-e", "select 1"}, "", "?column?\n1\n", "", 0, "1 2 3"},
		{"unknown user", []string{"--user=nosuch", "-e", "select 1"}, "", "", "ERROR: password authentication failed for user nosuch\n" + failed, 1, "1 2 3"},
		{"unknown function", []string{"-e", "select crdb_internal.node_id()"}, "", "", "ERROR: unknown function: crdb_internal.node_id()\nSQLSTATE: 42883\n" + failed, 1, "1 2 3"},
		{"echo", []string{"--echo-sql", "-e", "select 1"}, "", "?column?\n1\n", "> select 1\n", 0, "1 2 3"},
		{"databases", []string{"-e", "SHOW DATABASES"}, "", "database_name\napp\ndefaultdb\npostgres\nsystem\n", "", 0, "1 2 3"},
		{"tables of a missing database", []string{"-e", "SHOW TABLES FROM nosuch"}, "", "", "ERROR: target database or schema does not exist\nSQLSTATE: 3F000\n" + failed, 1, "1 2 3"},
		{"settings", []string{"--format=csv", "-e", "SHOW CLUSTER SETTING version", "-e", "SHOW CLUSTER SETTING server.time_until_store_dead", "-e", "SHOW CLUSTER SETTING server.shutdown.query_wait", "-e", "SHOW CLUSTER SETTING cluster.preserve_downgrade_option"}, "",
			"version\n20.1\nserver.time_until_store_dead\n00:05:00\nserver.shutdown.query_wait\n00:00:10\ncluster.preserve_downgrade_option\n\n", "", 0, "1 2 3"},
		{"a setting with a lower bound", []string{"-e", "SET CLUSTER SETTING server.time_until_store_dead = '30s'"}, "", "", "ERROR: cannot set server.time_until_store_dead to less than 1m15s: 30s\n" + failed, 1, "1 2 3"},
	} {
		n.sql("DROP DATABASE IF EXISTS app", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY, s STRING, f FLOAT, b BOOL)",
			`INSERT INTO app.t VALUES (1, 'one', 1.5, true), (2, e'tab\there "q" ''s'' \n nl', NULL, NULL), (3, '', NULL, false)`)
		r := feed(t, recorded, patience, c.stdin, append([]string{"sql", "--insecure", "--host=" + n.rpc}, c.args...)...)
		if r.out != c.out || r.err != c.err || r.code != c.code {
			t.Errorf("%s: exit %d\n%s\n%s\nwant exit %d\n%s\n%s", c.name, r.code, r.out, r.err, c.code, c.out, c.err)
		}
		if ids := strings.Join(strings.Fields(n.sql("SELECT id FROM app.t ORDER BY id"))[1:], " "); ids != c.ids {
			t.Errorf("%s: rows %s afterwards; want %s", c.name, ids, c.ids)
		}
	}
	url := "postgresql://root@" + n.rpc + "/app?sslmode=disable"
	if r := command(t, recorded, "sql", "--url", url, "-e", "select count(*) from t"); r.out != "count\n3\n" {
		t.Errorf("--url: %+v", r)
	}
}

// TestDump: form, order and surprises. Measure: 09-dump and 09c.
func TestDump(t *testing.T) {
	t.Parallel()
	n := cluster(t, recorded, 1)[0]
	n.sql("CREATE DATABASE shop", `CREATE TABLE shop."Weird Name" ("select" INT PRIMARY KEY, "Mixed Case" STRING, "q""uote" STRING)`,
		`INSERT INTO shop."Weird Name" VALUES (1, 'v', e'it''s\n')`, "CREATE TABLE shop.nopk (a INT, b STRING)", "INSERT INTO shop.nopk VALUES (1, 'x'), (1, 'x'), (NULL, NULL)",
		"CREATE TABLE shop.d (id INT, k STRING(80) NOT NULL, qty INT DEFAULT 1, on_ BOOL DEFAULT true, PRIMARY KEY (id, k))")
	const weird = "CREATE TABLE \"Weird Name\" (\n\t\"select\" INT8 NOT NULL,\n\t\"Mixed Case\" STRING NULL,\n\t\"q\"\"uote\" STRING NULL,\n" +
		"\tCONSTRAINT \"primary\" PRIMARY KEY (\"select\" ASC),\n\tFAMILY \"primary\" (\"select\", \"Mixed Case\", \"q\"\"uote\")\n);\n"
	const keyed = "CREATE TABLE d (\n\tid INT8 NOT NULL,\n\tk STRING(80) NOT NULL,\n\tqty INT8 NULL DEFAULT 1:::INT8,\n\ton_ BOOL NULL DEFAULT true,\n" +
		"\tCONSTRAINT \"primary\" PRIMARY KEY (id ASC, k ASC),\n\tFAMILY \"primary\" (id, k, qty, on_)\n);\n"
	const nopk = "CREATE TABLE nopk (\n\ta INT8 NULL,\n\tb STRING NULL,\n\tFAMILY \"primary\" (a, b, rowid)\n);\n"
	const weirdRows = "\nINSERT INTO \"Weird Name\" (\"select\", \"Mixed Case\", \"q\"\"uote\") VALUES\n\t(1, 'v', e'it\\'s\\n');\n"
	const nopkRows = "\nINSERT INTO nopk (a, b) VALUES\n\t(1, 'x'),\n\t(1, 'x'),\n\t(NULL, NULL);\n"
	for _, c := range []struct {
		args []string
		out  string
		err  string
		code int
	}{
		{[]string{"shop"}, weird + "\n" + keyed + "\n" + nopk + weirdRows + nopkRows, "", 0},
		{[]string{"shop", "--dump-mode=schema"}, weird + "\n" + keyed + "\n" + nopk, "", 0},
		{[]string{"shop", "--dump-mode=data"}, weirdRows + nopkRows, "", 0},
		{[]string{"shop", "Weird Name"}, weird + weirdRows, "", 0},
		{[]string{"shop", "nopk", "nopk"}, nopk + "\n" + nopk + nopkRows + nopkRows, "", 0},
		{[]string{"nosuchdb"}, "", "", 0},
		{[]string{"SHOP"}, "", "", 0},
		{[]string{""}, "", "", 0},
		{[]string{"defaultdb"}, "", "", 0},
		{[]string{"shop", "nosuch"}, "", "ERROR: getBasicMetadata: relation shop.public.nosuch does not exist\nFailed running \"dump\"\n", 1},
		{[]string{"shop", "public.nopk"}, "", "ERROR: getBasicMetadata: relation shop.public.public.nopk does not exist\nFailed running \"dump\"\n", 1},
	} {
		if r := n.cockroach(append([]string{"dump"}, c.args...)...); r.out != c.out || r.err != c.err || r.code != c.code {
			t.Errorf("dump %q: exit %d %q\n%s\nwant exit %d %q\n%s", c.args, r.code, r.err, r.out, c.code, c.err, c.out)
		}
	}

	whole := n.cockroach("dump", "shop").out
	n.sql("CREATE DATABASE copy")
	if r := feed(t, recorded, patience, whole, "sql", "--insecure", "--host="+n.rpc, "-d", "copy"); r.code != 0 {
		t.Fatalf("a dump does not load again: %+v", r)
	}
	if again := n.cockroach("dump", "copy").out; again != whole {
		t.Errorf("dump of the loaded dump differs:\n%s", again)
	}

	var rows []string
	for i := range 101 {
		rows = append(rows, "("+strings.Repeat("1", i+1)[:min(i+1, 1)]+")")
	}
	n.sql("CREATE TABLE copy.many (a INT)", "INSERT INTO copy.many VALUES "+strings.Join(rows, ","))
	if out := n.cockroach("dump", "copy", "many", "--dump-mode=data").out; strings.Count(out, "INSERT INTO many (a) VALUES\n") != 2 || strings.Count(out, "\t(1)") != 101 {
		t.Errorf("101 rows are to come in two statements:\n%s", out)
	}
}
