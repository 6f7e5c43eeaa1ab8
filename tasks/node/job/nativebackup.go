package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// nativeBackup lets the database back itself up, and checks what it wrote.
func (w *work) nativeBackup(ctx context.Context, found located) (*tasks.JobResult, error) {
	if err := w.checkCA(ctx); err != nil {
		return nil, err
	}
	if len(found.inside) > 0 {
		return nil, fault(fmt.Sprintf("the folder of this backup, %s, holds other backups (%s)", w.place.URI(w.place.CollectionPrefix()), some(found.inside)),
			"name another --s3-backup-dir, or leave it out: then it is named by the time")
	}
	// What a killed job left in the folder can only be judged, and removed, when nothing writes there any more.
	found, err := w.endEarlier(ctx, found)
	if err != nil {
		return nil, err
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
	subfolder := found.manifest.Subfolder
	if !w.params.Incremental {
		subfolder = cockroach.SubfolderAt(have.at)
	}
	mark, err := w.newMark(ctx, have.at, subfolder, "")
	if err == nil {
		err = w.putMark(ctx, w.place.RunningKey(), mark)
	}
	if err != nil {
		return nil, faultOf("what is about to be done could not be written down", err, "try again; nothing was backed up")
	}
	m, err := w.writeNative(ctx, have, found, &mark)
	if running := (*leftover)(nil); errors.As(err, &running) {
		return nil, err // nothing is removed from under a job that may still write, and the mark stays for the next one
	}
	var result *tasks.JobResult
	if written := err == nil; written {
		if result, err = w.sealNative(ctx, m); err != nil {
			err = w.undo(ctx, mark, true, err)
		}
	} else {
		err = w.undo(ctx, mark, false, err)
	}
	if left := (*leftover)(nil); !errors.As(err, &left) {
		w.dropMark(ctx, w.place.RunningKey(), w.job.ID)
	}
	return result, err
}

// checkChain sees that there is a full backup to add to, and that the database may do so.
func (w *work) checkChain(ctx context.Context, found located) error {
	if !found.manifestFound || found.manifest.Method != backup.Native {
		return fault(fmt.Sprintf("there is no native backup of database %q with a manifest in %s to add to", w.params.Database, w.place.URI(w.place.Folder())),
			"make a full backup there first (without --incremental)")
	}
	if m := found.manifest; m.Service != w.settings.Service || m.Cluster != w.cluster {
		return fault(fmt.Sprintf("the backup in %s is of service %s (cluster %s): a chain goes on in the cluster that it began in", w.place.URI(w.place.Folder()), m.Service, orUnknown(m.Cluster)),
			"make a full backup into another folder")
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

// checkNewest sees that the full backup that the database would add to, which is the newest, is the manifest's.
func (w *work) checkNewest(ctx context.Context, m backup.Manifest) error {
	newest, err := w.newest(ctx)
	if err != nil || newest == m.Subfolder {
		return err
	}
	return fault(fmt.Sprintf("the newest full backup in %s is %s, which this service did not make, and the database adds to the newest: the manifest is about %s",
		w.place.URI(w.place.CollectionPrefix()), newest, m.Subfolder), "make a full backup into another folder, and add to that")
}

// writeNative runs the database's backup and holds what it wrote against the database.
func (w *work) writeNative(ctx context.Context, have contents, found located, mark *backup.Mark) (backup.Manifest, error) {
	statement, err := cockroach.BackupStatement(w.db.server, cockroach.BackupSpec{
		Database: w.params.Database, At: have.at, Target: w.uri(w.place.Collection()), Incremental: w.params.Incremental,
	})
	if err != nil {
		return backup.Manifest{}, err
	}
	subfolder := found.manifest.Subfolder
	var earlier sums
	if w.params.Incremental {
		if err := w.checkNewest(ctx, found.manifest); err != nil {
			return backup.Manifest{}, err
		}
		chain, err := w.contentsOf(ctx, subfolder, false)
		if err != nil {
			return backup.Manifest{}, err
		}
		earlier = sum(chain)
	}
	w.how.doing("the database backs itself up")
	id, err := w.start(ctx, "backup", statement)
	if err != nil {
		return backup.Manifest{}, w.lost(ctx, mark, "backup", err)
	}
	if err := w.noteStarted(ctx, w.place.RunningKey(), mark, id); err != nil {
		return backup.Manifest{}, w.giveUp(ctx, "backup", id, err)
	}
	if err := w.await(ctx, "backup", id); err != nil {
		return backup.Manifest{}, err
	}
	w.how.doing("comparing the backup with the database")
	if !w.params.Incremental {
		if subfolder, err = w.written(ctx, *mark); err != nil {
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
	if end := ended(wrote); len(wrote) > 0 && !end.Equal(have.at.Truncate(time.Microsecond)) {
		return backup.Manifest{}, fault(fmt.Sprintf("the backup %s that the database wrote shows %s, and was to show %s", subfolder, cockroach.SnapshotText(end), cockroach.SnapshotText(have.at)),
			"see that nothing else backs up into this folder, then try again, into another one")
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

// written is the full backup that the database wrote for the mark. Its folder may have others by now, of others.
func (w *work) written(ctx context.Context, mark backup.Mark) (string, error) {
	all, err := w.subfolders(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case slices.Contains(all, mark.Subfolder):
		return mark.Subfolder, nil
	case len(all) == 1:
		return all[0], nil
	}
	return "", fault(fmt.Sprintf("the database lists the backups %s in %s, and none of them is the one that was asked for", some(all), w.place.URI(w.place.CollectionPrefix())),
		"see that nothing else backs up into this folder, then try again, into another one")
}

// agreeNative holds a native backup against the database at the same moment. An increment counts changed rows again, so that a chain
// has as many rows as the database or more.
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
		case t.Kind != cockroach.TableBase:
		case chain && c.Rows < rows[name], !chain && c.Rows != rows[name]:
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
		return nil, faultOf("the backup is whole, and its manifest could not be written", err, "back up again")
	}
	removed := w.retain(ctx)
	r := w.result(m, w.place.CollectionPrefix())
	r.Removed = removed
	return r, nil
}
