package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/bulk"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

var errCanceled = errors.New("job canceled by user")

// task is a job that this node runs. Its keys are in the bucket alone.
type task struct {
	*Node
	job    cluster.Job
	bucket *bulk.Bucket
	sub    string
	source bulk.Manifest // of a RESTORE
	name   string        // the database that is made or backed up
	at     int64
	began  time.Time
	moved  int64 // bytes
}

// bulkHere starts a BACKUP or RESTORE as the leader, and gives the job's id. The
// job goes on when this node does not lead any more.
func (n *Node) bulkHere(ctx context.Context, q SQLRequest) (any, error) {
	now := time.Now()
	if err := n.current(ctx); err != nil {
		return nil, err
	}
	sts, err := sqlstore.Parse(q.Text)
	if err != nil || len(sts) != 1 {
		return nil, redacted(fmt.Errorf("not one statement: %w", err))
	}
	t := &task{Node: n, began: now, job: cluster.Job{
		ID: now.UnixNano(), User: "root", Status: cluster.Running, Coordinator: n.Facts().ID, Description: bulk.Redact(q.Text),
	}}
	switch x := sts[0].Node.(type) {
	case sqlstore.Backup:
		err = t.prepareBackup(ctx, x)
	case sqlstore.Restore:
		err = t.prepareRestore(ctx, x)
	}
	if err != nil {
		return nil, redacted(err)
	}
	n.jobs.mu.Lock()
	if n.jobs.running == nil {
		n.jobs.running = map[int64]bool{}
	}
	n.jobs.running[t.job.ID] = true
	n.jobs.mu.Unlock()
	if err := t.report(); err != nil {
		return nil, redacted(err)
	}
	n.spawn(t.run)
	return t.job.ID, nil
}

func (t *task) prepareBackup(ctx context.Context, q sqlstore.Backup) error {
	t.job.Type, t.name = "BACKUP", q.Database
	t.sub = bulk.Sub(t.began)
	t.job.Description = strings.Replace(t.job.Description, " '", fmt.Sprintf(" '%s' IN '", t.slash(t.sub)), 1)
	var err error
	if t.at, err = sqlstore.MomentOf(q.AsOf, t.began.UnixNano(), nil); err != nil {
		return err
	}
	if t.bucket, err = t.Node.bucket(q.URI); err != nil {
		return err
	}
	err = t.state.SQL(func(s *sqlstore.Store) error {
		if _, known := s.Objects(q.Database, sqlstore.Context{User: "root", At: t.at}); !known {
			return &sqlstore.Error{State: "3D000", Message: fmt.Sprintf("database %q does not exist", q.Database)}
		}
		return s.Reachable(t.at, t.began.UnixNano())
	})
	if err != nil {
		return err
	}
	// Keys and bucket are tried before there is a job.
	if _, err := t.bucket.Manifest(ctx, t.sub); !errors.Is(err, bulk.ErrMissing) {
		return err
	}
	return nil
}

func (t *task) prepareRestore(ctx context.Context, q sqlstore.Restore) error {
	t.job.Type, t.name = "RESTORE", q.Database
	if to := q.Options["new_db_name"]; to != "" {
		t.name = to
	}
	var err error
	if t.bucket, t.sub, t.source, err = t.chosen(ctx, q.URI, q.Sub, q.Latest); err != nil {
		return err
	}
	line := cluster.Line(t.source.Version)
	switch own := cluster.Line(t.state.Version()); {
	case t.source.Database != q.Database:
		return &sqlstore.Error{State: "3D000", Message: fmt.Sprintf("failed to resolve targets in the BACKUP location specified by the RESTORE statement, use SHOW BACKUP to find correct targets: unknown database %q", q.Database)}
	case line.AtLeast(own.Major, own.Minor, 0) && line != own:
		return fmt.Errorf("backup from version %s is newer than current version %s", t.source.Version, t.state.Version())
	case q.AsOf != nil:
		return &sqlstore.Error{State: "0A000", Message: "unimplemented in the stand-in: RESTORE AS OF SYSTEM TIME"}
	}
	return t.step(cluster.Restore{Job: t.job.ID, Step: cluster.StepPrepare, Database: t.name, Old: t.source.Database, Objects: t.source.Objects}, nil)
}

// step proposes one step of a RESTORE.
func (t *task) step(r cluster.Restore, rows []byte) error {
	o, err := t.proposeText(t.ctx, cluster.KindRestore, r, rows, false)
	if err == nil && o.Fault != nil {
		err = o.Fault
	}
	return err
}

// report tells the cluster how far the job is.
func (t *task) report() error {
	_, err := t.propose(t.ctx, cluster.KindJob, t.job, true)
	return err
}

// run carries the job out and tells how it ended.
func (t *task) run() {
	work := t.backup
	if t.job.Type == "RESTORE" {
		work = t.restore
	}
	err := work()
	var f *wire.Fault
	switch {
	case t.ctx.Err() != nil:
		return
	case err == nil:
		t.job.Status, t.job.Fraction = cluster.Succeeded, 1
	case errors.Is(err, errCanceled):
		t.job.Status, t.job.Error = cluster.Canceled, err.Error()
	case errors.As(err, &f):
		t.job.Status, t.job.Error = cluster.Failed, bulk.Redact(f.Message)
	default:
		t.job.Status, t.job.Error = cluster.Failed, bulk.Redact(err.Error())
	}
	t.cfg.Log.Info("job ended", "job", t.job.ID, "type", t.job.Type, "status", t.job.Status, "err", t.job.Error)
	if err := t.report(); err != nil {
		t.cfg.Log.Warn("end of a job was not noted", "job", t.job.ID, "err", err)
	}
	t.jobs.mu.Lock()
	delete(t.jobs.running, t.job.ID)
	t.jobs.mu.Unlock()
}

// moves notes bytes that were written or read, waits for as long as the rate asks
// for, and says whether the job was canceled.
func (t *task) moves(bytes, rows, all int64) error {
	t.moved += bytes
	t.job.Bytes, t.job.Rows = t.moved, rows
	if all > 0 {
		t.job.Fraction = min(0.99, float64(rows)/float64(all))
	}
	if err := t.report(); err != nil {
		return err
	}
	for {
		j, _ := t.state.Job(t.job.ID)
		if j.Status == cluster.Cancelling {
			return errCanceled
		}
		if t.cfg.BulkRate == 0 || float64(t.moved)/float64(t.cfg.BulkRate) <= time.Since(t.began).Seconds() {
			return nil
		}
		if !sleep(t.ctx, 20*time.Millisecond) {
			return t.ctx.Err()
		}
	}
}

// jobsLoop ends jobs whose node is gone, or has been started anew: the keys were
// in its memory alone. (A real job is taken over by another node.)
func (n *Node) jobsLoop() {
	for sleep(n.ctx, n.cfg.Times.Ping) {
		for _, j := range n.state.Jobs() {
			if j.Done() {
				continue
			}
			own := j.Coordinator == n.Facts().ID
			n.jobs.mu.Lock()
			runs := n.jobs.running[j.ID]
			n.jobs.mu.Unlock()
			g := n.replication()
			lost := g != nil && g.Status().Leading && time.Since(n.peers.get(j.Coordinator).heard(n.started)) > n.cfg.Times.Liveness
			if own && runs || !own && !lost {
				continue
			}
			j.Status, j.Error = cluster.Failed, fmt.Sprintf("node %d, which ran the job, is gone", j.Coordinator)
			if _, err := n.propose(n.ctx, cluster.KindRestore, cluster.Restore{Job: j.ID, Step: cluster.StepAbandon}, true); err == nil {
				n.propose(n.ctx, cluster.KindJob, j, true)
			}
		}
	}
}
