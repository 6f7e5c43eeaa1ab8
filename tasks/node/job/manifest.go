package job

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func (w *work) readManifest(ctx context.Context, key string) (backup.Manifest, error) {
	reader, _, err := w.store.Get(ctx, w.place.Bucket, key)
	if err != nil {
		return backup.Manifest{}, err
	}
	defer reader.Close()
	text, err := io.ReadAll(io.LimitReader(reader, backup.MaxManifest+1))
	if err != nil {
		return backup.Manifest{}, err
	}
	m, err := backup.ParseManifest(text)
	if err != nil {
		return backup.Manifest{}, faultOf("read "+w.place.URI(key), err, "use another backup; a manifest that is damaged can be deleted: then the dump counts as one made by others")
	}
	return m, nil
}

// writeManifest is the last step of a backup: what has no manifest is not whole. It returns the manifest as written.
func (w *work) writeManifest(ctx context.Context, m backup.Manifest) (backup.Manifest, error) {
	w.how.doing("writing the manifest")
	m.Format, m.Service, m.Cluster, m.Database = backup.ManifestFormat, w.settings.Service, w.cluster, w.params.Database
	m.Version, m.Tool, m.By, m.Job = w.db.server.String(), w.tool, w.job.By, w.job.ID
	m.Ended = time.Now().UTC().Truncate(time.Millisecond)
	if m.Started.IsZero() {
		m.Started = w.began.UTC().Truncate(time.Millisecond)
	}
	m.Rows = 0
	for _, t := range m.Tables {
		m.Rows += t.Rows
	}
	text, err := m.Encode()
	if err == nil {
		// What cannot be read again must not be written.
		_, err = backup.ParseManifest(text)
	}
	if err != nil {
		return m, err
	}
	return m, w.store.Put(ctx, w.place.Bucket, w.place.ManifestKey(), text, "application/json")
}

// tableRows lists what a database has for a manifest.
func tableRows(tables []cockroach.TableInfo, rows map[objectName]int64) []backup.Table {
	out := make([]backup.Table, 0, len(tables))
	for _, t := range tables {
		name := nameOf(t.Schema, t.Name)
		out = append(out, backup.Table{Schema: name.schema, Name: name.name, Kind: string(t.Kind), Rows: rows[name]})
	}
	return out
}

// boundOf lists the objects of a dump that name databases.
func boundOf(c dump.Counts) []backup.Bound {
	var out []backup.Bound
	for _, o := range c.Objects {
		if len(o.Databases) > 0 {
			out = append(out, backup.Bound{Name: objectName{o.Schema, o.Name}.String(), Kind: kindWord(o.Kind), Databases: o.Databases})
		}
	}
	return out
}

func kindWord(k dump.Kind) string {
	switch k {
	case dump.CreateView:
		return "view"
	case dump.CreateSequence:
		return "sequence"
	case dump.CreateType:
		return "type"
	}
	return "table"
}

// result is what the job did, as far as a manifest says it.
func (w *work) result(m backup.Manifest, location string) *tasks.JobResult {
	tables := 0
	for _, t := range m.Tables {
		if t.Kind == string(cockroach.TableBase) {
			tables++
		}
	}
	return &tasks.JobResult{
		Method: string(m.Method), Location: w.place.URI(location), Manifest: w.place.ManifestKey(), Tables: tables, Rows: m.Rows,
		Bytes: m.Bytes, Stored: m.Stored, SHA256: m.SHA256, Snapshot: m.Newest(), Version: m.Version, Notes: w.notes,
	}
}

// about names a manifest's backup in messages.
func about(m backup.Manifest) string {
	return fmt.Sprintf("the backup of %q of %s", m.Database, m.Newest().UTC().Format("2006-01-02 15:04:05"))
}
