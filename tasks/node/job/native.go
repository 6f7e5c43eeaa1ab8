package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// await follows a job of the database to its end. When ctx ends first, the database is told to cancel it, and its end is waited
// for: a restore that is cancelled takes back what it wrote.
func (w *work) await(ctx context.Context, what string, id int64) error {
	w.journal.Say("the database does the %s as its job %d", what, id)
	for {
		job, found, err := w.jobState(ctx, id)
		switch {
		case ctx.Err() != nil:
			return w.cancelJob(ctx, what, id)
		case err != nil:
			return w.giveUp(ctx, what, id, faultOf(fmt.Sprintf("what became of the database's %s (its job %d) is not known", what, id), err, "look at the database"))
		case !found:
			return fault(fmt.Sprintf("the database does not know its job %d any more", id), "look at SHOW JOBS, then try again")
		case job.Succeeded():
			return nil
		case job.Over():
			return fault(fmt.Sprintf("the database's %s (its job %d) is %s: %s", what, id, job.Status, w.hide(job.Error)),
				"the message is the database's: see to what it names, then try again")
		}
		w.how.set(func(p *tasks.JobProgress) { p.Fraction = job.Fraction })
		if job.Status == "paused" {
			w.how.renamed("waiting: somebody paused the database's job %d", id)
		}
		if !sleep(ctx, w.pace.poll) {
			return w.cancelJob(ctx, what, id)
		}
	}
}

func (w *work) jobState(ctx context.Context, id int64) (cockroach.DatabaseJob, bool, error) {
	first, tags := cockroach.AllowInternals(w.db.server)
	stdout, err := w.db.askShort(ctx, fmt.Sprintf("ask how the database's job %d stands", id), first+cockroach.JobQuery(id))
	if err != nil {
		return cockroach.DatabaseJob{}, false, err
	}
	return cockroach.ReadJob(stdout, tags)
}

// cancelJob ends a job of the database with a context of its own, and gives why the work was to end.
func (w *work) cancelJob(ctx context.Context, what string, id int64) error {
	return w.giveUp(ctx, what, id, context.Cause(ctx))
}

// giveUp cancels a job of the database for a reason, which it gives back: with a leftover when the job may still run.
func (w *work) giveUp(ctx context.Context, what string, id int64, why error) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), w.pace.cleanup)
	defer stop()
	w.how.doing("cancelling the database's %s", what)
	if err := w.stopJob(ctx, id); err != nil {
		return errors.Join(why, &leftover{fmt.Sprintf("the database's job %d could not be cancelled", id), err,
			fmt.Sprintf("the next job on the same folder or database cancels it, or CANCEL JOB %d by hand", id)})
	}
	w.journal.Say("the database's job %d is over", id)
	return why
}

// stopJob cancels a job of the database and waits until nothing of it runs. That it was over already is as good.
func (w *work) stopJob(ctx context.Context, id int64) error {
	_, err := w.db.tell(ctx, "cancel a job", "", cockroach.CancelJob(id))
	for {
		job, found, asked := w.jobState(ctx, id)
		switch {
		case asked != nil:
			return errors.Join(err, asked)
		case !found || job.Over():
			return nil
		case err != nil && job.Status != "cancel-requested" && job.Status != "reverting":
			return err
		}
		if !sleep(ctx, w.pace.poll) {
			return context.Cause(ctx)
		}
	}
}

// checkCA refuses an own certificate authority that the database does not know: it talks to the store itself.
func (w *work) checkCA(ctx context.Context) error {
	if w.params.CA == "" {
		return nil
	}
	const name = "cloudstorage.http.custom_ca"
	values, err := value(ctx, w.db, "ask for the cluster setting "+name, settingQuery(name), column)
	if err != nil {
		return err
	}
	if len(values) > 0 && strings.TrimSpace(values[0]) != "" {
		return nil
	}
	return fault("the database writes to the store itself and checks its certificate: its cluster setting "+name+" is empty, and --ca-file is for the job alone",
		"SET CLUSTER SETTING "+name+" to the certificate of the store's authority in PEM form, then try again")
}

// start hands a statement with keys to the database, which makes a job of it.
func (w *work) start(ctx context.Context, what, statement string) (int64, error) {
	first, tags := cockroach.AllowInternals(w.db.server)
	stdout, err := w.db.tell(ctx, "start the "+what, "", first+statement)
	if err != nil {
		problem, _ := explain(err)
		return 0, fault(w.hide(problem), nativeRemedy(problem))
	}
	return cockroach.ReadJobID(stdout, tags)
}

// nativeRemedy says what to do about the refusals of the database that are common.
func nativeRemedy(problem string) string {
	switch {
	case strings.Contains(problem, "license"), strings.Contains(problem, "licence"), strings.Contains(problem, "XXC02"):
		return "leave --incremental out: full backups need no licence; or set one: SET CLUSTER SETTING cluster.organization and enterprise.license"
	case strings.Contains(problem, "x509"), strings.Contains(problem, "certificate"):
		return "set the cluster setting cloudstorage.http.custom_ca to the store's authority"
	}
	return "the message is the database's; the nodes themselves must reach the store at the endpoint"
}

// native needs the collection's contents.
func (w *work) contentsOf(ctx context.Context, subfolder string, check bool) ([]cockroach.Content, error) {
	statement, err := cockroach.ShowBackup(w.db.server, w.uri(w.place.Collection()), subfolder, check)
	if err != nil {
		return nil, err
	}
	stdout, err := w.db.ask(ctx, "read what is in the backup", statement)
	if err != nil {
		return nil, w.hidden(err)
	}
	return cockroach.ReadContents(stdout, 0, w.params.Database)
}

// ended is the newest snapshot in a backup, zero when it has nothing of the database.
func ended(wrote []cockroach.Content) time.Time {
	var newest time.Time
	for _, c := range wrote {
		if c.End.After(newest) {
			newest = c.End
		}
	}
	return newest
}

// subfolders are the full backups of the collection, oldest first; none is an error.
func (w *work) subfolders(ctx context.Context) ([]string, error) {
	statement, err := cockroach.ShowBackups(w.db.server, w.uri(w.place.Collection()))
	if err != nil {
		return nil, err
	}
	stdout, err := w.db.ask(ctx, "list the backups of the collection", statement)
	if err != nil {
		return nil, w.hidden(err)
	}
	all, err := cockroach.ReadSubfolders(stdout, 0)
	if err == nil && len(all) == 0 {
		err = fault("the database finds no backup in "+w.place.URI(w.place.CollectionPrefix()), "use another backup: this one did not finish")
	}
	for i := range all {
		all[i] = strings.Trim(all[i], "/")
	}
	return all, err
}

// newest is the last full backup of the collection.
func (w *work) newest(ctx context.Context) (string, error) {
	all, err := w.subfolders(ctx)
	if err != nil {
		return "", err
	}
	return all[len(all)-1], nil
}

// hidden is err without keys, which the database repeats in some messages.
func (w *work) hidden(err error) error {
	problem, remedy := explain(err)
	return fault(w.hide(problem), remedy)
}

// storedBelow is the size of all objects of the collection.
func (w *work) storedBelow(ctx context.Context) (objects int, bytes int64, err error) {
	err = w.store.List(ctx, w.place.Bucket, w.place.CollectionPrefix(), "", func(o s3.Object) error {
		if entry, known := backup.ParseKey(w.place.Dir, o.Key); known && entry.Part == backup.CollectionPart && w.place.Same(entry) {
			objects, bytes = objects+1, bytes+o.Size
		}
		return nil
	}, nil)
	return objects, bytes, err
}

// fresh is a context for tidying up after one that ended.
func (w *work) fresh(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), max(w.pace.cleanup, time.Second))
}
