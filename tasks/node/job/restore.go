package job

import (
	"context"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// restore loads a backup: everything that can be known beforehand is checked before the database is touched.
func (w *work) restore(ctx context.Context) (*tasks.JobResult, error) {
	found, err := w.locate(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.db.connect(ctx); err != nil {
		return nil, err
	}
	notes, refused := backup.CanRestore(found.Method, found.version(), w.db.server, w.params.NewerDump)
	w.noteAll(notes)
	if refused != nil {
		return nil, refused
	}
	if found.manifestFound {
		if refused := found.manifest.CanRename(w.params.Target()); refused != nil {
			return nil, refused
		}
	}
	if found.Method == backup.Native {
		return w.nativeRestore(ctx, found)
	}
	return w.dumpRestore(ctx, found)
}

// locate finds the backup that is restored or verified, and says what is there when it is not.
func (w *work) locate(ctx context.Context) (located, error) {
	found, err := w.find(ctx)
	if err != nil {
		return found, err
	}
	where := w.place.URI(w.place.Folder())
	switch {
	case found.Method == "" && found.any:
		return found, fault(fmt.Sprintf("in %s there is a manifest for database %q, and no backup", where, w.params.Database), "use another backup")
	case found.Method == "" && len(found.others) > 0:
		return found, fault(fmt.Sprintf("there is no backup of database %q in %s", w.params.Database, where), suggestion(w.params.Database, found.others))
	case found.Method == "":
		return found, fault(fmt.Sprintf("there is no backup of database %q in %s", w.params.Database, where), "`backup list` shows what the bucket has; check --s3-dir, too")
	case !found.manifestFound:
		w.note("The backup has no manifest: it was made by others (or did not finish), and nothing of it could be compared with what was backed up.")
		return found, nil
	}
	m := found.manifest
	if m.Database != w.params.Database {
		return found, fault(fmt.Sprintf("the manifest %s is about database %q", w.place.URI(w.place.ManifestKey()), m.Database), "use another backup: this one was renamed or mixed up")
	}
	found.Method = m.Method
	if m.Method == backup.Dump {
		// The manifest knows which object it is about, should there be several.
		found.Object, found.Compression = w.place.Folder()+m.Object, m.Compress
	}
	w.journal.Say("found %s: method %s, CockroachDB %s, %d tables, %d rows", about(m), m.Method, m.Version, len(m.Tables), m.Rows)
	return found, nil
}

// version is that of the database that was backed up, zero where nobody knows.
func (l located) version() cockroach.Version {
	if !l.manifestFound {
		return cockroach.Version{}
	}
	v, err := cockroach.Parse(l.manifest.Version)
	if err != nil {
		return cockroach.Version{}
	}
	return v
}

// compareRows holds a restored database against what it should be.
func compareRows(want []backup.Table, tables []cockroach.TableInfo, rows map[objectName]int64) error {
	there := map[objectName]bool{}
	for _, t := range tables {
		there[nameOf(t.Schema, t.Name)] = true
	}
	var wrong []string
	for _, t := range want {
		name := nameOf(t.Schema, t.Name)
		switch {
		case t.Kind == kindWord("create type"):
		case !there[name]:
			wrong = append(wrong, fmt.Sprintf("%s %s is missing", t.Kind, name))
		case t.Kind == string(cockroach.TableBase) && rows[name] != t.Rows:
			wrong = append(wrong, fmt.Sprintf("table %s has %d rows, and the backup %d", name, rows[name], t.Rows))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	if len(wrong) > 10 {
		wrong = append(wrong[:10], fmt.Sprintf("%d more differences", len(wrong)-10))
	}
	return fault("what was restored is not what was backed up: "+strings.Join(wrong, "; "),
		"see that nothing else writes to the database while it is restored, then restore again")
}

// compare counts what was restored and holds it against want.
func (w *work) compare(ctx context.Context, target string, want []backup.Table) error {
	w.how.doing("counting what was restored")
	tables, err := w.tables(ctx, target, now)
	if err != nil {
		return err
	}
	wanted := map[objectName]bool{}
	for _, t := range want {
		wanted[nameOf(t.Schema, t.Name)] = true
	}
	var mine []cockroach.TableInfo
	for _, t := range tables {
		if wanted[nameOf(t.Schema, t.Name)] {
			mine = append(mine, t)
		}
	}
	rows, err := w.count(ctx, target, mine, nil, now, func(sum int64) { w.how.set(func(p *tasks.JobProgress) { p.Rows = sum }) })
	if err != nil {
		return err
	}
	return compareRows(want, mine, rows)
}
