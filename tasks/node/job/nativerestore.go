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
	if err := w.cancelEarlier(ctx, restoreOf(target)); err != nil {
		return nil, err
	}
	if err := w.clear(ctx, target); err != nil {
		return nil, err
	}
	w.how.doing("the database restores %s", target)
	id, err := w.start(ctx, "restore", statement)
	if err != nil {
		fresh, cancel := w.fresh(ctx)
		defer cancel()
		return nil, errors.Join(err, w.cancelEarlier(fresh, restoreOf(target)))
	}
	if err := w.await(ctx, "restore", id); err != nil {
		return nil, err
	}
	if err := w.compare(ctx, target, m.Tables); err != nil {
		return nil, err
	}
	return w.nativeResult(found, m), nil
}

// restoreOf recognises the database's own restores into target by their description.
func restoreOf(target string) func(string) bool {
	names := []string{target, cockroach.QuoteName(target)}
	return func(description string) bool {
		if !strings.HasPrefix(description, "RESTORE DATABASE ") {
			return false
		}
		if _, as, renamed := strings.Cut(description, "new_db_name = "); renamed {
			return strings.HasPrefix(as, cockroach.QuoteText(target))
		}
		rest := strings.TrimPrefix(description, "RESTORE DATABASE ")
		for _, name := range names {
			if strings.HasPrefix(rest, name+" ") {
				return true
			}
		}
		return false
	}
}

// clear gets the target out of the way of a native restore, which makes the database itself.
func (w *work) clear(ctx context.Context, target string) error {
	w.how.doing("looking at database %s", target)
	s, err := w.look(ctx, target)
	if err != nil || !s.exists {
		return err
	}
	ours := s.marked && s.row && s.marker.empty
	if len(s.tables) > 0 && !ours && w.params.Existing != tasks.ExistingDrop {
		names := make([]string, len(s.tables))
		for i, t := range s.tables {
			names[i] = nameOf(t.Schema, t.Name).String()
		}
		return fault(fmt.Sprintf("database %q has %d tables, views and sequences already (%s)", target, len(names), some(names)),
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
