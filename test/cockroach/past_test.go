package cockroach_test

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// moment asks a node for its time, in the form that AS OF and --as-of take.
func (n *node) moment() string {
	n.t.Helper()
	return strings.Fields(n.sql("SELECT statement_timestamp()::TIMESTAMP::STRING AS t"))[1] + " " + strings.Fields(n.sql("SELECT statement_timestamp()::TIMESTAMP::STRING AS t"))[2]
}

// rows counts the rows of a table at a moment, "" for now.
func (n *node) rows(table, at string) string {
	n.t.Helper()
	if at != "" {
		at = " AS OF SYSTEM TIME '" + at + "'"
	}
	return strings.Fields(n.sql("SELECT count(*) FROM " + table + at))[1]
}

// TestPast: every moment is seen as it was, from every node, after a restart, by
// SELECT and by dump alike.
func TestPast(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	n := all[0]
	before := n.sql("SELECT cluster_logical_timestamp()")
	before = strings.Fields(before)[1]
	n.sql("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY, s STRING)", "CREATE SEQUENCE app.q")
	type was struct{ at, count, dump string }
	var past []was
	note := func() {
		t.Helper()
		at := n.moment()
		past = append(past, was{at, n.rows("app.t", ""), n.cockroach("dump", "app").out})
	}
	note()
	for i, text := range []string{
		"INSERT INTO app.t VALUES (1, 'a'), (2, 'b')", "UPDATE app.t SET s = 'x' WHERE id = 1", "DELETE FROM app.t WHERE id = 2",
		"INSERT INTO app.t VALUES (2, 'again')", "SELECT setval('app.q', 5, false)", "CREATE TABLE app.late (id INT PRIMARY KEY)", "DROP TABLE app.late", "UPDATE app.t SET id = 9 WHERE id = 1",
	} {
		all[i%3].sql(text)
		note()
	}
	check := func(when string) {
		t.Helper()
		for i, w := range past {
			x := all[i%3]
			if got := x.rows("app.t", w.at); got != w.count {
				t.Errorf("%s, moment %d: %s rows; want %s", when, i, got, w.count)
			}
			if r := x.cockroach("dump", "app", "--as-of="+w.at); r.out != w.dump || r.code != 0 {
				t.Errorf("%s, moment %d: exit %d\n%s\nwant\n%s", when, i, r.code, r.out, w.dump)
			}
		}
	}
	check("at once")
	for _, x := range all {
		x.signal(syscall.SIGKILL)
		x.exit()
	}
	for _, x := range all {
		x.start()
	}
	for _, x := range all {
		x.ready()
	}
	check("after a restart")
	if out := n.sql("SELECT descriptor_name FROM app.crdb_internal.create_statements AS OF SYSTEM TIME '" + before + "' WHERE database_name = 'app'"); out != "descriptor_name\n" {
		t.Errorf("before the database: %q", out)
	}
	n.sql("DROP DATABASE app CASCADE")
	if r := n.cockroach("dump", "app", "--as-of="+past[1].at); r.out != past[1].dump {
		t.Errorf("a dropped database as it was: %+v", r)
	}
}

// TestPastEnds: what is older than the window is refused, in the real words.
func TestPastEnds(t *testing.T) {
	t.Parallel()
	n := nodes(t, recorded, 1)[0]
	n.env = append(n.env, "STANDIN_HISTORY=1s")
	n.startWith("start-single-node", "--insecure", "--store=path="+n.data, "--listen-addr="+n.rpc, "--http-addr="+n.http).ready()
	n.sql("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)")
	at := n.moment()
	if n.rows("app.t", at) != "1" {
		t.Error("the near past is not seen")
	}
	var r result
	until(t, "the window ends", func() bool {
		r = n.cockroach("sql", "-e", "SELECT count(*) FROM app.t AS OF SYSTEM TIME '"+at+"'")
		return r.code != 0
	})
	if !strings.HasPrefix(r.err, "ERROR: batch timestamp ") || !strings.Contains(r.err, " must be after replica GC threshold ") {
		t.Errorf("too old: %+v", r)
	}
	if r := n.cockroach("dump", "app", "--as-of="+at); r.code != 1 || !strings.Contains(r.err, "must be after replica GC threshold") {
		t.Errorf("dump of what is too old: %+v", r)
	}
}

// large makes a table of some 45 MB: more than a node keeps in memory.
func large(n *node, rows int) {
	n.t.Helper()
	n.sql("CREATE DATABASE big", "CREATE TABLE big.t (id INT PRIMARY KEY, k INT, pad STRING, INDEX (k))",
		fmt.Sprintf("INSERT INTO big.t SELECT i, i*7919, repeat(md5(i::STRING), 10) FROM generate_series(1, %d) AS g(i)", rows))
}

// TestLargeDump: pieces, a round trip, a node that joins late, and ways to break off.
func TestLargeDump(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	n := all[0]
	const rows = 120000
	large(n, rows)
	whole := all[1].cockroach("dump", "big")
	if got := strings.Count(whole.out, "\n\t("); whole.code != 0 || got != rows || strings.Count(whole.out, "INSERT INTO") != rows/100 {
		t.Fatalf("dump: exit %d, %d rows", whole.code, got)
	}
	n.sql("CREATE DATABASE copy")
	if r := feed(t, recorded, 2*patience, whole.out, "sql", "--insecure", "--host="+n.rpc, "-d", "copy"); r.code != 0 || strings.Count(r.out, "INSERT 100\n") != rows/100 {
		t.Fatalf("load: exit %d %s", r.code, r.err)
	}
	if again := all[2].cockroach("dump", "copy"); again.out != whole.out {
		t.Error("the dump of the loaded dump differs")
	}
	late := nodes(t, recorded, 1)[0]
	late.join = n.join
	late.start().ready()
	for _, x := range all[1:] {
		x.signal(syscall.SIGKILL)
		x.exit()
		x.start().ready()
	}
	if again := late.cockroach("dump", "copy"); again.out != whole.out {
		t.Errorf("the dump by a node that joined late differs: exit %d %s", again.code, again.err)
	}

	cut := exec.Command(binary(t, recorded), "dump", "big", "--insecure", "--host="+late.rpc)
	cut.Env = append(cleanEnv(), "STANDIN_DUMP_RATE=4000000")
	var out, errs strings.Builder
	cut.Stdout, cut.Stderr = &out, &errs
	if err := cut.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(time.Second, func() { late.signal(syscall.SIGKILL) })
	cut.Wait()
	if code := cut.ProcessState.ExitCode(); code != 1 || !strings.HasPrefix(errs.String(), "ERROR: connection lost.\n\n") || !strings.HasSuffix(out.String(), ");\n") {
		t.Errorf("a dump whose node was killed: exit %d after %d bytes\n%s", code, out.Len(), errs.String())
	}
}

// TestDumpFaults: what tests ask a dump to do wrong.
func TestDumpFaults(t *testing.T) {
	t.Parallel()
	n := cluster(t, recorded, 1)[0]
	large(n, 1000)
	n.sql("CREATE TABLE big.a (id INT PRIMARY KEY)", "INSERT INTO big.a VALUES (1)")
	for _, c := range []struct {
		env        string
		code, rows int
		err        string
	}{
		{"STANDIN_DUMP_FAIL_ROWS=250", 1, 201, "ERROR: query execution canceled due to statement timeout\nSQLSTATE: 57014\nFailed running \"dump\"\n"},
		{"STANDIN_DUMP_OMIT=t", 0, 1, ""},
		{"STANDIN_DUMP_RATE=400000", 0, 1001, ""},
		{"STANDIN_DUMP_RATE=soon", 1, 0, "ERROR: variable STANDIN_DUMP_RATE is \"soon\"; it wants a number above 0\nFailed running \"dump\"\n"},
	} {
		cmd := exec.Command(binary(t, recorded), "dump", "big", "--insecure", "--host="+n.rpc)
		cmd.Env = append(cleanEnv(), c.env)
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		began := time.Now()
		cmd.Run()
		if rows := strings.Count(out.String(), "\n\t("); cmd.ProcessState.ExitCode() != c.code || rows != c.rows || errs.String() != c.err {
			t.Errorf("%s: exit %d, %d rows, %s", c.env, cmd.ProcessState.ExitCode(), rows, errs.String())
		}
		if c.env == "STANDIN_DUMP_RATE=400000" && time.Since(began) < 700*time.Millisecond {
			t.Errorf("%d bytes came in %v", out.Len(), time.Since(began))
		}
	}
}
