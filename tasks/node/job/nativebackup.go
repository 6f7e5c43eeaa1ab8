package job

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// nativeBackup lets the database back itself up, and checks what it wrote.
func (w *work) nativeBackup(ctx context.Context, found located) (*tasks.JobResult, error) {
	if err := w.checkCA(ctx); err != nil {
		return nil, err
	}
	// What a killed job left in the folder can only be judged, and removed, when nothing writes there any more.
	before := len(w.notes)
	if err := w.cancelEarlier(ctx, w.onCollection); err != nil {
		return nil, err
	}
	if cancelled := len(w.notes) > before; cancelled && found.any && !found.manifestFound {
		if err := w.sweep(ctx); err != nil {
			return nil, err
		}
		var err error
		if found, err = w.find(ctx); err != nil {
			return nil, err
		}
	}
	if w.params.Incremental {
		if err := w.checkChain(ctx, found); err != nil {
			return nil, err
		}
	} else if err := w.refuseTaken(found); err != nil {
		return nil, err
	}
	have, err := w.inspect(ctx, w.params.Database)
	if err != nil {
		return nil, err
	}
	m, err := w.writeNative(ctx, have, found)
	if err == nil {
		return w.sealNative(ctx, m)
	}
	if w.params.Incremental {
		// What is in the folder besides belongs to the chain; an increment that did not finish is no part of it.
		return nil, err
	}
	if running := (*leftover)(nil); errors.As(err, &running) {
		return nil, err // nothing is removed from under a job that may still write
	}
	ctx, cancel := w.fresh(ctx)
	defer cancel()
	if failed := w.sweep(ctx); failed != nil {
		err = errors.Join(err, failed)
	}
	return nil, err
}

// sweep removes what an unfinished backup left in the collection, which was empty before it.
func (w *work) sweep(ctx context.Context) error {
	n, err := w.removeBelow(ctx, w.place.CollectionPrefix())
	if err != nil {
		return &leftover{"what the unfinished backup left in " + w.place.URI(w.place.CollectionPrefix()) + " could not be removed", err, "delete it by hand: it has no manifest and is no backup"}
	}
	if n > 0 {
		w.journal.Say("removed %d objects of an unfinished backup", n)
	}
	return nil
}

// checkChain sees that there is a full backup to add to, and that the database may do so.
func (w *work) checkChain(ctx context.Context, found located) error {
	if !found.manifestFound || found.manifest.Method != backup.Native {
		return fault(fmt.Sprintf("there is no native backup of database %q with a manifest in %s to add to", w.params.Database, w.place.URI(w.place.Folder())),
			"make a full backup there first (without --incremental)")
	}
	note, refused := backup.CheckIncremental(backup.Native, w.db.server)
	if refused != nil {
		return refused
	}
	// From v24.3 on any licence is enough, and without one the database itself says what it does not do.
	if w.db.server.Line() >= "24.3" {
		return nil
	}
	const name = "enterprise.license"
	values, err := value(ctx, w.db, "ask for the cluster setting "+name, settingQuery(name), column)
	if err != nil {
		return err
	}
	if len(values) == 0 || strings.TrimSpace(values[0]) == "" {
		return fault(fmt.Sprintf("CockroachDB %s makes incremental backups only with an enterprise licence, and the cluster setting %s is empty", w.db.server, name),
			"leave --incremental out: full backups need no licence; or set the licence")
	}
	w.journal.Say("%s", note)
	return nil
}

// writeNative runs the database's backup and holds what it wrote against the database.
func (w *work) writeNative(ctx context.Context, have contents, found located) (backup.Manifest, error) {
	statement, err := cockroach.BackupStatement(w.db.server, cockroach.BackupSpec{
		Database: w.params.Database, At: have.at, Target: w.uri(w.place.Collection()), Incremental: w.params.Incremental,
	})
	if err != nil {
		return backup.Manifest{}, err
	}
	subfolder := found.manifest.Subfolder
	var earlier sums
	if w.params.Incremental {
		chain, err := w.contentsOf(ctx, subfolder, false)
		if err != nil {
			return backup.Manifest{}, err
		}
		earlier = sum(chain)
	}
	w.how.doing("the database backs itself up")
	id, err := w.start(ctx, "backup", statement)
	if err != nil {
		return backup.Manifest{}, w.lost(ctx, err)
	}
	if err := w.await(ctx, "backup", id); err != nil {
		return backup.Manifest{}, err
	}
	w.how.doing("comparing the backup with the database")
	if !w.params.Incremental {
		if subfolder, err = w.newest(ctx); err != nil {
			return backup.Manifest{}, err
		}
	}
	rows, err := w.count(ctx, w.params.Database, have.tables, nil, have.at, nil)
	if err != nil {
		return backup.Manifest{}, err
	}
	wrote, err := w.contentsOf(ctx, subfolder, false)
	if err != nil {
		return backup.Manifest{}, err
	}
	if err := agreeNative(have.tables, rows, wrote, w.params.Incremental); err != nil {
		return backup.Manifest{}, err
	}
	m := backup.Manifest{
		Method: backup.Native, Snapshot: have.at, Tables: tableRows(have.tables, rows), Subfolder: subfolder,
		Collection: strings.TrimPrefix(w.place.Collection(), w.place.Folder()),
	}
	total := sum(wrote)
	m.Bytes = total.bytes
	if w.params.Incremental {
		old := found.manifest
		m.Snapshot, m.Started = old.Snapshot, old.Started
		m.Incremental = append(old.Incremental, backup.Increment{
			Snapshot: have.at, Rows: total.rows - earlier.rows, Bytes: total.bytes - earlier.bytes, Job: w.job.ID})
	}
	return m, nil
}

// sums are rows and bytes of a backup, increments counted again where rows changed.
type sums struct{ rows, bytes int64 }

func sum(wrote []cockroach.Content) sums {
	var s sums
	for _, c := range wrote {
		s.rows, s.bytes = s.rows+c.Rows, s.bytes+c.Bytes
	}
	return s
}

// lost handles a backup whose start was not answered: it may run nevertheless.
func (w *work) lost(ctx context.Context, err error) error {
	ctx, cancel := w.fresh(ctx)
	defer cancel()
	if failed := w.cancelEarlier(ctx, w.onCollection); failed != nil {
		return errors.Join(err, &leftover{"whether the database is still at it is not known", failed, "look at SHOW JOBS"})
	}
	return err
}

// agreeNative holds a native backup against the database at the same moment. An increment counts changed rows again, so that the
// sum of a chain says nothing about rows.
func agreeNative(tables []cockroach.TableInfo, rows map[objectName]int64, wrote []cockroach.Content, chain bool) error {
	has := map[objectName]cockroach.Content{}
	for _, c := range wrote {
		has[nameOf(c.Schema, c.Name)] = c
	}
	var wrong []string
	for _, t := range tables {
		name := nameOf(t.Schema, t.Name)
		c, there := has[name]
		switch {
		case !there:
			wrong = append(wrong, fmt.Sprintf("%s %s is in the database and not in the backup", t.Kind, name))
		case !chain && t.Kind == cockroach.TableBase && c.Rows != rows[name]:
			wrong = append(wrong, fmt.Sprintf("table %s has %d rows in the database and %d in the backup", name, rows[name], c.Rows))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return fault("the backup does not agree with the database at the same moment: "+strings.Join(wrong[:min(len(wrong), 10)], "; "), "try again")
}

// sealNative writes the manifest and lets retention work.
func (w *work) sealNative(ctx context.Context, m backup.Manifest) (*tasks.JobResult, error) {
	_, stored, err := w.storedBelow(ctx)
	if err != nil {
		return nil, err
	}
	m.Stored = stored
	if m, err = w.writeManifest(ctx, m); err != nil {
		return nil, faultOf("the backup is whole, and its manifest could not be written", err, "back up again into another folder")
	}
	removed := w.retain(ctx)
	r := w.result(m, w.place.CollectionPrefix())
	r.Removed = removed
	return r, nil
}
