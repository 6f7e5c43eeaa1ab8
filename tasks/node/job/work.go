package job

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// work is one job under way.
type work struct {
	settings node.JobSettings
	job      tasks.Job
	params   tasks.JobParams
	keys     s3.Keys
	tool     string
	dir      string
	pace     pace
	began    time.Time
	environ  []string
	journal  *node.Journal
	how      *progress
	// hide takes secrets out of a text.
	hide func(string) string

	store Store
	place backup.Place
	db    *database
	// cluster is the id of the database's cluster, empty where it does not tell.
	cluster string
	notes   []string
	// pass is nil for a database without certificates.
	pass *passport
	// leftovers are the folders of earlier backups of the database that did not succeed.
	leftovers []string
}

// do does the job. When it returns, whatever it started has ended, and an upload is complete or aborted.
func (w *work) do(ctx context.Context, open func(tasks.JobParams, s3.Keys) (Store, error)) (*tasks.JobResult, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	var err error
	if w.store, err = open(w.params, w.keys); err != nil {
		return nil, err
	}
	w.how.doing("unpacking the database's client")
	binary, err := w.settings.Prepare(ctx, w.dir, w.environ, w.journal)
	if err != nil {
		return nil, err
	}
	w.db = &database{binary: binary, dir: w.dir, client: w.settings.Version, environ: w.environ, nodes: w.settings.Nodes, certs: w.pass.folder(),
		pace: w.pace, journal: w.journal}
	w.how.doing("checking the bucket %s", w.params.Bucket)
	if err := w.store.CheckBucket(ctx, w.params.Bucket); err != nil {
		return nil, err
	}
	switch w.job.Kind {
	case tasks.JobBackup:
		return w.backup(ctx)
	case tasks.JobRestore:
		return w.restore(ctx)
	case tasks.JobVerify:
		return w.verify(ctx)
	}
	return nil, fault(fmt.Sprintf("this program knows no job of kind %q", w.job.Kind), "run the scheduler and the task's helper of one version")
}

// check holds the parameters against the rules once more: the scheduler did so when it took the job, and may be another version.
func (w *work) check() error {
	place, faults := backup.Normalise(backup.Place{Bucket: w.params.Bucket, Dir: w.params.Dir, BackupDir: w.params.BackupDir, Database: w.params.Database})
	if w.params.Into != "" {
		_, into := backup.Normalise(backup.Place{Bucket: w.params.Bucket, Dir: w.params.Dir, BackupDir: w.params.BackupDir, Database: w.params.Into})
		faults = append(faults, into...)
	}
	if _, bad := backup.ParseCompression(w.params.Compress); bad != nil {
		faults = append(faults, *bad)
	}
	w.place = place
	if len(faults) == 0 {
		return nil
	}
	var problems, remedies []string
	for _, f := range faults {
		problems, remedies = append(problems, fmt.Sprintf("%s %q: %s", f.Field, f.Value, f.Message)), append(remedies, f.Remedy)
	}
	return fault("the job's parameters are faulty: "+strings.Join(problems, "; "), strings.Join(remedies, "; "))
}

// note remembers what the person should know, and says it.
func (w *work) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.notes = append(w.notes, text)
	w.journal.Say("note: %s", text)
}

func (w *work) noteAll(notes []string) {
	for _, n := range notes {
		w.note("%s", n)
	}
}

// describe says what a job is to do, for the journal.
func describe(j tasks.Job) string {
	p := j.Params
	text := fmt.Sprintf("%s of database %q, bucket %s, folder %s/%s", j.Kind, p.Database, p.Bucket, p.Dir, p.BackupDir)
	if p.Into != "" && p.Into != p.Database {
		text += fmt.Sprintf(", into %q", p.Into)
	}
	return text + ", asked for by " + j.By
}

// uri is the bucket's folder of a native backup, with the keys that the database needs.
func (w *work) uri(path string) cockroach.S3URI {
	return cockroach.S3URI{
		Bucket: w.params.Bucket, Path: path, Endpoint: w.params.Endpoint, Region: w.params.Region, PathStyle: w.params.PathStyle,
		AccessKey: w.keys.AccessKeyID, SecretKey: w.keys.SecretAccessKey, SessionToken: w.keys.SessionToken, Implicit: w.params.IAM,
	}
}
