package job

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/norace"
)

// The test program plays two parts, told apart by the name it is started under: the tests, and the database's client
// ("cockroach", fetched into sandboxes as a bare program), whose database is the file fake.json in the sandbox.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "cockroach" {
		// Not os.Exit: with the race detector that sleeps for a second.
		syscall.Exit(fakeClient(os.Args[1:]))
	}
	os.Exit(run(m))
}

// fakeProgram is what plays the client.
var fakeProgram string

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "fake-client-")
	if err == nil {
		defer os.RemoveAll(dir)
		fakeProgram, err = norace.Self(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// fakeDB is a whole database cluster, as far as a job sees it.
type fakeDB struct {
	Version, User string
	// Now is the time that the database tells.
	Now       string
	Databases map[string][]fakeTable
	// Types are the types of databases that users made.
	Types map[string][]string
	// Bits are columns that dump cannot write, as schema,table,column,type; all of them have two such values.
	Bits []string
	// Dump is what dump writes; it ends with Exit and Stderr, or never.
	Dump       string
	DumpExit   int
	DumpStderr string
	DumpHangs  bool
	// FailOn makes the first statement with this text in it fail with Failure.
	FailOn, Failure string
	// Grows is a table of shop that gets a row once a backup was made of it.
	Grows string
	// LoseRows is a table that loses the first row it is given.
	LoseRows string
	// Hang makes the first statement with this text in it never end.
	Hang     string
	Settings map[string]string
	// Cluster is the cluster's id; empty in releases that do not tell.
	Cluster string
	// Deaf makes increments succeed without a file.
	Deaf bool
	Jobs []fakeJob
	// Objects is the folder of the store, for native backups; Native is what their jobs end as.
	Objects string
	Native  string
	// Saw are the statements that change something, without keys or what a dump holds.
	Saw []string
	// CA are the authorities of a secure cluster, in PEM: its clients need a certificate of root from one of them.
	CA string
	// Environ and Args are what the client was started with.
	Environ, Args []string
}

type fakeTable struct {
	Name, Kind string
	Rows       int64
	Row        []string // of the marker
}

type fakeJob struct {
	ID                  int64
	Description, Status string
	// Created is when it was started; empty means Now.
	Created string
	// Makes are tables of a database that appear when the job succeeds.
	Database string
	Makes    []fakeTable
}

func fakePath() string {
	dir, _ := os.Getwd()
	for range 4 {
		if _, err := os.Stat(filepath.Join(dir, "fake.json")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "fake.json")
}

func readFake(path string) (db fakeDB, err error) {
	body, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(body, &db)
	}
	return db, err
}

func writeFake(path string, db fakeDB) {
	body, _ := json.Marshal(db)
	temporary := fmt.Sprintf("%s.%d", path, os.Getpid())
	if os.WriteFile(temporary, body, 0o644) == nil {
		_ = os.Rename(temporary, path)
	}
}

func fakeClient(args []string) int {
	path := fakePath()
	db, err := readFake(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ERROR: fake:", err)
		return 99
	}
	switch args[0] {
	case "version":
		fmt.Printf("Build Tag:    %s\n", db.Version)
		return 0
	case "dump":
		if !admitted(db.CA, args) {
			return 1
		}
		_, _ = io.WriteString(os.Stdout, db.Dump)
		if db.DumpHangs {
			time.Sleep(time.Hour)
		}
		fmt.Fprint(os.Stderr, db.DumpStderr)
		return db.DumpExit
	case "sql":
		if !admitted(db.CA, args) {
			return 1
		}
		session := &fakeSession{path: path}
		for _, arg := range args {
			if name, found := strings.CutPrefix(arg, "--database="); found {
				session.database = name
			}
		}
		return session.run(os.Stdin)
	}
	return 98
}

type fakeSession struct {
	path, database string
}

func (s *fakeSession) run(in io.Reader) int {
	reader := bufio.NewReader(in)
	text := ""
	for {
		line, err := reader.ReadString('\n')
		text += line
		if strings.HasSuffix(strings.TrimSpace(text), ";") {
			db, readErr := readFake(s.path)
			if readErr != nil {
				fmt.Fprintln(os.Stderr, "ERROR: fake:", readErr)
				return 99
			}
			db.Environ, db.Args = os.Environ(), os.Args
			if answer, failure := s.one(&db, strings.TrimSpace(text)); failure != "" {
				fmt.Fprintf(os.Stderr, "ERROR: %s\nSQLSTATE: 23505\nFailed running \"sql\"\n", failure)
				return 1
			} else {
				writeFake(s.path, db)
				_, _ = io.WriteString(os.Stdout, answer)
			}
			text = ""
		}
		if err != nil {
			return 0
		}
	}
}

var (
	datname    = regexp.MustCompile(`datname = '(.*)'`)
	inSchema   = regexp.MustCompile(`FROM "(.*)"\.information_schema\.(\w+)`)
	countOf    = regexp.MustCompile(`^SELECT count\(\*\) AS n.* FROM "([^"]*)"\."?([^"]*)"?\."([^"]*)"`)
	ofDatabase = regexp.MustCompile(`^(CREATE|DROP) DATABASE "([^"]*)"`)
	dropObject = regexp.MustCompile(`^DROP (TABLE|VIEW|SEQUENCE) (?:IF EXISTS )?"([^"]*)"\."?([^".]*)"?\."([^"]*)"`)
	makeMarker = regexp.MustCompile(`^(CREATE TABLE|INSERT INTO) "([^"]*)"\.public\."_dcos_restore_unfinished"`)
	loadObject = regexp.MustCompile(`^(CREATE TABLE|CREATE VIEW|CREATE SEQUENCE|INSERT INTO) (\w+)`)
	native     = regexp.MustCompile(`^(BACKUP|RESTORE) DATABASE "([^"]*)"`)
	address    = regexp.MustCompile(`s3://[^/]*/([^?']*)`)
	as         = regexp.MustCompile(`new_db_name = '([^']*)'`)
	setting    = regexp.MustCompile(`SHOW CLUSTER SETTING ([\w.]+)`)
	number     = regexp.MustCompile(`JOB (\d+)`)
	quoted     = regexp.MustCompile(`'((?:[^']|'')*)'`)
)

// one carries out one statement; a failure is the database's message.
func (s *fakeSession) one(db *fakeDB, text string) (answer, failure string) {
	if db.Hang != "" && strings.Contains(text, db.Hang) {
		db.Hang = ""
		writeFake(s.path, *db)
		time.Sleep(time.Hour)
	}
	if db.FailOn != "" && strings.Contains(text, db.FailOn) {
		db.FailOn = ""
		writeFake(s.path, *db)
		return "", db.Failure
	}
	has := func(re *regexp.Regexp) []string { return re.FindStringSubmatch(text) }
	if !strings.HasPrefix(text, "SELECT") && s.database == "" {
		db.Saw = append(db.Saw, address.ReplaceAllString(strings.SplitN(text, "?", 2)[0], "s3://…"))
	}
	switch {
	case strings.Contains(text, "version()"):
		return "version\nCockroachDB CCL " + db.Version + " (x86_64)\n", ""
	case strings.Contains(text, "now()"):
		return "snapshot\n" + db.Now + "\n", ""
	case strings.Contains(text, "cluster_id()"):
		if db.Cluster == "" {
			return "", "unknown function: crdb_internal.cluster_id()"
		}
		return "id\n" + db.Cluster + "\n", ""
	case strings.Contains(text, "current_user()"):
		return "username\n" + db.User + "\n", ""
	case has(datname) != nil:
		if _, there := db.Databases[has(datname)[1]]; there {
			return "n\n1\n", ""
		}
		return "n\n0\n", ""
	case strings.HasPrefix(text, "SELECT datname"):
		out := "n\nsystem\n"
		for name := range db.Databases {
			out += name + "\n"
		}
		return out, ""
	case strings.Contains(text, "pg_catalog.pg_type"):
		return "n\n" + strings.Join(append(db.Types[regexp.MustCompile(`FROM "([^"]*)"`).FindStringSubmatch(text)[1]], ""), "\n"), ""
	case has(inSchema) != nil:
		return db.schema(has(inSchema)[1], has(inSchema)[2]), ""
	case strings.Contains(text, "FROM [SHOW"), has(native) != nil, strings.HasPrefix(text, "CANCEL"):
		return db.native(text)
	case has(countOf) != nil:
		m := has(countOf)
		if t := db.table(m[1], m[3]); t != nil {
			head, row := "n", strconv.FormatInt(t.Rows, 10)
			for i := range strings.Count(text, "count(CASE") {
				head, row = head+fmt.Sprintf(",c%d", i), row+",2"
			}
			return head + "\n" + row + "\n", ""
		}
		return "", "relation does not exist"
	case has(ofDatabase) != nil:
		m := has(ofDatabase)
		if m[1] == "CREATE" {
			db.Databases[m[2]] = nil
		} else {
			delete(db.Databases, m[2])
			delete(db.Types, m[2])
		}
		return m[1] + " DATABASE\n", ""
	case has(makeMarker) != nil:
		m := has(makeMarker)
		if m[1] == "CREATE TABLE" {
			db.Databases[m[2]] = append(db.Databases[m[2]], fakeTable{Name: markerTable, Kind: "BASE TABLE"})
			return "CREATE TABLE\n", ""
		}
		for _, value := range quoted.FindAllStringSubmatch(text, -1) {
			db.table(m[2], markerTable).Row = append(db.table(m[2], markerTable).Row, value[1])
		}
		db.table(m[2], markerTable).Row = append(db.table(m[2], markerTable).Row, strconv.FormatBool(strings.Contains(text, ", true)")))
		return "INSERT 1\n", ""
	case strings.HasPrefix(text, "SELECT job, location"):
		m := regexp.MustCompile(`FROM "([^"]*)"`).FindStringSubmatch(text)
		out := "job,location,began,was_empty\n"
		if row := db.table(m[1], markerTable).Row; row != nil {
			out += strings.Join(row, ",") + "\n"
		}
		return out, ""
	case has(dropObject) != nil:
		m := has(dropObject)
		db.Databases[m[2]] = slices.DeleteFunc(db.Databases[m[2]], func(t fakeTable) bool { return t.Name == m[4] })
		return "DROP " + m[1] + "\n", ""
	case strings.HasPrefix(text, "CREATE TYPE "):
		name := strings.Fields(text)[2]
		if slices.Contains(db.Types[s.database], name) {
			return "", `type "` + name + `" already exists`
		}
		if db.Types == nil {
			db.Types = map[string][]string{}
		}
		db.Types[s.database] = append(db.Types[s.database], name)
		return "CREATE TYPE\n", ""
	case strings.HasPrefix(text, "SELECT setval"):
		return "setval\n5\n", ""
	case strings.HasPrefix(text, "ALTER TABLE"):
		return "ALTER TABLE\n", ""
	case has(loadObject) != nil:
		m := has(loadObject)
		if m[1] == "INSERT INTO" {
			rows := int64(strings.Count(text, "\n\t("))
			t := db.table(s.database, m[2])
			if t == nil {
				return "", `relation "` + m[2] + `" does not exist`
			}
			if t.Rows += rows; db.LoseRows == m[2] {
				t.Rows--
				db.LoseRows = ""
			}
			return fmt.Sprintf("INSERT %d\n", rows), ""
		}
		kind := map[string]string{"CREATE TABLE": "BASE TABLE", "CREATE VIEW": "VIEW", "CREATE SEQUENCE": "SEQUENCE"}[m[1]]
		db.Databases[s.database] = append(db.Databases[s.database], fakeTable{Name: m[2], Kind: kind})
		return m[1] + "\n", ""
	}
	return "", "fake: nobody plays " + text
}

func (db *fakeDB) table(database, name string) *fakeTable {
	for i, t := range db.Databases[database] {
		if t.Name == name {
			return &db.Databases[database][i]
		}
	}
	return nil
}

func (db *fakeDB) schema(database, view string) string {
	if view == "columns" {
		return "s,n,c,k\n" + strings.Join(append(db.Bits, ""), "\n")
	}
	out := "s,n,k\n"
	for _, t := range db.Databases[database] {
		if (t.Kind == "SEQUENCE") == (view == "sequences") {
			out += "public," + t.Name + "," + t.Kind + "\n"
		}
	}
	return out
}

// native plays the database's own backups.
func (db *fakeDB) native(text string) (answer, failure string) {
	job := func() *fakeJob {
		id, _ := strconv.ParseInt(number.FindStringSubmatch(text)[1], 10, 64)
		for i, j := range db.Jobs {
			if j.ID == id {
				return &db.Jobs[i]
			}
		}
		return nil
	}
	folder := func() string { return filepath.Join(db.Objects, address.FindStringSubmatch(text)[1]) }
	switch {
	case strings.Contains(text, "SHOW CLUSTER SETTING"):
		name := setting.FindStringSubmatch(text)[1]
		return name + "\n\"" + db.Settings[name] + "\"\n", ""
	case strings.Contains(text, "SHOW JOBS"):
		out := "job_id,description,status,began\n"
		for _, j := range db.Jobs {
			if j.Created == "" {
				j.Created = db.Now
			}
			out += fmt.Sprintf("%d,\"%s\",%s,%s\n", j.ID, strings.ReplaceAll(j.Description, `"`, `""`), j.Status, j.Created)
		}
		return out, ""
	case strings.Contains(text, "SHOW JOB "):
		j := job()
		if j.Status == "running" && db.Native != "running" {
			if j.Status = db.Native; j.Status == "succeeded" && j.Makes != nil {
				db.Databases[j.Database] = j.Makes
			}
		}
		return fmt.Sprintf("job_id,status,fraction_completed,error\n%d,%s,0.5,the store said no\n", j.ID, j.Status), ""
	case strings.HasPrefix(text, "CANCEL"):
		job().Status = "canceled"
		return "CANCEL JOBS 1\n", ""
	case strings.Contains(text, "SHOW BACKUPS IN"):
		out := "path\n"
		found, _ := filepath.Glob(filepath.Join(folder(), "*/*/*/rows.csv"))
		for _, path := range found {
			sub, _ := filepath.Rel(folder(), filepath.Dir(path))
			out += "/" + sub + "\n"
		}
		return out, ""
	case strings.Contains(text, "SHOW BACKUP "):
		out := "database_name,parent_schema_name,object_name,object_type,ended,size_bytes,rows\nNULL,NULL,shop,database,NULL,NULL,NULL\n"
		body, err := os.ReadFile(filepath.Join(folder(), "2026/11/22-140501.00/rows.csv"))
		if err != nil {
			return "", "no backup"
		}
		return out + string(body), ""
	}
	m := native.FindStringSubmatch(text)
	id := int64(100 + len(db.Jobs))
	description := regexp.MustCompile(`\?[^']*`).ReplaceAllString(text, "?AWS_SECRET_ACCESS_KEY=redacted")
	j := fakeJob{ID: id, Description: strings.ReplaceAll(description, `"`, ""), Status: "running", Database: m[2]}
	if renamed := as.FindStringSubmatch(text); renamed != nil {
		j.Database = renamed[1]
	}
	if m[1] == "BACKUP" {
		j.Description = strings.Replace(strings.Replace(j.Description, "LATEST IN ", "", 1), "INTO '", "INTO '/2026/11/22-140501.00' IN '", 1)
		at := filepath.Join(folder(), "2026/11/22-140501.00")
		moment := regexp.MustCompile(`AS OF SYSTEM TIME '([^']*)'`).FindStringSubmatch(text)[1]
		if j.Created == "" {
			j.Created = db.Now
		}
		if db.Deaf && strings.Contains(text, "LATEST IN") {
			db.Jobs = append(db.Jobs, j)
			return fmt.Sprintf("job_id\n%d\n", id), ""
		}
		var rows strings.Builder
		for _, t := range db.Databases[m[2]] {
			kind := map[string]string{"BASE TABLE": "table", "VIEW": "view", "SEQUENCE": "sequence"}[t.Kind]
			fmt.Fprintf(&rows, "%s,public,%s,%s,%s,%d,%d\n", m[2], t.Name, kind, moment, 10*t.Rows, t.Rows)
		}
		_ = os.MkdirAll(at, 0o755)
		if t := db.table(m[2], db.Grows); t != nil {
			t.Rows++
		}
		_ = os.WriteFile(filepath.Join(at, "rows.csv"), []byte(rows.String()), 0o644)
	} else {
		for line := range strings.Lines(readAll(filepath.Join(folder(), "2026/11/22-140501.00/rows.csv"))) {
			f := strings.Split(strings.TrimSpace(line), ",")
			rows, _ := strconv.ParseInt(f[6], 10, 64)
			j.Makes = append(j.Makes, fakeTable{Name: f[2], Kind: "BASE TABLE", Rows: rows})
		}
	}
	db.Jobs = append(db.Jobs, j)
	return fmt.Sprintf("job_id\n%d\n", id), ""
}

func readAll(path string) string {
	body, _ := os.ReadFile(path)
	return string(body)
}
