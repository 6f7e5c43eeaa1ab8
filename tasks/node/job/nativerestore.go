package job

import (
	"context"
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// nativeRestore lets the database restore, and counts what it restored.
func (w *work) nativeRestore(ctx context.Context, found located) (*tasks.JobResult, error) {
	target := w.params.Target()
	if w.params.Existing == tasks.ExistingKeep {
		return nil, fault("a native backup is restored into a database of its own: the database makes it, and cannot load beside what is there (--existing keep)",
			"restore into another name, or say --existing drop")
	}
	if err := w.checkCA(ctx); err != nil {
		return nil, err
	}
	subfolder, m, err := w.readNative(ctx, found, false)
	if err != nil {
		return nil, err
	}
	spec := cockroach.RestoreSpec{Database: w.params.Database, As: w.params.Into, Source: w.uri(w.place.Collection()), Subfolder: subfolder}
	statement, err := cockroach.RestoreStatement(w.db.server, spec)
	if err != nil {
		return nil, err
	}
	if err := w.askCluster(ctx); err != nil {
		return nil, err
	}
	key := w.place.RestoringKey(w.cluster, target)
	mark, err := w.newMark(ctx, m.Newest(), subfolder, target)
	if err != nil {
		return nil, err
	}
	finished, err := w.endEarlierRestore(ctx, key, mark)
	if err != nil {
		return nil, err
	}
	if finished != nil {
		mark = *finished
	} else if err := w.runRestore(ctx, key, mark, statement); err != nil {
		if running := (*leftover)(nil); !errors.As(err, &running) { // else the mark stays for the next one
			w.dropMark(ctx, key, mark.Job)
		}
		return nil, err
	}
	err = w.compare(ctx, target, m.Tables)
	if err == nil || ctx.Err() == nil { // else the next one may count what is restored
		w.dropMark(ctx, key, mark.Job)
	}
	if err != nil {
		return nil, err
	}
	return w.nativeResult(found, m), nil
}

// runRestore has the database restore. The mark is of use to the next job alone: keys that may only read are enough for a restore.
func (w *work) runRestore(ctx context.Context, key string, mark backup.Mark, statement string) error {
	if err := w.clear(ctx, mark.Into); err != nil {
		return err
	}
	if err := w.putMark(ctx, key, mark); err != nil {
		w.journal.Say("the keys do not write beside the backup (%v): should this job be killed, its restore has to be ended by hand", err)
	}
	w.how.doing("the database restores %s", mark.Into)
	id, err := w.start(ctx, "restore", statement)
	if err != nil {
		return w.lost(ctx, &mark, "restore", err)
	}
	if err := w.noteStarted(ctx, key, &mark, id); err != nil {
		return w.giveUp(ctx, "restore", id, err)
	}
	return w.await(ctx, "restore", id)
}

// endEarlierRestore cancels the restore of an earlier job of ours into the target. It gives the mark of one of the same backup that
// the database finished after its job was killed: then nothing is left to do but to count.
func (w *work) endEarlierRestore(ctx context.Context, key string, now backup.Mark) (finished *backup.Mark, err error) {
	earlier, marked, err := w.readMark(ctx, key)
	if err != nil {
		w.note("What an earlier restore wrote down cannot be read, and counts for nothing: %v", err)
	}
	if !marked || err != nil || !earlier.Of(now.Service, now.Cluster, now.Database, now.Into) {
		return nil, w.cancelMarked(ctx, nil, "restore into "+now.Into, restoreOf(now.Into))
	}
	done, err := w.finished(ctx, earlier, now)
	if err != nil {
		return nil, err
	}
	if done && w.params.Existing != tasks.ExistingDrop {
		w.note("The database finished the restore that job %s began: it is counted now, and not done again.", earlier.Job)
		return &earlier, nil
	}
	return nil, w.cancelMarked(ctx, &earlier, "restore into "+now.Into, restoreOf(now.Into))
}

// finished says whether the database did what an earlier job asked of it, and it is the same that is asked now.
func (w *work) finished(ctx context.Context, earlier, now backup.Mark) (bool, error) {
	if earlier.Subfolder != now.Subfolder || !earlier.Snapshot.Equal(now.Snapshot) {
		return false, nil
	}
	id := earlier.DatabaseJob
	if id == 0 {
		all, err := w.bulkJobs(ctx)
		if err != nil {
			return false, err
		}
		for _, job := range all {
			if restoreOf(now.Into)(job.Description) && w.started(earlier, job) && job.Succeeded() {
				id = job.ID
			}
		}
	}
	if id == 0 {
		return false, nil
	}
	job, found, err := w.jobState(ctx, id)
	if err != nil || !found || !job.Succeeded() {
		return false, err
	}
	return w.exists(ctx, now.Into)
}

// clear gets the target out of the way of a native restore, which makes the database itself.
func (w *work) clear(ctx context.Context, target string) error {
	w.how.doing("looking at database %s", target)
	s, err := w.look(ctx, target)
	if err != nil || !s.exists {
		return err
	}
	// Also what an unfinished restore of a dump left: it was of another backup, and more may have been made since.
	if len(s.tables) > 0 && w.params.Existing != tasks.ExistingDrop {
		return fault(fmt.Sprintf("database %q has %d tables, views and sequences already (%s)", target, len(s.tables), some(s.names())),
			"restore into another name, or say --existing drop to drop the database first")
	}
	w.note("Database %q with %d tables was dropped: a native restore makes it anew.", target, len(s.tables))
	_, err = w.db.tell(ctx, "drop database "+target, "", dropDatabase(target))
	return err
}

// readNative says which full backup of the collection is meant and what is in it; without a manifest as the database tells it.
func (w *work) readNative(ctx context.Context, found located, check bool) (string, backup.Manifest, error) {
	w.how.doing("checking the backup")
	m := found.manifest
	subfolder := m.Subfolder
	if subfolder == "" {
		var err error
		if subfolder, err = w.newest(ctx); err != nil {
			return "", m, err
		}
	}
	wrote, err := w.contentsOf(ctx, subfolder, check)
	if err != nil {
		return "", m, err
	}
	if !found.manifestFound {
		m = backup.Manifest{Method: backup.Native, Database: w.params.Database, Subfolder: subfolder}
		for _, c := range wrote {
			m.Tables = append(m.Tables, backup.Table{Schema: nameOf(c.Schema, c.Name).schema, Name: c.Name, Kind: c.Kind, Rows: c.Rows})
			m.Rows, m.Bytes = m.Rows+c.Rows, m.Bytes+c.Bytes
			if c.End.After(m.Snapshot) {
				m.Snapshot = c.End
			}
		}
		if len(wrote) == 0 {
			return "", m, fault(fmt.Sprintf("the backup in %s has nothing of database %q", w.place.URI(w.place.CollectionPrefix()), w.params.Database), "use another backup")
		}
		return subfolder, m, nil
	}
	rows := map[objectName]int64{}
	var tables []cockroach.TableInfo
	for _, t := range m.Tables {
		rows[nameOf(t.Schema, t.Name)] = t.Rows
		tables = append(tables, cockroach.TableInfo{Schema: t.Schema, Name: t.Name, Kind: cockroach.TableKind(t.Kind)})
	}
	if end := ended(wrote); end.After(m.Newest()) {
		w.note("The backup shows %s, and its manifest says %s: an increment was added that the manifest does not know.", cockroach.SnapshotText(end), cockroach.SnapshotText(m.Newest()))
	}
	if err := agreeNative(tables, rows, wrote, len(m.Incremental) > 0); err != nil {
		return "", m, faultOf("the backup is not what its manifest says", err, "use another backup")
	}
	return subfolder, m, nil
}

// nativeVerify has the database read the backup's contents, and its files where it can.
func (w *work) nativeVerify(ctx context.Context, found located) (*tasks.JobResult, error) {
	if err := w.db.connect(ctx); err != nil {
		return nil, err
	}
	if err := w.checkCA(ctx); err != nil {
		return nil, err
	}
	_, m, err := w.readNative(ctx, found, true)
	if err != nil {
		return nil, err
	}
	objects, stored, err := w.storedBelow(ctx)
	if err != nil {
		return nil, err
	}
	if found.manifestFound && stored < m.Stored {
		return nil, fault(fmt.Sprintf("the collection has %d bytes in %d objects, and its manifest says %d bytes", stored, objects, m.Stored), "use another backup: files are missing")
	}
	if w.db.server.Has(cockroach.BackupCheckFiles) {
		w.note("The database looked whether every file of the backup is there with its size; it does not read them all.")
	} else {
		w.note("CockroachDB %s lists what is in a backup and does not look at its files (from v22.2 on): their number and sizes are as they were.", w.db.server)
	}
	r := w.nativeResult(found, m)
	r.Stored = stored
	return r, nil
}

func (w *work) nativeResult(found located, m backup.Manifest) *tasks.JobResult {
	r := w.result(m, w.place.CollectionPrefix())
	if !found.manifestFound {
		r.Manifest = ""
	}
	return r
}
