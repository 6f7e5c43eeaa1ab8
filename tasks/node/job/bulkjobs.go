package job

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// bulkJobs lists the database's own backups and restores.
func (w *work) bulkJobs(ctx context.Context) ([]cockroach.BulkJob, error) {
	first, tags := cockroach.AllowInternals(w.db.server)
	stdout, err := w.db.askShort(ctx, "list the database's own jobs", first+cockroach.BulkJobsQuery())
	if err != nil {
		return nil, err
	}
	return cockroach.ReadBulkJobs(stdout, tags)
}

// started says whether one of the database's jobs is the one that a mark speaks of. Without its number (the job was killed before it
// was told one) it is known by the statement: a backup by its moment, which is exact to the microsecond; a restore by where it
// comes from and that it was started after the mark was written, when none was under way.
func (w *work) started(m backup.Mark, job cockroach.BulkJob) bool {
	switch {
	case m.DatabaseJob != 0:
		return m.DatabaseJob == job.ID
	case !w.ofCollection(job.Description):
		return false
	case m.Into == "":
		return strings.Contains(job.Description, cockroach.QuoteText(cockroach.SnapshotText(m.Snapshot)))
	}
	return strings.Contains(job.Description, m.Subfolder) && !job.Created.IsZero() && !job.Created.Before(m.Began)
}

// cancelMarked ends a job of the database that an earlier job of ours started and did not see the end of. Taking it over would be
// possible; but its keys may be the wrong ones that were just replaced, its snapshot is as old as its start, and whoever asked has
// been told that it failed. What nobody here started is left alone, and is a reason to refuse.
func (w *work) cancelMarked(ctx context.Context, m *backup.Mark, what string, concerns func(description string) bool) error {
	all, err := w.bulkJobs(ctx)
	if err != nil {
		return err
	}
	var ours, foreign []cockroach.BulkJob
	for _, job := range all {
		mine := m != nil && w.started(*m, job)
		if mine && job.Subfolder() != "" && m.Into == "" {
			m.Subfolder = job.Subfolder()
		}
		switch {
		case job.Over() || !mine && !concerns(job.Description):
		case mine:
			ours = append(ours, job)
		default:
			foreign = append(foreign, job)
		}
	}
	if len(foreign) > 0 {
		id := foreign[0].ID
		return fault(fmt.Sprintf("the database is at a %s that this service did not start (its job %d, %s)", what, id, foreign[0].Status),
			fmt.Sprintf("wait for its end, or end it by hand with CANCEL JOB %d, then try again", id))
	}
	for _, job := range ours {
		w.note("The database was still at an earlier job's work (its job %d, %s): it was cancelled first.", job.ID, job.Status)
		if err := w.stopJob(ctx, job.ID); err != nil {
			return faultOf(fmt.Sprintf("an earlier job's work (the database's job %d) could not be cancelled", job.ID), err,
				fmt.Sprintf("CANCEL JOB %d by hand, then try again", job.ID))
		}
	}
	return nil
}

// lost handles a statement whose start was not answered: the database may carry it out nevertheless.
func (w *work) lost(ctx context.Context, m *backup.Mark, what string, err error) error {
	ctx, cancel := w.fresh(ctx)
	defer cancel()
	if failed := w.cancelMarked(ctx, m, what, func(string) bool { return false }); failed != nil {
		return errors.Join(err, &leftover{"whether the database is still at it is not known", failed, "look at SHOW JOBS"})
	}
	return err
}

// ofCollection recognises statements about this job's collection in the descriptions of the database's jobs, whose addresses are
// without keys.
func (w *work) ofCollection(description string) bool {
	address, _, _ := strings.Cut(w.uri(w.place.Collection()).String(), "?")
	for {
		at := strings.Index(description, address)
		if at < 0 {
			return false
		}
		description = description[at+len(address):]
		if rest := strings.TrimPrefix(description, "/"); rest == "" || strings.ContainsAny(rest[:1], "?'") {
			return true
		}
	}
}

// backupInto recognises backups into this job's collection.
func (w *work) backupInto(description string) bool {
	return strings.HasPrefix(description, "BACKUP") && w.ofCollection(description)
}

// restoreOf recognises the database's own restores into target by their description.
func restoreOf(target string) func(string) bool {
	names := []string{target, cockroach.QuoteName(target)}
	return func(description string) bool {
		rest, restores := strings.CutPrefix(description, "RESTORE DATABASE ")
		if !restores {
			return false
		}
		if _, as, renamed := strings.Cut(rest, "new_db_name = "); renamed {
			return strings.HasPrefix(as, cockroach.QuoteText(target))
		}
		for _, name := range names {
			if strings.HasPrefix(rest, name+" ") {
				return true
			}
		}
		return false
	}
}
