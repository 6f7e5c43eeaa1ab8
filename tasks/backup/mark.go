package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// MaxMark is the longest mark that is read, in bytes.
const MaxMark = 64 << 10

// Mark is written beside a native backup while the database works on it, and removed at the end: it says what the database's
// job was started for, so that the next job knows what a killed one left, and touches nothing of anybody else's.
type Mark struct {
	// Format is ManifestFormat's.
	Format int `json:"format"`
	// Job is the service's job; Service and Cluster are whose it is.
	Job     string `json:"job"`
	Service string `json:"service"`
	Cluster string `json:"cluster,omitempty"`
	// Database is the name in the backup, Into that of a restore's target (empty for a backup).
	Database string `json:"database"`
	Into     string `json:"into,omitempty"`
	// Snapshot is the moment of the backup, and to a backup's statement what tells it from all others.
	Snapshot time.Time `json:"snapshot"`
	// Subfolder is the full backup in the collection that is written or read.
	Subfolder   string `json:"subfolder,omitempty"`
	Incremental bool   `json:"incremental,omitempty"`
	// Began is the database's time before it was asked; DatabaseJob is its job, 0 until it has said so.
	Began       time.Time `json:"began"`
	DatabaseJob int64     `json:"databaseJob,omitempty"`
}

// Of reports whether the mark is one of the service and cluster, for a restore into a database, or for a backup (into is empty).
func (m Mark) Of(service, cluster, database, into string) bool {
	return m.Service == service && m.Cluster == cluster && m.Database == database && m.Into == into
}

// Encode is the mark as it is stored.
func (m Mark) Encode() ([]byte, error) {
	m.Format = ManifestFormat
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("writing the mark of %s: %w", m.Database, err)
	}
	return b.Bytes(), nil
}

// ParseMark reads a stored mark.
func ParseMark(data []byte) (Mark, error) {
	var m Mark
	if len(data) > MaxMark {
		return m, fmt.Errorf("the mark has more than %d bytes: it was not written by this service", MaxMark)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("the mark is not what this service writes: %w", err)
	}
	switch {
	case m.Format < 1 || m.Format > ManifestFormat:
		return m, fmt.Errorf("the mark has format %d, and this service knows %d", m.Format, ManifestFormat)
	case m.Job == "" || m.Service == "" || m.Database == "":
		return m, errors.New("the mark does not say whose it is")
	case m.Subfolder != "" && !subfolder.MatchString(m.Subfolder):
		return m, fmt.Errorf("the mark's sub-folder %q is none that the database writes", m.Subfolder)
	}
	return m, nil
}
