package sim

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ofJobs are what people and the schedule ask for of backups, restores and verifications, and what happens to where they run.
var ofJobs = map[string]operation{
	"job":       {weight: 5, wish: true, do: askJob},
	"due":       {weight: 3, wish: true, do: askDue},
	"cancel":    {weight: 2, wish: true, do: cancelJob},
	"job-plan":  {weight: 2, wish: true, do: jobPlan},
	"job-order": {weight: 1, wish: true, do: jobOrder},
	"job-agent": {weight: 3, do: jobAgent},
	"job-back":  {weight: 2, do: jobBack},
	"job-exit":  {weight: 1, do: jobExit},
	"long":      {weight: 1, do: long},
}

// databases are those that jobs are about.
var databases = []string{"bank", "shop", "logs"}

// kinds are those of jobs, as often as they are asked for.
var kinds = []tasks.JobKind{tasks.JobBackup, tasks.JobBackup, tasks.JobBackup, tasks.JobRestore, tasks.JobRestore, tasks.JobVerify}

// askJob asks for a job, at times for one that was asked for before.
func askJob(l *Life, op Op) (bool, error) {
	kind, database := kinds[op.Arg%len(kinds)], databases[op.Which%len(databases)]
	job := l.NewJob(kind, database)
	job.KeysKept = op.Which%5 < 3
	if kind == tasks.JobRestore && op.Which%2 == 0 {
		job.Params.Into = databases[op.Arg%len(databases)]
	}
	if known := l.Jobs(); op.Force && len(known) > 0 {
		job = l.Job(known[op.Which%len(known)])
	}
	return l.order(string(kind), job)
}

// askDue asks for a scheduled backup: of the time that came last, once more, or of a later one.
func askDue(l *Life, op Op) (bool, error) {
	if op.Arg%3 > 0 {
		l.dues++
	}
	job := l.NewJob(tasks.JobBackup, databases[op.Which%2])
	job.By, job.KeysKept, job.Due = tasks.BySchedule, true, Begin.Add(time.Duration(l.dues)*time.Hour)
	if op.Force {
		job.Due = job.Due.Add(-time.Hour)
	}
	return l.order("scheduled", job)
}

func (l *Life) order(name string, job tasks.Job) (bool, error) {
	reply, answered, err := l.OrderJob(job)
	l.answers(name, codeOf(reply, answered))
	return answered, err
}

// cancelJob cancels a job, mostly one that has not ended.
func cancelJob(l *Life, op Op) (bool, error) {
	if _, err := l.employed(op); err != nil {
		return false, err
	}
	ids := l.open()
	if op.Arg%5 == 0 || len(ids) == 0 {
		ids = l.Jobs()
	}
	if len(ids) == 0 {
		return false, nil
	}
	reply, answered, err := l.CancelJob(ids[op.Which%len(ids)])
	l.answers("cancel", codeOf(reply, answered))
	return answered, err
}

// jobPlan does one of the verbs to a plan of jobs.
func jobPlan(l *Life, op Op) (bool, error) {
	if len(l.state.Plans) < 3 {
		return false, nil
	}
	return l.orderPlan(pick(l.state.Plans[2:], op), op)
}

// jobOrder asks for something of the pod that runs jobs, which is never taken.
func jobOrder(l *Life, op Op) (bool, error) {
	verb := []tasks.Verb{tasks.Restart, tasks.Replace, tasks.Pause, tasks.Resume}[op.Arg%4]
	order := core.PodOrder{Verb: verb, Pod: tasks.AdminInstance.String(), Force: op.Force}
	reply, answered, err := l.Ask(order)
	delete(l.orders.paused, order.Pod)
	l.answers("job-order", codeOf(reply, answered))
	if err == nil && answered && taken(reply) {
		err = &Broken{Invariant: jobsApart.Name, Err: fmt.Errorf("%s of %s is taken", verb, order.Pod)}
	}
	return answered, err
}

// employed is a task of a job that runs. Where no job is under way one is asked for, and its task is waited for a little; nil when
// there is none even then.
func (l *Life) employed(op Op) (*worker, error) {
	if len(l.open()) == 0 {
		if _, err := askJob(l, op); err != nil {
			return nil, err
		}
	}
	if len(l.open()) > 0 && l.anyWorker(op) == nil {
		if _, err := l.Run(func() bool { return l.anyWorker(op) != nil }, 20*time.Second); err != nil {
			return nil, err
		}
		if _, err := l.Run(never, time.Duration(op.Arg%16)*time.Second); err != nil {
			return nil, err
		}
	}
	return l.anyWorker(op), nil
}

func (l *Life) anyWorker(op Op) *worker {
	var all []*worker
	for _, one := range l.jobs.workers {
		if runs, _ := l.Runs(one.id); runs && one.stage != over {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[op.Which%len(all)]
}

// jobAgent takes the agent of a job away: it stops, or its machine is cut off.
func jobAgent(l *Life, op Op) (bool, error) {
	one, err := l.employed(op)
	if one == nil || err != nil || l.AgentDown(one.agent) != nil {
		return false, err
	}
	if op.Arg%3 == 0 {
		l.isolated[one.agent] = true
	}
	return true, nil
}

// jobBack brings back the agent of a job.
func jobBack(l *Life, op Op) (bool, error) {
	one := l.anyWorker(op)
	return one != nil && l.AgentBack(one.agent) == nil, nil
}

// jobExit ends the task of a job before its time.
func jobExit(l *Life, op Op) (bool, error) {
	one, err := l.employed(op)
	return one != nil && err == nil && l.Exit(one.id, op.Arg%2) == nil, err
}

// long lets so much time pass that whoever waits for something gives up.
func long(l *Life, op Op) (bool, error) {
	_, err := l.Run(never, time.Duration(5+op.Arg%20)*time.Minute)
	return true, err
}
