package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ManifestFormat is the format that this version writes. A reader of an older format exists for ever; a newer one is refused.
const ManifestFormat = 1

// MaxManifest is the longest manifest that is read, in bytes: about 100,000 tables. Whoever reads one takes a byte more, so that a
// longer one is refused and not cut.
const MaxManifest = 32 << 20

// Manifest is what is written down about a backup, beside it and last. Times are UTC, sizes are bytes.
type Manifest struct {
	Format  int    `json:"format"`
	Service string `json:"service"`
	// Cluster is the id of the database's cluster, empty where it was not known: services of one name may share a bucket.
	Cluster  string `json:"cluster,omitempty"`
	Database string `json:"database"`
	Method   Method `json:"method"`
	// Version is the database's, as v20.1.5.
	Version string `json:"version"`
	// Snapshot is the moment that the backup shows: of the newest increment where there are some.
	Snapshot time.Time `json:"snapshot"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	Tables   []Table   `json:"tables"`
	// Rows is the sum over the tables.
	Rows int64 `json:"rows"`
	// Bytes are those of the plain dump, or of the data as the database counts it.
	Bytes int64 `json:"bytes"`
	// Stored is the size in the bucket, Compress how the object is packed (dump only).
	Stored   int64       `json:"stored"`
	Compress Compression `json:"compress,omitempty"`
	// SHA256 is of the object as stored, in hex (dump only).
	SHA256 string `json:"sha256,omitempty"`
	// Object is the name of the dump, Collection that of the native folder, both in the manifest's own folder: a backup can
	// be copied elsewhere as a whole.
	Object     string `json:"object,omitempty"`
	Collection string `json:"collection,omitempty"`
	// Subfolder is the full backup in the collection.
	Subfolder   string      `json:"subfolder,omitempty"`
	Incremental []Increment `json:"incremental,omitempty"`
	// Bound are the objects that name this database or another one, and so stay tied to those names.
	Bound []Bound `json:"bound,omitempty"`
	// Tool is the version of this service, By is who asked: operator or schedule; Job is the job's id.
	Tool string `json:"tool"`
	By   string `json:"by"`
	Job  string `json:"job,omitempty"`
}

// Table is one table, view, sequence or type in a backup.
type Table struct {
	// Schema is left out where it is public.
	Schema string `json:"schema,omitempty"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Rows   int64  `json:"rows"`
}

// Bound is an object that names databases in its definition: a view does so always.
type Bound struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Databases []string `json:"databases"`
}

// Increment is one incremental backup on top of the full one.
type Increment struct {
	Snapshot time.Time `json:"snapshot"`
	Rows     int64     `json:"rows"`
	Bytes    int64     `json:"bytes"`
	Job      string    `json:"job,omitempty"`
}

// Encode is the manifest as it is stored: indented, fields in fixed order, with a line end.
func (m Manifest) Encode() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("writing the manifest of %s: %w", m.Database, err)
	}
	return b.Bytes(), nil
}

// ParseManifest reads a stored manifest. Fields that this version does not know are left out; a newer format is an error.
func ParseManifest(data []byte) (Manifest, error) {
	if len(data) > MaxManifest {
		return Manifest{}, fmt.Errorf("the manifest has %d bytes, more than %d: it was not written by this service", len(data), MaxManifest)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Manifest{}, fmt.Errorf("the manifest is not what this service writes: %w", err)
	}
	if head.Format > ManifestFormat {
		return Manifest{}, fmt.Errorf("the manifest has format %d, and this service reads up to %d: restore with the version of the service that made the backup, or a later one", head.Format, ManifestFormat)
	}
	if head.Format < 1 {
		return Manifest{}, errors.New("the manifest has no format: it was not written by this service")
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, fmt.Errorf("the manifest is not what this service writes: %w", err)
	}
	return m, m.sound()
}

// sound refuses a manifest that contradicts itself or would lead elsewhere than beside itself.
func (m Manifest) sound() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("the manifest: "+format, args...))
	}
	if m.Database == "" {
		fault("no database is named")
	}
	if m.Rows < 0 || m.Bytes < 0 || m.Stored < 0 {
		fault("a size is negative")
	}
	var rows int64
	for _, table := range m.Tables {
		rows += table.Rows
	}
	if rows != m.Rows {
		fault("the tables have %d rows together, the total says %d", rows, m.Rows)
	}
	place := Place{BackupDir: "x", Database: m.Database}
	switch m.Method {
	case Dump:
		if m.Object != place.ObjectKey(m.Compress)[len("x/"):] {
			fault("the object %q does not belong to database %q packed as %q", m.Object, m.Database, m.Compress)
		}
		if !isSHA256(m.SHA256) {
			fault("the checksum %q is no SHA-256", m.SHA256)
		}
	case Native:
		if m.Collection != EscapeName(m.Database) {
			fault("the collection %q does not belong to database %q", m.Collection, m.Database)
		}
		if m.Subfolder != "" && !subfolder.MatchString(m.Subfolder) {
			fault("the sub-folder %q is none that the database writes", m.Subfolder)
		}
	default:
		fault("no method %q is known", m.Method)
	}
	return errors.Join(faults...)
}

func isSHA256(text string) bool {
	if len(text) != 64 {
		return false
	}
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Check holds the object of a dump against the manifest. An empty sum means that only the size is known yet.
func (m Manifest) Check(size int64, sha256 string) error {
	switch {
	case size != m.Stored:
		return fmt.Errorf("the object %s has %d bytes and its manifest says %d: it was changed or cut after the backup; use another backup", m.Object, size, m.Stored)
	case sha256 != "" && sha256 != m.SHA256:
		return fmt.Errorf("the object %s has the SHA-256 %s and its manifest says %s: it was changed after the backup; use another backup", m.Object, sha256, m.SHA256)
	}
	return nil
}

// Newest is the moment of the last snapshot, of an increment or of the full backup.
func (m Manifest) Newest() time.Time {
	newest := m.Snapshot
	for _, increment := range m.Incremental {
		if increment.Snapshot.After(newest) {
			newest = increment.Snapshot
		}
	}
	return newest
}

// Scheduled reports whether the backup was made by the schedule, and so may be removed by it.
func (m Manifest) Scheduled() bool { return m.By == tasks.BySchedule }

// CanRename says whether the backup can be restored into a database called as: a dump whose objects name databases would
// read from the old name. The fault lists the objects.
func (m Manifest) CanRename(as string) *tasks.Fault {
	if as == "" || as == m.Database || m.Method == Native {
		return nil
	}
	return BoundFault(m.Bound, m.Database, as)
}
