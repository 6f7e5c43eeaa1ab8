package sim

import (
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Invariant is something that holds in every history, whatever comes.
type Invariant struct {
	// Name is one word; a broken build that breaks it must be caught under this name.
	Name string
	// Says is the sentence.
	Says string
	// begin gives the check of one history: it may remember what it saw.
	begin func() check
}

// check looks at one moment of a history and says what is wrong with it.
type check func(w *World, at Moment) error

// Invariants are all of them, each in a file of its own. The letters are those of the issue.
var Invariants = []Invariant{
	oneDown,        // (a)
	oneTask,        // (b)
	volumes,        // (c)
	initOnce,       // (d)
	foreigners,     // (e)
	leftovers,      // (f)
	removed,        // (c, e, f) of the issue about the package
	endState,       // (g)
	reconcileFirst, // (h)
	askFirst,
	storedFirst,
	openTap,
	givenOnce,
	oneWorker,
	endedStays,
	dueOnce,
	jobsEnd,
	jobsApart,
	oneMode, // of the issue about certificates, as the rest
	believed,
	oneTurn,
	oneKey,
	rotated,
	enrolled,
}

// Moment is when a check looks: one of the types in this file.
type Moment interface{ moment() }

// Stored is a record that was written. Before or After are nil when there was or is none.
type Stored struct{ Before, After *tasks.Record }

// JobStored is a job that was written. Before or After are nil when there was or is none.
type JobStored struct {
	ID            string
	Before, After *tasks.Job
}

// Answered is an answer that left the core. Whoever asked may not have heard it.
type Answered struct {
	Event core.Asking
	Reply core.Reply
}

// Leaving is a call that is about to leave.
type Leaving struct{ Call core.Call }

// Coming is an event that is about to be taken in.
type Coming struct{ Event core.Event }

// Framed is the end of a frame, all of its effects carried out.
type Framed struct{}

// Turned is the end of all frames of one moment in time.
type Turned struct{}

// Settled is the end of a history: trouble is over since long, and Wish is the last wish.
type Settled struct{ Wish Wish }

// Uninstalled is the end of a history whose last wish is that the service is removed.
type Uninstalled struct{}

func (Stored) moment()      {}
func (JobStored) moment()   {}
func (Answered) moment()    {}
func (Leaving) moment()     {}
func (Coming) moment()      {}
func (Framed) moment()      {}
func (Turned) moment()      {}
func (Settled) moment()     {}
func (Uninstalled) moment() {}

// Broken is a broken invariant.
type Broken struct {
	// Invariant is its name; storm, exit, refused and panic are names too, of what no history may come to.
	Invariant string
	Err       error
}

func (b *Broken) Error() string { return "invariant " + b.Invariant + ": " + b.Err.Error() }

// Unwrap is what exactly is wrong.
func (b *Broken) Unwrap() error { return b.Err }

func broken(name, format string, args ...any) error {
	return &Broken{Invariant: name, Err: fmt.Errorf(format, args...)}
}

// nameOf is the name of the invariant that an error tells of.
func nameOf(err error) string {
	var b *Broken
	if errors.As(err, &b) {
		return b.Invariant
	}
	return "other"
}

// observe has all checks look.
func (w *World) observe(at Moment) error {
	for i, look := range w.checks {
		if err := look(w, at); err != nil {
			return &Broken{Invariant: Invariants[i].Name, Err: err}
		}
	}
	return nil
}
