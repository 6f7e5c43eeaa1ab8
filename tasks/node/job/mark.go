package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// askCluster asks which cluster the database is. A release that does not tell has none.
func (w *work) askCluster(ctx context.Context) error {
	first, tags := cockroach.AllowInternals(w.db.server)
	stdout, err := w.db.askShort(ctx, "ask the database for its cluster's id", first+cockroach.ClusterQuery())
	if refused := (*sqlError)(nil); errors.As(err, &refused) && refused.Served {
		w.journal.Say("the database does not tell its cluster's id: %v", err)
		return nil
	}
	if err == nil {
		w.cluster, err = cockroach.ReadCluster(stdout, tags)
	}
	return err
}

// newMark is the mark of what is about to be asked of the database. Its begin is the database's own time, as that of its jobs is.
func (w *work) newMark(ctx context.Context, snapshot time.Time, subfolder, into string) (backup.Mark, error) {
	began, err := value(ctx, w.db, "ask the database for its time", cockroach.SnapshotQuery(), cockroach.ReadSnapshot)
	return backup.Mark{Job: w.job.ID, Service: w.settings.Service, Cluster: w.cluster, Database: w.params.Database, Into: into,
		Snapshot: snapshot, Subfolder: subfolder, Incremental: w.params.Incremental && into == "", Began: began}, err
}

// readMark reads a mark; found is false where there is none.
func (w *work) readMark(ctx context.Context, key string) (m backup.Mark, found bool, err error) {
	reader, _, err := w.store.Get(ctx, w.place.Bucket, key)
	if none := (*s3.Error)(nil); errors.As(err, &none) && none.Kind == s3.NoObject {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	defer reader.Close()
	text, err := io.ReadAll(io.LimitReader(reader, backup.MaxMark+1))
	if err != nil {
		return m, false, err
	}
	if m, err = backup.ParseMark(text); err != nil {
		return m, false, faultOf("read "+w.place.URI(key), err, "if nothing works on that backup, delete the object by hand")
	}
	return m, true, nil
}

func (w *work) putMark(ctx context.Context, key string, m backup.Mark) error {
	text, err := m.Encode()
	if err != nil {
		return err
	}
	return w.store.Put(ctx, w.place.Bucket, key, text, "application/json")
}

// noteStarted writes down which job the database made. That it cannot be written is no reason to stop: the statement itself is
// recognised, too. It is one that the mark is another job's by now.
func (w *work) noteStarted(ctx context.Context, key string, m *backup.Mark, id int64) error {
	m.DatabaseJob = id
	if all, err := w.bulkJobs(ctx); err == nil {
		for _, job := range all {
			if job.ID == id && job.Subfolder() != "" {
				m.Subfolder = job.Subfolder()
			}
		}
	}
	if other, found, err := w.readMark(ctx, key); err == nil && found && other.Job != m.Job {
		return fault(fmt.Sprintf("job %s of service %s works on the same backup now", other.Job, other.Service), "see what became of it, then try again")
	}
	if err := w.putMark(ctx, key, *m); err != nil {
		w.journal.Say("the database's job %d could not be written down: %v", id, err)
	}
	return nil
}

// dropMark removes a mark that this job wrote, or took over; one that is another job's by now stays.
func (w *work) dropMark(ctx context.Context, key, job string) {
	ctx, cancel := w.fresh(ctx)
	defer cancel()
	m, found, err := w.readMark(ctx, key)
	if err == nil && found && m.Job == job {
		err = w.store.Delete(ctx, w.place.Bucket, key)
	}
	if err != nil {
		w.note("The mark %s stays: %v", w.place.URI(key), err)
	}
}
