package core

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Reconciliation is the explicit reconciliation after a subscription: nothing is launched before each task that may be
// alive was answered for.
type Reconciliation struct {
	// Waiting are the task ids without an answer, with their tasks' names.
	Waiting map[string]string
	// Next is when the rest is asked for again, Wait the delay after that.
	Next time.Time
	Wait time.Duration
	// Implicit is when all tasks that the master knows are asked for next, Stale when launches without any sign of
	// life are.
	Implicit time.Time
	Stale    time.Time
}

// Delays of reconciliation, the SDK's: the first answer is waited for 8 s, then twice as long up to 30 s. An agent
// that is not back after a master's restart gets no answer at all, so asking goes on.
const (
	firstWait      = 8 * time.Second
	longestWait    = 30 * time.Second
	implicitPeriod = time.Hour
	stalePeriod    = time.Minute
)

func (r Reconciliation) busy() bool { return len(r.Waiting) > 0 }

// namesShown is how many tasks a reason names; of a thousand it would fill a page, in every step.
const namesShown = 5

func (r Reconciliation) reason() string {
	names := make([]string, 0, namesShown+1)
	for _, name := range r.Waiting {
		at, _ := slices.BinarySearch(names, name)
		if at < namesShown {
			names = slices.Insert(names, at, name)[:min(len(names)+1, namesShown)]
		}
	}
	more := ""
	if rest := len(r.Waiting) - len(names); rest > 0 {
		more = fmt.Sprintf(" and %d more", rest)
	}
	return fmt.Sprintf("reconciliation: no answer yet for %v%s (an agent that is away is not answered for)", names, more)
}

func (f *frame) beginReconcile() {
	f.Reconcile = Reconciliation{Waiting: map[string]string{}, Next: f.Now.Add(firstWait), Wait: firstWait,
		Implicit: f.Now.Add(implicitPeriod), Stale: f.Now.Add(stalePeriod)}
	for name, record := range f.Facts.Records {
		if record.TaskID != "" && !record.Status.State.Ended() {
			f.Reconcile.Waiting[record.TaskID] = name
		}
		for _, former := range record.Former {
			f.Reconcile.Waiting[former.TaskID] = name
		}
	}
	if f.Reconcile.busy() {
		f.ask()
		return
	}
	f.send(Reconcile{})
}

// ask sends what has no answer yet.
func (f *frame) ask() {
	call := Reconcile{}
	for _, name := range slices.Compact(sortedValues(f.Reconcile.Waiting)) {
		record := f.Facts.Records[name]
		if record == nil {
			continue
		}
		for _, former := range append([]tasks.Former{{TaskID: record.TaskID, AgentID: record.Agent.ID}}, record.Former...) {
			if _, waits := f.Reconcile.Waiting[former.TaskID]; waits {
				call.Tasks = append(call.Tasks, TaskOnAgent{TaskID: former.TaskID, AgentID: former.AgentID})
			}
		}
	}
	f.send(call)
}

// answered takes a task off the list; the last one ends reconciliation.
func (f *frame) answered(taskID string) {
	if _, ok := f.Reconcile.Waiting[taskID]; !ok {
		return
	}
	delete(f.Reconcile.Waiting, taskID)
	if !f.Reconcile.busy() {
		f.log(slog.LevelInfo, "reconciled", "tasks", len(f.Facts.Records))
		f.send(Reconcile{})
	}
}

// askAgain repeats what was not answered, and asks for everything once an hour.
func (f *frame) askAgain() {
	if !f.Link.Connected {
		return
	}
	if f.Reconcile.busy() && !f.Now.Before(f.Reconcile.Next) {
		f.Reconcile.Wait = min(2*f.Reconcile.Wait, longestWait)
		f.Reconcile.Next = f.Now.Add(f.Reconcile.Wait)
		f.ask()
	}
	if !f.Reconcile.Implicit.IsZero() && !f.Now.Before(f.Reconcile.Implicit) {
		f.Reconcile.Implicit = f.Now.Add(implicitPeriod)
		f.send(Reconcile{})
		// An agent may have come back with what was left on it while offers were suppressed.
		f.sweep()
	}
	f.askStale()
}

// askStale asks for tasks whose state should not last: a launch that nothing was heard of (the message to the agent may be
// lost), and one that is called unreachable (the master says so of any task id on such an agent, also of one that was
// never launched, and when the agent is back without it nobody tells).
func (f *frame) askStale() {
	if f.Reconcile.Stale.IsZero() || f.Now.Before(f.Reconcile.Stale) {
		return
	}
	f.Reconcile.Stale = f.Now.Add(stalePeriod)
	call := Reconcile{}
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := f.Facts.Records[name]
		if (stale(record.Status.State) || f.homeless(record)) && f.Now.Sub(record.Status.Since) >= stalePeriod {
			call.Tasks = append(call.Tasks, TaskOnAgent{TaskID: record.TaskID, AgentID: record.Agent.ID})
		}
	}
	if len(call.Tasks) > 0 {
		f.send(call)
	}
}

// homeless says that a task has ended and its agent does not offer what the pod holds. What the master says of the task is news
// of the agent then.
func (f *frame) homeless(record *tasks.Record) bool {
	_, looked := f.Looks[record.Task]
	return record.Status.State.Ended() && record.GivenUp.IsZero() && record.Agent.ID != "" && !looked
}

func stale(state tasks.State) bool {
	return state == tasks.Staging || state == tasks.Starting || state == tasks.Unreachable
}

func sortedValues(m map[string]string) []string {
	values := make([]string, 0, len(m))
	for _, value := range m {
		values = append(values, value)
	}
	slices.Sort(values)
	return values
}
