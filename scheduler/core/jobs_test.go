package core

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const adminBackup = "admin-0-backup"

// backupOf is an order of a backup by a person.
func backupOf(id, database string) JobOrder {
	return JobOrder{Job: tasks.Job{ID: id, Kind: tasks.JobBackup, By: tasks.ByOperator,
		Params: tasks.JobParams{Database: database, Bucket: "b", Dir: "d", BackupDir: "now"}}}
}

// running lets a job be asked for and launched, and its task run.
func running(t *testing.T, order JobOrder) *life {
	t.Helper()
	l := quiet(t, three())
	if reply, _ := l.ask(order); reply.Code != http.StatusOK {
		t.Fatalf("got %+v", reply)
	}
	l.take(offered(room(5, 4)))
	l.take(update(l.job(order.Job.Kind).TaskID, tasks.Running))
	return l
}

// job is the record of a job's task.
func (l *life) job(kind tasks.JobKind) *tasks.Record {
	l.t.Helper()
	record := l.state.Facts.Records[kind.Task()]
	if record == nil {
		l.t.Fatalf("there is no task of a %s", kind)
	}
	return record
}

func (l *life) collect() (Reply, []string) {
	record := l.job(tasks.JobBackup)
	return l.ask(JobCollect{Ticket: *record.Job, TaskID: record.TaskID})
}

func (l *life) report(end *tasks.JobEnd) (Reply, []string) {
	record := l.job(tasks.JobBackup)
	ticket := tasks.JobTicket{ID: record.Job.ID, Token: record.Job.Report}
	return l.ask(JobReport{Ticket: ticket, TaskID: record.TaskID, Progress: &tasks.JobProgress{Doing: "dumping", Rows: 7}, End: end})
}

func (l *life) plan(name string) plans.Plan {
	l.t.Helper()
	at := slices.IndexFunc(l.state.Plans, func(p plans.Plan) bool { return p.Name == name })
	if at < 0 {
		l.t.Fatalf("there is no plan %s", name)
	}
	return l.state.Plans[at]
}

var success = &tasks.JobEnd{State: tasks.JobSucceeded, Result: &tasks.JobResult{Method: "dump", Rows: 7}}

// TestTheLifeOfAJob: asked for, launched, collected once, reported, ended; what is stored is stored before it is answered, and what
// the task held is given back.
func TestTheLifeOfAJob(t *testing.T) {
	l := quiet(t, three())
	if plan := l.plan("backup"); plan.Status != plans.Waiting || plan.Phases[0].Steps[0].Name != "admin-0:[backup]" {
		t.Errorf("before: %+v", plan)
	}
	reply, got := l.ask(backupOf("j1", "bank"))
	same(t, got, []string{"write jobs/j1", "revive"})
	if reply.Code != 200 || reply.Job.State != tasks.JobQueued {
		t.Errorf("got %+v", reply)
	}
	got = l.take(offered(room(5, 4)))
	same(t, got, []string{"write jobs/j1 records/" + adminBackup, "accept o5 reserve 1 launch " + adminBackup + " rest 1s", "suppress"})
	record := l.job(tasks.JobBackup)
	if record.Job.ID != "j1" || len(record.Job.Token) != 36 || len(record.Join) == 0 {
		t.Errorf("got %+v", record)
	}
	l.take(update(record.TaskID, tasks.Running))
	if plan := l.plan("backup"); plan.Status != plans.Started || !strings.Contains(plan.Phases[0].Steps[0].Reason.String(), "works on host-A5") {
		t.Errorf("while it runs: %+v", plan)
	}
	reply, got = l.collect()
	same(t, got, []string{"write jobs/j1 records/" + adminBackup})
	if reply.Code != 200 || reply.Job.Params.Database != "bank" || len(reply.Report) != 36 || reply.Report == record.Job.Token {
		t.Errorf("got %+v", reply)
	}
	if reply, got = l.collect(); reply.Code != http.StatusGone || len(got) > 0 {
		t.Errorf("a second time: %+v, %v", reply, got)
	}
	if reply, got = l.report(nil); reply.Code != 200 || len(got) > 0 || l.state.Progress["j1"].Rows != 7 {
		t.Errorf("progress: %+v, %v", reply, got)
	}
	reply, got = l.report(success)
	same(t, got, []string{"write jobs/j1"})
	if job := l.state.Facts.Jobs["j1"]; reply.Code != 200 || job.State != tasks.JobSucceeded || job.Result.Rows != 7 || len(l.state.Progress) > 0 {
		t.Errorf("got %+v and %+v", reply, job)
	}
	// The answer may have been lost: told again it is taken again.
	if reply, got = l.report(success); reply.Code != 200 || len(got) > 0 {
		t.Errorf("told again: %+v, %v", reply, got)
	}
	id := l.job(tasks.JobBackup).TaskID
	same(t, l.take(update(id, tasks.Finished)), []string{"write vacated/A5 -records/" + adminBackup, "ack " + id, "revive"})
	if plan := l.plan("backup"); plan.Status != plans.Complete {
		t.Errorf("afterwards: %+v", plan)
	}
	// What it held comes back as a stray.
	same(t, l.take(offered(back(record))), []string{"write vacated/A5", "accept back-A5 unreserve 1 rest 1s"})
}

func TestWhatAJobIsAnswered(t *testing.T) {
	scheduled := func(id, database string, due time.Time) JobOrder {
		order := backupOf(id, database)
		order.Job.By, order.Job.Due, order.Job.KeysKept = tasks.BySchedule, due, true
		return order
	}
	restore := backupOf("r1", "other")
	restore.Job.Kind, restore.Job.Params.Into = tasks.JobRestore, "bank"
	verify := backupOf("v1", "bank")
	verify.Job.Kind = tasks.JobVerify
	elsewhere := backupOf("r2", "bank")
	elsewhere.Job.Kind, elsewhere.Job.Params.Into = tasks.JobRestore, "copy"
	removing := scheduled("s1", "bank", noon)
	removing.Job.Params.KeepCount = 2
	odd := backupOf("o1", "bank")
	odd.Job.Kind = "drop"
	for _, tt := range []struct {
		name   string
		before []JobOrder
		order  JobOrder
		change func(*Facts)
		code   int
		says   string
	}{
		{"one", nil, backupOf("j1", "bank"), nil, 200, ""},
		{"another database", []JobOrder{backupOf("j1", "bank")}, backupOf("j2", "shop"), nil, 200, ""},
		{"the same database", []JobOrder{backupOf("j1", "bank")}, backupOf("j2", "bank"), nil, 409, "backup j1 of bank is queued"},
		{"a restore into it", []JobOrder{backupOf("j1", "bank")}, restore, nil, 409, "wait until it has ended"},
		{"a verification of it", []JobOrder{backupOf("j1", "bank")}, verify, nil, 200, ""},
		{"a restore of it under another name", []JobOrder{backupOf("j1", "bank")}, elsewhere, nil, 200, ""},
		{"the same while old backups are removed", []JobOrder{removing}, elsewhere, nil, 409, "s1"},
		{"a verification while old backups are removed", []JobOrder{removing}, verify, nil, 409, "s1"},
		{"backups are removed while one is restored", []JobOrder{elsewhere}, removing, nil, 409, "r2"},
		{"the same job", []JobOrder{backupOf("j1", "bank")}, backupOf("j1", "bank"), nil, 208, ""},
		{"an odd kind", nil, odd, nil, 503, `"drop"`},
		{"no database yet", nil, backupOf("j1", "bank"), func(f *Facts) { f.Cluster.Initialised = false }, 503, "not initialised"},
		{"a run of the schedule", nil, scheduled("s1", "bank", noon), nil, 200, ""},
		{"the same run", []JobOrder{scheduled("s1", "bank", noon)}, scheduled("s2", "bank", noon), nil, 208, ""},
		{"the same run of another database", []JobOrder{scheduled("s1", "bank", noon)}, scheduled("s2", "shop", noon), nil, 200, ""},
		{"the next run while one works", []JobOrder{scheduled("s1", "bank", noon)}, scheduled("s2", "bank", noon.Add(time.Hour)), nil, 409, "s1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stored := three()
			if tt.change != nil {
				tt.change(&stored)
			}
			l := quiet(t, stored)
			for _, order := range tt.before {
				l.ask(order)
			}
			reply, _ := l.ask(tt.order)
			if reply.Code != tt.code || !strings.Contains(reply.Message, tt.says) {
				t.Errorf("got %+v", reply)
			}
		})
	}
	l := quiet(t, three())
	for i := range openJobs {
		l.ask(backupOf(fmt.Sprint("j", i), fmt.Sprint("d", i)))
	}
	if reply, _ := l.ask(backupOf("more", "more")); reply.Code != 503 {
		t.Errorf("got %+v", reply)
	}
}

// TestOneTaskOfAKindAtATime: jobs of a kind wait for each other, also for a task whose job has ended.
func TestOneTaskOfAKindAtATime(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.ask(backupOf("j2", "shop"))
	steps := l.plan("backup").Phases[0].Steps
	if len(steps) != 2 || steps[1].ID != "j2" || steps[1].Reason.String() != "waits for the backup of bank" {
		t.Fatalf("got %+v", steps)
	}
	l.collect()
	l.report(success)
	if got := l.take(offered(room(6, 4))); len(got) != 1 || !strings.HasPrefix(got[0], "decline") {
		t.Errorf("launched beside the other: %v", got)
	}
	l.take(update(l.job(tasks.JobBackup).TaskID, tasks.Finished))
	l.take(offered(room(6, 4)))
	if got := l.job(tasks.JobBackup); got.Job.ID != "j2" || got.Agent.ID != "A6" {
		t.Errorf("got %+v", got)
	}
}

// TestHowATaskWithoutAWordEnds: before it has collected its parameters it is launched again, a few times; afterwards it has failed.
func TestHowATaskWithoutAWordEnds(t *testing.T) {
	for _, tt := range []struct {
		name      string
		state     tasks.State
		collected bool
		tries     int
		want      tasks.JobState
	}{
		{"lost on the way", tasks.Dropped, false, 1, tasks.JobQueued},
		{"failed before it began", tasks.Failed, false, 1, tasks.JobQueued},
		{"and again", tasks.Failed, false, jobTries, tasks.JobFailed},
		{"failed in the middle", tasks.Failed, true, 1, tasks.JobFailed},
		{"finished, and the report did not arrive", tasks.Finished, true, 1, tasks.JobSucceeded},
		{"its agent is gone", tasks.GoneByOperator, true, 1, tasks.JobFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := running(t, backupOf("j1", "bank"))
			if tt.collected {
				l.collect()
			}
			job := l.state.Facts.Jobs["j1"]
			job.Tries = tt.tries
			l.state.Facts.Jobs["j1"] = job
			l.take(update(l.job(tasks.JobBackup).TaskID, tt.state, func(s *tasks.Status) { s.Message = "Command exited with status 65" }))
			after := l.state.Facts.Jobs["j1"]
			if after.State != tt.want || l.state.Facts.Records[adminBackup] != nil {
				t.Fatalf("got %+v", after)
			}
			if tt.want == tasks.JobFailed && (!strings.Contains(after.Problem, "COCKROACH_URI") || after.Remedy == "" || l.plan("backup").Status != plans.Error) {
				t.Errorf("got %+v", after)
			}
			if l.plan("recovery").Status != plans.Complete || l.plan("deploy").Status != plans.Complete {
				t.Error("a job is nobody else's business")
			}
		})
	}
}

func TestAJobIsCancelled(t *testing.T) {
	t.Run("while it waits", func(t *testing.T) {
		l := quiet(t, three())
		l.ask(backupOf("j1", "bank"))
		if reply, got := l.ask(JobCancel{ID: "j1"}); reply.Code != 200 || reply.Job.State != tasks.JobCancelled {
			t.Errorf("got %+v, %v", reply, got)
		}
		if reply, _ := l.ask(JobCancel{ID: "j1"}); reply.Code != 208 {
			t.Errorf("again: %+v", reply)
		}
		if reply, _ := l.ask(JobCancel{ID: "j2"}); reply.Code != 404 {
			t.Errorf("another: %+v", reply)
		}
	})
	t.Run("while it runs", func(t *testing.T) {
		l := running(t, backupOf("j1", "bank"))
		l.collect()
		record := l.job(tasks.JobBackup)
		reply, got := l.ask(JobCancel{ID: "j1"})
		same(t, got, []string{"write jobs/j1 records/" + adminBackup, "kill " + record.TaskID + " on A5"})
		if reply.Code != 200 || reply.Job.State != tasks.JobRunning || reply.Job.Cancelling.IsZero() {
			t.Errorf("got %+v", reply)
		}
		if reply, _ := l.report(nil); reply.Code != http.StatusGone {
			t.Errorf("progress: %+v", reply)
		}
		l.take(update(record.TaskID, tasks.Killed))
		if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobCancelled {
			t.Errorf("got %+v", job)
		}
	})
	t.Run("too late", func(t *testing.T) {
		l := running(t, backupOf("j1", "bank"))
		l.collect()
		l.ask(JobCancel{ID: "j1"})
		l.report(success)
		if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobSucceeded {
			t.Errorf("what is done is done: %+v", job)
		}
	})
	t.Run("by its plan", func(t *testing.T) {
		l := running(t, backupOf("j1", "bank"))
		l.ask(backupOf("j2", "shop"))
		for verb, code := range map[PlanVerb]int{PlanStart: 400, PlanRestart: 409, PlanForceComplete: 409, PlanStop: 200} {
			if reply, _ := l.ask(PlanOrder{Verb: verb, Plan: "backup"}); reply.Code != code && verb != PlanStop {
				t.Errorf("%s: %+v", verb, reply)
			}
		}
		if jobs := l.state.Facts.Jobs; jobs["j2"].State != tasks.JobCancelled || jobs["j1"].Cancelling.IsZero() {
			t.Errorf("got %+v", jobs)
		}
	})
}

func TestOnlyTheTaskItselfGetsItsParameters(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	record := l.job(tasks.JobBackup)
	if reply, got := l.ask(JobReport{Ticket: *record.Job, TaskID: record.TaskID, End: success}); reply.Code != 403 || len(got) > 0 {
		t.Errorf("the token of the environment ends a job: %+v, %v", reply, got)
	}
	for _, tt := range []struct {
		name   string
		ticket tasks.JobTicket
		task   string
		code   int
	}{
		{"another token", tasks.JobTicket{ID: "j1", Token: "guess"}, record.TaskID, 403},
		{"no token", tasks.JobTicket{ID: "j1"}, record.TaskID, 403},
		{"another task", *record.Job, "id9", 410},
		{"another job", tasks.JobTicket{ID: "j9", Token: record.Job.Token}, record.TaskID, 410},
	} {
		if reply, got := l.ask(JobCollect{Ticket: tt.ticket, TaskID: tt.task}); reply.Code != tt.code || len(got) > 0 || reply.Job.ID != "" {
			t.Errorf("%s: collect: %+v, %v", tt.name, reply, got)
		}
		if reply, got := l.ask(JobReport{Ticket: tt.ticket, TaskID: tt.task, End: success}); reply.Code != tt.code || len(got) > 0 {
			t.Errorf("%s: report: %+v, %v", tt.name, reply, got)
		}
	}
	if l.state.Facts.Jobs["j1"].Collected {
		t.Error("it counts as collected")
	}
}

// TestAJobOverRestarts: a job that runs goes on; one that waits for keys which are gone has failed; a launch that was stored alone
// counts.
func TestAJobOverRestarts(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.collect()
	l.ask(backupOf("j2", "shop"))
	kept := backupOf("j3", "kept")
	kept.Job.KeysKept = true
	l.ask(kept)
	stored := l.state.Facts
	collected := stored.Jobs["j1"]
	half := stored.Jobs["j1"]
	half.State, half.Collected = tasks.JobQueued, false
	state, _ := Start(stored, target(), "t2", noon, Settings{BackOff: backOff})
	jobs := state.Facts.Jobs
	if jobs["j1"].State != tasks.JobRunning || jobs["j2"].State != tasks.JobFailed || jobs["j3"].State != tasks.JobQueued {
		t.Errorf("got %+v", jobs)
	}
	if !strings.Contains(jobs["j2"].Problem, "memory only") {
		t.Errorf("got %+v", jobs["j2"])
	}
	stored.Jobs["j1"] = half
	if state, _ = Start(stored, target(), "t2", noon, Settings{BackOff: backOff}); state.Facts.Jobs["j1"].State != tasks.JobRunning {
		t.Errorf("a launch that was stored: %+v", state.Facts.Jobs["j1"])
	}
	// Its task goes on talking.
	stored.Jobs["j1"] = collected
	state, _ = Start(stored, target(), "t2", noon, Settings{BackOff: backOff})
	l.state = state
	l.take(Subscribed{FrameworkID: "f1", MasterID: "m1", MasterVersion: "1.11.0"})
	if reply, _ := l.report(success); reply.Code != 200 || l.state.Facts.Jobs["j1"].State != tasks.JobSucceeded {
		t.Errorf("got %+v", reply)
	}
}

func TestAJobWhoseAgentStaysAwayIsGivenUp(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.collect()
	id := l.job(tasks.JobBackup).TaskID
	l.take(bare(update(id, tasks.Unreachable)))
	l.ticks(int(jobLost/time.Second) - 1)
	if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobRunning {
		t.Fatalf("got %+v", job)
	}
	l.ticks(2)
	if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobFailed || !strings.Contains(job.Problem, "host-A5") {
		t.Errorf("got %+v", job)
	}
	// Back after all, it is a stranger.
	if got := l.take(update(id, tasks.Running)); !slices.Contains(got, "kill "+id+" on A"+strings.TrimPrefix(id, "id")) {
		t.Errorf("got %v", got)
	}
}

func TestATaskThatOutlivesItsJobIsEnded(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.collect()
	l.report(success)
	id := l.job(tasks.JobBackup).TaskID
	if got := l.ticks(59); slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "kill") }) {
		t.Errorf("too soon: %v", got)
	}
	if got := l.ticks(2); !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "kill "+id) }) {
		t.Errorf("got %v", got)
	}
}

func TestAPodWithAJobTakesNoOrders(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	for _, verb := range []tasks.Verb{tasks.Restart, tasks.Replace, tasks.Pause} {
		if reply, _ := l.ask(PodOrder{Verb: verb, Pod: "admin-0"}); reply.Code != 409 {
			t.Errorf("%s: %+v", verb, reply)
		}
	}
}

func TestTheHistoryIsBounded(t *testing.T) {
	l := quiet(t, three())
	good := backupOf("good", "rare")
	l.ask(good)
	job := l.state.Facts.Jobs["good"]
	job.State, job.Ended = tasks.JobSucceeded, noon.Add(-time.Hour)
	l.state.Facts.Jobs["good"] = job
	for i := range 2 * jobHistory {
		id := fmt.Sprint("j", i)
		l.now = l.now.Add(time.Second)
		l.ask(backupOf(id, "bank"))
		l.ask(JobCancel{ID: id})
	}
	if _, kept := l.state.Facts.Jobs["good"]; !kept || len(l.state.Facts.Jobs) > jobHistory+1 {
		t.Errorf("%d jobs, the last good backup kept: %t", len(l.state.Facts.Jobs), kept)
	}
}

func TestAScheduleIsSeenFromWhenItIsSet(t *testing.T) {
	stored := three()
	state, effects := Start(stored, target(), "t2", noon, Settings{BackOff: backOff, Schedule: "@daily"})
	same(t, describe(effects), []string{"write schedule"})
	if got := state.Facts.Schedule; got.Cron != "@daily" || !got.Since.Equal(noon) {
		t.Errorf("got %+v", got)
	}
	state, effects = Start(state.Facts, target(), "t2", noon.Add(time.Hour), Settings{BackOff: backOff, Schedule: "@daily"})
	if len(effects) > 0 || !state.Facts.Schedule.Since.Equal(noon) {
		t.Errorf("got %v, %+v", describe(effects), state.Facts.Schedule)
	}
	if state, _ = Start(state.Facts, target(), "t2", noon, Settings{BackOff: backOff}); state.Facts.Schedule.Cron != "" {
		t.Errorf("got %+v", state.Facts.Schedule)
	}
}
