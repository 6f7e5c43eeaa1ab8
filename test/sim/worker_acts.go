package sim

import (
	"fmt"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// act is what a worker does now.
func (w *World) act(one *worker) error {
	switch one.stage {
	case collecting:
		if one.fate == diesEarly && w.jobs.random.IntN(2) == 0 {
			return w.leave(one, 1)
		}
		return w.collects(one)
	case working:
		if one.fate == diesLate && !w.Now().Before(one.done) {
			return w.leave(one, 137)
		}
		return w.reports(one)
	case ending:
		return w.ends(one)
	case leaving:
		code := 0
		if one.end.State != tasks.JobSucceeded {
			code = tasks.ExitJobFailed
		}
		return w.leave(one, code)
	}
	return nil
}

// leave ends the worker's command.
func (w *World) leave(one *worker, code int) error {
	one.stage, one.next = over, time.Time{}
	if err := w.Exit(one.id, code); err != nil {
		return fmt.Errorf("end the task of a job: %w", err)
	}
	return nil
}

// again has a worker that was not heard try once more, or give up.
func (w *World) again(one *worker) error {
	if w.Now().Sub(one.since) > asksFor {
		return w.leave(one, tasks.ExitJobFailed)
	}
	one.next = w.Now().Add(time.Second + w.within(9*time.Second))
	return nil
}

// cutOff says that a worker cannot reach the scheduler.
func (w *World) cutOff(one *worker) bool { return w.isolated[one.agent] }

// unheard says that an answer gets lost on its way to the worker.
func (w *World) unheard() bool { return !w.jobs.calm && w.jobs.random.IntN(8) == 0 }

func (w *World) collects(one *worker) error {
	if w.cutOff(one) {
		return w.again(one)
	}
	job, code, err := w.collect(one.ticket, one.id)
	if err != nil {
		return err
	}
	w.answers("collect", code)
	switch {
	case code == 0 || w.unheard():
		return w.again(one)
	case code != http.StatusOK:
		return w.leave(one, tasks.ExitJobFailed)
	}
	one.job = job
	w.turnTo(one, working, time.Second+w.within(20*time.Second))
	most := []time.Duration{time.Second, 30 * time.Second, 3 * time.Minute, 25 * time.Minute}[w.jobs.random.IntN(4)]
	one.done = w.Now().Add(w.within(most))
	if w.jobs.calm {
		one.done = w.Now().Add(w.jobs.lasts)
	}
	return nil
}

// reports tells how far the worker is, when it is not done.
func (w *World) reports(one *worker) error {
	if !w.Now().Before(one.done) {
		w.turnTo(one, ending, 0)
		return w.ends(one)
	}
	one.next = w.Now().Add(5*time.Second + w.within(40*time.Second))
	if one.done.Before(one.next) {
		one.next = one.done
	}
	if !one.next.After(w.Now()) {
		one.next = w.Now().Add(time.Millisecond)
	}
	code, err := w.report(one, core.JobReport{Progress: &tasks.JobProgress{Doing: "dumping", Rows: 7}})
	if err != nil {
		return err
	}
	if code == http.StatusGone || code == http.StatusForbidden {
		one.end = tasks.JobEnd{State: tasks.JobCancelled, Problem: "the scheduler does not want this job to go on"}
		w.turnTo(one, ending, time.Millisecond)
	}
	return nil
}

// ends tells how the worker ended.
func (w *World) ends(one *worker) error {
	end := one.end
	code, err := w.report(one, core.JobReport{End: &end})
	switch {
	case err != nil:
		return err
	case code == 0:
		return w.again(one)
	}
	w.turnTo(one, leaving, w.within(2*time.Second)+time.Millisecond)
	if one.fate == stays {
		one.next = time.Time{}
	}
	return nil
}

// report is a report and what the worker hears of the answer, zero for nothing.
func (w *World) report(one *worker, event core.JobReport) (int, error) {
	if w.cutOff(one) {
		return 0, nil
	}
	event.Ticket, event.TaskID = one.ticket, one.id
	reply, answered, err := w.Ask(event)
	what := "progress"
	if event.End != nil {
		what = "end " + string(event.End.State)
	}
	w.answers(what, codeOf(reply, answered))
	if err != nil || !answered || w.unheard() {
		return 0, err
	}
	if event.End != nil {
		delete(w.keys, one.ticket.ID)
	}
	return reply.Code, nil
}

// answers counts what workers are answered.
func (w *World) answers(what string, code int) {
	text := fmt.Sprint(what, " ", code)
	if code == 0 {
		text = what + " none"
	}
	increase(&w.figures.Answers, text, 1)
}
