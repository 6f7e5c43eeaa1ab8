package backup

import (
	"net"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// maxKey is the longest key of S3, in bytes; the rest of 1024 is left for what the database appends to a collection.
const maxKey = 800

// Normalise puts a place into its usual form (no slashes round folders or doubled, the default folder where none is
// given) and returns all faults in it: with faults the place is of no use. The fields are named as in JobParams.
func Normalise(p Place) (Place, []tasks.Fault) {
	faults := bucketFaults(p.Bucket)
	if strings.Trim(p.Dir, "/") == "" {
		p.Dir = DefaultDir
	}
	for _, folder := range []struct {
		field string
		value *string
	}{{"dir", &p.Dir}, {"backup_dir", &p.BackupDir}} {
		clean, fault := cleanFolder(folder.field, *folder.value)
		if fault != nil {
			faults = append(faults, *fault)
		}
		*folder.value = clean
	}
	faults = append(faults, databaseFaults(p.Database)...)
	if entry, known := ParseKey(p.Dir, p.ManifestKey()); len(faults) == 0 && (!known || entry.Part != ManifestPart || !p.Same(entry)) {
		faults = append(faults, tasks.Fault{Field: "backup_dir", Value: p.BackupDir, Message: "it is named as what the database makes in a native backup", Remedy: "name another folder"})
	}
	if len(faults) == 0 && len(p.ManifestKey()) > maxKey {
		faults = append(faults, tasks.Fault{Field: "dir", Value: p.Dir, Message: "the keys would be longer than S3 allows", Remedy: "use shorter folders"})
	}
	return p, faults
}

// bucketFaults holds a bucket name against the rules of S3 for general purpose buckets.
func bucketFaults(name string) []tasks.Fault {
	var faults []tasks.Fault
	fault := func(message, remedy string) {
		faults = append(faults, tasks.Fault{Field: "bucket", Value: name, Message: message, Remedy: remedy})
	}
	if strings.Contains(name, "://") || strings.Contains(name, "/") {
		fault("this is an address or a path, not the name of a bucket", "give the bucket's name alone, and folders with --s3-dir")
		return faults
	}
	if len(name) < 3 || len(name) > 63 {
		fault("bucket names have 3 to 63 characters", "give the name of an existing bucket")
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r > 127 || !plainByte(byte(r)) || r == '_' || r >= 'A' && r <= 'Z' }) {
		fault("bucket names have only small letters, digits, dots and hyphens", "give the name of an existing bucket")
	}
	if name != strings.Trim(name, ".-") {
		fault("bucket names begin and end with a letter or a digit", "give the name of an existing bucket")
	}
	if strings.Contains(name, "..") || strings.Contains(name, ".-") || strings.Contains(name, "-.") {
		fault("in a bucket name a dot stands between letters or digits", "give the name of an existing bucket")
	}
	if net.ParseIP(name) != nil {
		fault("a bucket name must not look like an IP address", "give the name of an existing bucket")
	}
	return faults
}

// cleanFolder takes slashes at the ends and doubled ones away, and refuses what would name another folder than it says.
func cleanFolder(field, value string) (string, *tasks.Fault) {
	fault := func(message, remedy string) (string, *tasks.Fault) {
		return "", &tasks.Fault{Field: field, Value: value, Message: message, Remedy: remedy}
	}
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
		return fault("control characters and broken UTF-8 cannot be in a key", "use letters, digits and hyphens")
	}
	if strings.ContainsAny(value, `\?#{}^%`+"`"+`[]"<>~|`) {
		return fault(`one of \ ? # { } ^ % [ ] " < > ~ | and the back quote is in it, which tools for S3 do not agree on`, "use letters, digits and hyphens")
	}
	var parts []string
	for _, part := range strings.Split(value, "/") {
		switch part {
		case "":
		case ".", "..":
			return fault("keys have no . and .. folders", "write the folder in full")
		default:
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return fault("the folder is empty", "name the folder of the backup")
	}
	return strings.Join(parts, "/"), nil
}

// systemDatabases are the server's own and cannot be backed up as databases.
var systemDatabases = []string{"system", "crdb_internal", "information_schema", "pg_catalog", "pg_extension"}

// IsSystem reports whether a database is the server's own.
func IsSystem(name string) bool { return slices.Contains(systemDatabases, name) }

func databaseFaults(name string) []tasks.Fault {
	fault := func(message, remedy string) []tasks.Fault {
		return []tasks.Fault{{Field: "database", Value: name, Message: message, Remedy: remedy}}
	}
	switch {
	case name == "":
		return fault("no database is named", "name one database of the cluster")
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return fault("the name is not valid UTF-8", "name one database of the cluster")
	}
	if IsSystem(name) {
		return fault("this is the database server's own", "name a database of your own: the server's is made anew with a cluster")
	}
	return nil
}
