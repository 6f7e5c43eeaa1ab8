package cluster

import (
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// Statuses of a job.
const (
	Running    = "running"
	Succeeded  = "succeeded"
	Failed     = "failed"
	Canceled   = "canceled"
	Cancelling = "cancel-requested"
)

// Job is a BACKUP or RESTORE. Description has no keys in it: they are in the
// memory of the node that runs the job, and nowhere else.
type Job struct {
	ID          int64   `json:"id"`
	Type        string  `json:"type"`
	Description string  `json:"description"`
	User        string  `json:"user"`
	Status      string  `json:"status"`
	Fraction    float64 `json:"fraction"`
	Error       string  `json:"error,omitempty"`
	Coordinator int     `json:"coordinator"` // node id
	Rows        int64   `json:"rows,omitempty"`
	Bytes       int64   `json:"bytes,omitempty"`
	Created     int64   `json:"created"`
	Modified    int64   `json:"modified"`
	Finished    int64   `json:"finished,omitempty"`
}

// Done says whether a job has ended.
func (j Job) Done() bool { return j.Status == Succeeded || j.Status == Failed || j.Status == Canceled }

// Cancel asks a job to stop.
type Cancel struct {
	ID int64 `json:"id"`
}

// Steps of a RESTORE.
const (
	StepPrepare = "prepare"
	StepFill    = "fill"
	StepPublish = "publish"
	StepAbandon = "abandon"
)

// Restore is one step of a RESTORE.
type Restore struct {
	Job      int64              `json:"job"`
	Step     string             `json:"step"`
	Database string             `json:"database,omitempty"`
	Old      string             `json:"old,omitempty"` // its name in the backup
	Objects  []*sqlstore.Object `json:"objects,omitempty"`
	Object   int                `json:"object,omitempty"`
}

func (s *State) setJob(j Job, at int64) error {
	j.Modified = at
	if j.Done() {
		j.Finished = at
	}
	jobs := slices.Clone(s.d.Jobs)
	i := slices.IndexFunc(jobs, func(x Job) bool { return x.ID == j.ID })
	switch {
	case i < 0:
		j.Created = at
		jobs = append(jobs, j)
	case jobs[i].Done():
		return nil
	default:
		if jobs[i].Status == Cancelling && !j.Done() {
			j.Status = Cancelling
		}
		j.Created = jobs[i].Created
		jobs[i] = j
	}
	s.d.Jobs = jobs
	return nil
}

func (s *State) cancel(c Cancel, at int64) error {
	jobs := slices.Clone(s.d.Jobs)
	i := slices.IndexFunc(jobs, func(x Job) bool { return x.ID == c.ID })
	switch {
	case i < 0:
		return fmt.Errorf("job with ID %d does not exist", c.ID)
	case jobs[i].Done():
		return fmt.Errorf("job with status %s cannot be requested to be canceled", jobs[i].Status)
	}
	jobs[i].Status, jobs[i].Modified = Cancelling, at
	s.d.Jobs = jobs
	return nil
}

func (s *State) restore(c Restore, e store.Entry) error {
	at := sqlstore.Context{Now: e.At, At: e.At}
	switch c.Step {
	case StepPrepare:
		return s.d.SQL.Prepare(c.Job, c.Database, c.Old, c.Objects, at)
	case StepFill:
		return s.d.SQL.Fill(c.Job, c.Object, e.Blob, at)
	case StepPublish:
		return s.d.SQL.Publish(c.Job, at)
	}
	s.d.SQL.Abandon(c.Job)
	return nil
}

// Jobs gives all jobs by age.
func (s *State) Jobs() []Job {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.d.Jobs)
}

// Job gives one job.
func (s *State) Job(id int64) (Job, bool) {
	for _, j := range s.Jobs() {
		if j.ID == id {
			return j, true
		}
	}
	return Job{}, false
}

// Setting gives a cluster setting's text.
func (s *State) Setting(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.value(name)
}

var jobColumns = []string{
	"job_id", "job_type", "description", "statement", "user_name", "status", "running_status", "created", "started", "finished", "modified",
	"fraction_completed", "error", "coordinator_id",
}

func (s *State) jobRows() (rows [][]sqlstore.Value) {
	when := func(at int64) sqlstore.Value {
		if at == 0 {
			return nil
		}
		return sqlstore.Raw(sqlstore.TimeText(time.Unix(0, at)))
	}
	for _, j := range s.d.Jobs {
		rows = append(rows, []sqlstore.Value{
			j.ID, j.Type, j.Description, "", j.User, j.Status, nil, when(j.Created), when(j.Created), when(j.Finished), when(j.Modified),
			j.Fraction, j.Error, int64(j.Coordinator),
		})
	}
	return rows
}
