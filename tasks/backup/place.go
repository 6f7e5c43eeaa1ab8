package backup

import (
	"path"
	"strings"
	"time"
)

// DefaultDir is the folder of all backups where none is given.
const DefaultDir = "cockroach-backups"

// Place is where one backup lies: s3://<Bucket>/<Dir>/<BackupDir>/<Database>….
type Place struct {
	Bucket string
	// Dir is the folder of all backups, without slashes round it; it may have several parts.
	Dir string
	// BackupDir is the folder of one backup, or of the backups of several databases made for one purpose.
	BackupDir string
	// Database is the plain name.
	Database string
}

// Folder is the prefix of all that belongs to BackupDir, with a slash at its end.
func (p Place) Folder() string { return join(p.Dir, p.BackupDir) + "/" }

// ObjectKey is the key of a dump. Uncompressed it is the older service's too, for names of letters, digits and "_-.".
func (p Place) ObjectKey(c Compression) string { return p.key(dumpSuffix + c.Suffix()) }

// OlderKey is the key that the older service gave the dump: the name as it is.
func (p Place) OlderKey() string { return p.Folder() + p.Database + dumpSuffix }

// ManifestKey is the key of the manifest, which is written last.
func (p Place) ManifestKey() string { return p.key(manifestSuffix) }

// RunningKey is the key of the mark of a native backup that the database works on.
func (p Place) RunningKey() string { return p.key(".running.json") }

// RestoringKey is the key of the mark of a native restore that a cluster works on, into a database.
func (p Place) RestoringKey(cluster, into string) string {
	return p.key(".restoring-" + EscapeName(into) + "-" + shortCluster(cluster) + ".json")
}

// Same reports whether an entry, whose place has no bucket, is of this place.
func (p Place) Same(e Entry) bool {
	p.Bucket = ""
	return e.Place == p
}

// Above are the places whose collections the folder lies in, if there are any there: of week/shop that of shop in week.
func (p Place) Above() []Place {
	var out []Place
	for i := range len(p.BackupDir) {
		if p.BackupDir[i] != '/' {
			continue
		}
		name, _, _ := strings.Cut(p.BackupDir[i+1:], "/")
		out = append(out, Place{Bucket: p.Bucket, Dir: p.Dir, BackupDir: p.BackupDir[:i], Database: UnescapeName(name)})
	}
	return out
}

// Holds reports whether a place lies in this one's collection.
func (p Place) Holds(other Place) bool {
	return p.Dir == other.Dir && strings.HasPrefix(other.BackupDir+"/", p.BackupDir+"/"+EscapeName(p.Database)+"/")
}

// Collection is the folder of a native backup, without slashes round it, as a path for the database.
func (p Place) Collection() string { return p.key("") }

// CollectionPrefix is the prefix of all objects of a native backup.
func (p Place) CollectionPrefix() string { return p.Collection() + "/" }

// URI is s3://bucket/key, for messages.
func (p Place) URI(key string) string { return "s3://" + p.Bucket + "/" + key }

const (
	dumpSuffix     = ".sql"
	manifestSuffix = ".manifest.json"
)

func (p Place) key(suffix string) string { return p.Folder() + EscapeName(p.Database) + suffix }

func join(parts ...string) string { return strings.TrimPrefix(path.Join(parts...), "/") }

// BackupDirAt is the name of the folder of a backup that was asked for at a time: 20261122T140501Z. It is safe in keys and
// URLs, sorts by time, and says its zone.
func BackupDirAt(at time.Time) string { return at.UTC().Format(stampForm) }

const stampForm = "20060102T150405Z"

// ScheduledDirAt is the folder of a backup that the schedule makes: the time, and then whose it is, since services with one
// schedule may share a bucket and a folder, and services of one name too: 20261122T020000Z-cockroachdb-845c6f31. The cluster is
// its id, of which the first part is taken; what stands in no folder becomes an underscore.
func ScheduledDirAt(at time.Time, service, cluster string) string {
	name := strings.Map(func(r rune) rune {
		if r > 127 || !plainByte(byte(r)) {
			return '_'
		}
		return r
	}, strings.ReplaceAll(strings.Trim(service, "/"), "/", "__"))
	dir := BackupDirAt(at)
	for _, part := range []string{name, shortCluster(cluster)} {
		if part != "" {
			dir += "-" + part
		}
	}
	return dir
}

// shortCluster is the first part of a cluster's id, which is a UUID.
func shortCluster(id string) string {
	first, _, _ := strings.Cut(id, "-")
	return EscapeName(first)
}
