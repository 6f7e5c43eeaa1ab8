package jobs

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
)

// Every is the time between two looks at the schedule and at the keys that are kept.
const Every = 5 * time.Second

// Scheduled are backups that are made by themselves, as the settings say.
type Scheduled struct {
	// Text is the expression as it was written: the core knows the schedule by it.
	Text string
	Cron Cron
	// Service is the service's name, which folders of its backups have in their names.
	Service string
	// Databases are backed up one job each.
	Databases []string
	// Params are those of every one of the jobs, without database and folder.
	Params tasks.JobParams
	// Keys are zero with IAM.
	Keys wire.Keys
}

// Run asks for backups that are due and forgets keys that nobody needs, until the context ends.
func (d *Desk) Run(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	// What was refused is told once, not in every round.
	told := map[string]string{}
	for {
		d.round(ctx, log, told)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (d *Desk) round(ctx context.Context, log *slog.Logger, told map[string]string) {
	state := d.Core.Snapshot()
	d.Keys.Sweep(func(id string) bool {
		job, ok := state.Facts.Jobs[id]
		return ok && !job.State.Ended()
	})
	for _, job := range d.due(state) {
		reply, err := d.ask(ctx, core.JobOrder{Job: job})
		database, refused := job.Params.Database, reply.Message
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			refused = err.Error()
		case reply.Code == http.StatusOK, reply.Code == http.StatusAlreadyReported:
			delete(told, database)
			continue
		}
		if told[database] != refused {
			told[database] = refused
			log.Warn("a scheduled backup was not taken on, it is asked for again", "database", database, "due", job.Due, "reason", refused)
		}
	}
}

// due are the backups that are to be asked for now: the latest run of each database that was not taken on.
func (d *Desk) due(state core.State) []tasks.Job {
	stored := state.Facts.Schedule
	if d.Scheduled == nil || !state.Facts.Deployed || stored.Cron != d.Scheduled.Text {
		return nil
	}
	var list []tasks.Job
	for _, database := range d.Scheduled.Databases {
		after := stored.Since
		if last := stored.Last[database]; last.After(after) {
			after = last
		}
		latest := d.Scheduled.Cron.Latest(after, d.Now())
		if latest.IsZero() || worked(state, database) {
			continue
		}
		params := d.Scheduled.Params
		params.Database = database
		params.BackupDir = backup.ScheduledDirAt(latest, d.Scheduled.Service, state.Facts.Cluster.ID)
		list = append(list, tasks.Job{ID: d.NewID(), Kind: tasks.JobBackup, Params: params, By: tasks.BySchedule, Due: latest, KeysKept: true})
	}
	return list
}

// worked says that a job works on the database: the core would refuse another one. A verification reads the store alone.
func worked(state core.State, database string) bool {
	for _, job := range state.Facts.Jobs {
		if !job.State.Ended() && job.Kind != tasks.JobVerify && job.Params.Target() == database {
			return true
		}
	}
	return false
}

// Show is the schedule as the API has it, nil without one.
func (s *Scheduled) Show(now time.Time) *wire.Schedule {
	if s == nil {
		return nil
	}
	place := backup.Place{Bucket: s.Params.Bucket}
	return &wire.Schedule{Cron: s.Text, Databases: s.Databases, Location: place.URI(s.Params.Dir), Next: s.Cron.Next(now)}
}
