package metrics

import (
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func jobFamilies() []family {
	last := func(name, prom, help string, value func(tasks.Job) float64) family {
		return family{name: name, prom: prom, kind: gauge, labels: []string{"database"}, unnamed: true, help: help,
			read: func(f *facts) []sample { return f.perDatabase(value) }}
	}
	return []family{
		{name: "backup.age", prom: "backup_age_seconds", kind: gauge, labels: []string{"database"}, unnamed: true, read: backupAges,
			help: "Seconds since the moment that the newest good backup of the database shows, as far as this service made it."},
		{name: "backup.oldest_age", prom: "backup_oldest_age_seconds", kind: gauge, read: oldestBackup,
			help: "The largest of these ages."},
		{name: "backup.missing", prom: "backup_missing_databases", kind: gauge, read: missing,
			help: "Databases of the schedule of which there is no good backup."},
		last("backup.duration", "backup_last_duration_seconds", "Seconds that the newest good backup of the database took.",
			func(job tasks.Job) float64 { return job.Result.Took.Seconds() }),
		last("backup.bytes", "backup_last_bytes", "Bytes of the newest good backup of the database, before they were compressed.",
			func(job tasks.Job) float64 { return float64(job.Result.Bytes) }),
		last("backup.stored", "backup_last_stored_bytes", "Bytes of it in the object store.",
			func(job tasks.Job) float64 { return float64(job.Result.Stored) }),
		last("backup.rows", "backup_last_rows", "Rows of the newest good backup of the database.",
			func(job tasks.Job) float64 { return float64(job.Result.Rows) }),
		{name: "backup.next", prom: "backup_next_run_seconds", kind: gauge, read: nextRun,
			help: "Seconds until the schedule's next run."},
		{name: "jobs", prom: "jobs_ended", kind: counter, labels: []string{"kind", "state"}, read: endedJobs,
			help: "Backups, restores and verifications that ended, by how: succeeded, failed, cancelled."},
		{name: "open_jobs", prom: "jobs_open", kind: gauge, labels: []string{"kind", "state"}, read: openJobs,
			help: "Backups, restores and verifications that are queued or running."},
		{name: "job.progress", prom: "job_progress_ratio", kind: gauge, labels: []string{"kind"}, read: running(progress),
			help: "How far the running job is, from 0 to 1, as far as it knows."},
		{name: "job.bytes", prom: "job_bytes", kind: gauge, labels: []string{"kind"},
			read: running(func(p tasks.JobProgress) (float64, bool) { return float64(p.Bytes), true }),
			help: "Bytes that the running job has worked through, before they are compressed."},
		{name: "job.rows", prom: "job_rows", kind: gauge, labels: []string{"kind"},
			read: running(func(p tasks.JobProgress) (float64, bool) { return float64(p.Rows), true }),
			help: "Rows that the running job has worked through."},
	}
}

// goodBackups are the newest good backup of each database.
func (f *facts) goodBackups() map[string]tasks.Job {
	good := map[string]tasks.Job{}
	for _, job := range f.Facts.Jobs {
		if job.Kind != tasks.JobBackup || job.State != tasks.JobSucceeded || job.Result == nil {
			continue
		}
		if other, ok := good[job.Params.Database]; !ok || shows(job).After(shows(other)) {
			good[job.Params.Database] = job
		}
	}
	return good
}

// shows is the moment that a backup shows; one that does not say it shows none later than its launch.
func shows(job tasks.Job) time.Time {
	if job.Result.Snapshot.IsZero() {
		return job.Launched
	}
	return job.Result.Snapshot
}

func (f *facts) perDatabase(value func(tasks.Job) float64) (list []sample) {
	good := f.goodBackups()
	for _, database := range slices.Sorted(maps.Keys(good)) {
		list = append(list, sample{[]string{database}, value(good[database])})
	}
	return list
}

func backupAges(f *facts) []sample {
	return f.perDatabase(func(job tasks.Job) float64 { return max(0, f.now.Sub(shows(job)).Seconds()) })
}

func oldestBackup(f *facts) []sample {
	ages := backupAges(f)
	if len(ages) == 0 {
		return nil
	}
	oldest := 0.0
	for _, age := range ages {
		oldest = max(oldest, age.value)
	}
	return one(oldest)
}

// missing is left out without a schedule.
func missing(f *facts) []sample {
	scheduled := f.sources.Scheduled
	if scheduled == nil {
		return nil
	}
	count, good := 0, f.goodBackups()
	for _, database := range scheduled.Databases {
		if _, ok := good[database]; !ok {
			count++
		}
	}
	return one(float64(count))
}

func nextRun(f *facts) []sample {
	scheduled := f.sources.Scheduled
	if scheduled == nil {
		return nil
	}
	next := scheduled.Cron.Next(f.now)
	if next.IsZero() {
		return nil
	}
	return one(next.Sub(f.now).Seconds())
}

// endedJobs are the core's counters jobs.<kind>.<state>.
func endedJobs(f *facts) []sample {
	return byKind([]tasks.JobState{tasks.JobCancelled, tasks.JobFailed, tasks.JobSucceeded}, func(kind tasks.JobKind, state tasks.JobState) float64 {
		return float64(f.Counters["jobs."+string(kind)+"."+string(state)])
	})
}

func openJobs(f *facts) []sample {
	return byKind([]tasks.JobState{tasks.JobQueued, tasks.JobRunning}, func(kind tasks.JobKind, state tasks.JobState) float64 {
		count := 0
		for _, job := range f.Facts.Jobs {
			if job.Kind == kind && job.State == state {
				count++
			}
		}
		return float64(count)
	})
}

// byKind has a sample for each kind in each of these states, the zeros too: a series that begins at zero shows its first event.
func byKind(states []tasks.JobState, value func(tasks.JobKind, tasks.JobState) float64) (list []sample) {
	for _, kind := range tasks.JobKinds {
		for _, state := range states {
			list = append(list, sample{[]string{string(kind), string(state)}, value(kind, state)})
		}
	}
	return list
}

// running reads what running jobs said of themselves; of one kind one runs at a time.
func running(value func(tasks.JobProgress) (float64, bool)) func(*facts) []sample {
	return func(f *facts) (list []sample) {
		for _, kind := range tasks.JobKinds {
			for id, said := range f.Progress {
				job := f.Facts.Jobs[id]
				if job.Kind != kind || job.State != tasks.JobRunning {
					continue
				}
				if v, known := value(said); known {
					list = append(list, sample{[]string{string(kind)}, v})
					break
				}
			}
		}
		return list
	}
}

// progress is the share of what there is to do, where that is known.
func progress(p tasks.JobProgress) (float64, bool) {
	switch {
	case p.Fraction > 0:
		return min(p.Fraction, 1), true
	case p.TotalRows > 0:
		return min(float64(p.Rows)/float64(p.TotalRows), 1), true
	case p.TotalBytes > 0:
		return min(float64(p.Bytes)/float64(p.TotalBytes), 1), true
	}
	return 0, false
}
