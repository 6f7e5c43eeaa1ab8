package cockroach

import (
	"fmt"
	"strconv"
	"time"
)

// Content is one object in a native backup.
type Content struct {
	Schema string
	Name   string
	// Kind is table, view, sequence or type as a rule.
	Kind  string
	Rows  int64
	Bytes int64
	// End is the time of the snapshot.
	End time.Time
}

// ShowBackup lists what is in one backup of a collection, with all its increments; ReadContents reads the answer. With
// check the database also looks whether every file is there, where it can (from v22.2 on).
func ShowBackup(v Version, source S3URI, subfolder string, check bool) (string, error) {
	from, err := backupIn(v, source, subfolder)
	if err != nil {
		return "", err
	}
	word, with := "", ""
	if v.Has(ShowBackupFrom) {
		word = "FROM "
	}
	if check && v.Has(BackupCheckFiles) {
		with = " WITH check_files"
	}
	return fmt.Sprintf("SELECT database_name, parent_schema_name, object_name, object_type, end_time::TIMESTAMP::STRING AS ended, size_bytes, rows "+
		"FROM [SHOW BACKUP %s%s%s];\n", word, from, with), nil
}

// ReadContents reads the answer to ShowBackup for one database. An object that is in several increments is listed once,
// with its bytes and rows added and the latest end.
func ReadContents(stdout string, tags int, database string) ([]Content, error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return nil, err
	}
	at, err := rows.Places("database_name", "parent_schema_name", "object_name", "object_type", "ended", "size_bytes", "rows")
	if err != nil {
		return nil, err
	}
	var out []Content
	seen := map[[2]string]int{}
	for _, row := range rows.Rows {
		if row[at[0]] != database || row[at[3]] == "database" || row[at[3]] == "schema" {
			continue
		}
		key := [2]string{row[at[1]], row[at[2]]}
		i, again := seen[key]
		if !again {
			i = len(out)
			seen[key] = i
			out = append(out, Content{Schema: key[0], Name: key[1], Kind: row[at[3]]})
		}
		if err := out[i].add(row[at[4]], row[at[5]], row[at[6]]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *Content) add(ended, bytes, rows string) error {
	for _, number := range []struct {
		text string
		to   *int64
	}{{bytes, &c.Bytes}, {rows, &c.Rows}} {
		if number.text == Null || number.text == "" {
			continue
		}
		value, err := strconv.ParseInt(number.text, 10, 64)
		if err != nil {
			return fmt.Errorf("the database says that %s has size %q in a backup: %w", c.Name, number.text, err)
		}
		*number.to += value
	}
	if ended == Null || ended == "" {
		return nil
	}
	end, err := readTimestamp(ended)
	if err == nil && end.After(c.End) {
		c.End = end
	}
	return err
}
