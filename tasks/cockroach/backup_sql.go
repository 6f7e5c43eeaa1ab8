package cockroach

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The functions of this file and of restore_sql.go return one statement each, ended by a semicolon and a line end, for the
// stdin of SQLCommand. Their answers are in CSV; the column names are set by the statements, because releases differ.

// VersionQuery asks for the version of the node; ReadServerVersion reads the answer.
func VersionQuery() string { return "SELECT version() AS version;\n" }

// ReadServerVersion reads the answer to VersionQuery, such as "CockroachDB CCL v20.1.5 (x86_64-linux-gnu, …)".
func ReadServerVersion(stdout string, tags int) (Version, error) {
	text, err := readOne(stdout, tags)
	if err != nil {
		return Version{}, err
	}
	for _, word := range strings.Fields(text) {
		if version, err := Parse(word); err == nil && strings.HasPrefix(word, "v") {
			return version, nil
		}
	}
	return Version{}, fmt.Errorf("the database says that it is %q, which names no version", text)
}

// UserQuery asks who the client is: ReadUser reads the answer.
func UserQuery() string { return "SELECT current_user() AS username;\n" }

// ReadUser reads the answer to UserQuery. Only root (or another admin) sees all tables of a database: dump leaves out what
// its user may not read, and says nothing (T:09c).
func ReadUser(stdout string, tags int) (string, error) { return readOne(stdout, tags) }

// SnapshotQuery asks for the database's own time, now; ReadSnapshot reads the answer. The time of this machine is not
// good enough: a time ahead of the database's is refused, and one behind may leave out the newest rows.
func SnapshotQuery() string { return "SELECT now()::TIMESTAMP::STRING AS snapshot;\n" }

// snapshotForms are how releases print a TIMESTAMP: with an offset up to v20.1 (T:08), without from v20.2 on.
var snapshotForms = []string{"2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999Z07:00"}

// ReadSnapshot reads the answer to SnapshotQuery.
func ReadSnapshot(stdout string, tags int) (time.Time, error) {
	text, err := readOne(stdout, tags)
	if err != nil {
		return time.Time{}, err
	}
	return readTimestamp(text)
}

func readTimestamp(text string) (time.Time, error) {
	for _, form := range snapshotForms {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("the database says that a time is %q, which is no time stamp", text)
}

// SnapshotText is a time as every release takes it, both after AS OF SYSTEM TIME and for `dump --as-of` (which takes no
// logical time, real v20.1.5). It is exact to the microsecond.
func SnapshotText(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.000000") }

func asOf(at time.Time) string { return "AS OF SYSTEM TIME " + QuoteText(SnapshotText(at)) }

// BackupSpec is one native backup.
type BackupSpec struct {
	Database string
	At       time.Time
	Target   S3URI
	// Incremental adds to the newest full backup of the collection; it needs a licence.
	Incremental bool
}

// BackupStatement starts a native backup and ends at once; ReadJobID reads which job the database made of it. It holds
// the keys: it goes to stdin, never into a log; Redact the S3URI for that.
func BackupStatement(v Version, spec BackupSpec) (string, error) {
	if !v.Has(BackupCollections) {
		return "", fmt.Errorf("CockroachDB %s has no BACKUP … INTO, which came with v20.2: use the method dump", v)
	}
	uri, err := spec.Target.Text(v)
	if err != nil {
		return "", err
	}
	into := "INTO "
	if spec.Incremental {
		into = "INTO LATEST IN "
	}
	return fmt.Sprintf("BACKUP DATABASE %s %s%s %s WITH detached;\n", QuoteName(spec.Database), into, QuoteText(uri), asOf(spec.At)), nil
}

// ReadJobID reads the answer to BackupStatement or RestoreStatement.
func ReadJobID(stdout string, tags int) (int64, error) {
	text, err := readOne(stdout, tags)
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, fmt.Errorf("the database answered %q where the id of a job was expected", text)
	}
	return id, nil
}

// ShowBackups lists the full backups of a collection, oldest first; ReadSubfolders reads the answer.
func ShowBackups(v Version, target S3URI) (string, error) {
	if !v.Has(BackupCollections) {
		return "", fmt.Errorf("CockroachDB %s cannot list native backups, which came with v20.2", v)
	}
	uri, err := target.Text(v)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("SELECT path FROM [SHOW BACKUPS IN %s];\n", QuoteText(uri)), nil
}

// ReadSubfolders reads the answer to ShowBackups: names such as 2026/11/22-140501.12, which ShowBackup and RestoreSpec
// take. The database sorts them by time, which is their text.
func ReadSubfolders(stdout string, tags int) ([]string, error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return nil, err
	}
	at, err := rows.Places("path")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, row := range rows.Rows {
		// Releases differ in whether the name begins with a slash.
		out = append(out, strings.TrimPrefix(row[at[0]], "/"))
	}
	return out, nil
}

func readOne(stdout string, tags int) (string, error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return "", err
	}
	return rows.One()
}
