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
