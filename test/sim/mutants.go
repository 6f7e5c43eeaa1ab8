package sim

// Mutant is a build that is broken on purpose: with it the histories must break the invariant that it is made for. An
// invariant that no broken build breaks would show nothing.
type Mutant struct {
	// Name says what the broken build does.
	Name string
	// Package is the folder of what is changed, from the root of the repository: Old, which occurs there once, in whichever
	// file, becomes New.
	Package, Old, New string
	// Invariant is the name of the one that must catch it.
	Invariant string
	// Histories is how many are enough, 400 when it is zero; Environ is what each of them is installed with beside its own.
	Histories int
	Environ   string
	// Quick ones are part of the usual tests.
	Quick bool
}

// Mutants are all broken builds.
var Mutants = []Mutant{
	{Name: "the gate does not look at the other nodes", Invariant: "one-down", Quick: true,
		Package: "plans", Old: "if ok, reason := others(view, task, serving); !ok {", New: "if ok, reason := others(view, task, serving); false && !ok {"},
	{Name: "a replacement passes the gate", Invariant: "one-down", Environ: "DATABASE_PROBES=off",
		Package: "plans", Old: "if ok, reason := others(view, task, true); !ok {", New: "if ok, reason := others(view, task, true); false && !ok {"},
	{Name: "the gate does not wait for what the database says", Invariant: "ask-first",
		Package: "plans", Old: "	}\n	return view.digest.well, view.digest.ill\n}", New: "	}\n	return true, Reason{}\n}"},
	{Name: "a task that came back is left alone", Invariant: "one-task",
		Package: "scheduler/core", Old: `f.kill(e.TaskID, "", e.AgentID)`, New: ``},
	{Name: "a replacement is launched while the old task runs", Invariant: "one-task",
		Package: "plans", Old: "	if !record.GivenUp.IsZero() {\n		if !alive {", New: "	if !record.GivenUp.IsZero() {\n		if true {"},
	{Name: "what a task that ended holds counts as left over", Invariant: "volumes", Quick: true,
		Package: "scheduler/core", Old: "if !record.GivenUp.IsZero() && record.Status.State.Ended() {", New: "if record.Status.State.Ended() {"},
	{Name: "automatic replacement does not wait for its time", Invariant: "volumes",
		Package: "scheduler/core", Old: "f.Now.Sub(later(record.Away, record.Status.Since)) < policy.After", New: "f.Now.Sub(later(record.Away, record.Status.Since)) < 0"},
	{Name: "node 0 may always initialise", Invariant: "init-once", Quick: true,
		Package: "scheduler/core", Old: "record.Init = record.Pod.Index == 0 && ", New: "record.Init = record.Pod.Index == 0 || "},
	{Name: "whatever carries a resource id is ours", Invariant: "foreigners",
		Package: "offers", Old: "(framework == frameworkID || ", New: "(true || framework == frameworkID || "},
	{Name: "strays are not cleaned", Invariant: "leftovers",
		Package: "scheduler/core", Old: "rest = f.clean(rest)", New: ""},
	{Name: "a removal empties the store before the framework is removed", Invariant: "removed", Quick: true,
		Package: "scheduler/core", Old: "	f.send(Teardown{})\n", New: "	f.send(Teardown{})\n	f.finishRemoval()\n"},
	{Name: "a removal forgets what is on agents that are away", Invariant: "removed",
		Package: "plans", Old: "	case !left.Away.IsZero():\n		return Pending,", New: "	case !left.Away.IsZero():\n		return Complete,"},
	{Name: "a removal forgets the places that pods have left", Invariant: "removed", Histories: 10000,
		Package: "scheduler/core", Old: "	f.leaveVacated()\n", New: "	f.Facts.Vacated = nil\n"},
	{Name: "a task that ended is not brought back", Invariant: "end-state", Quick: true,
		Package: "scheduler/core", Old: "\"recoveries\", 1)\n		}\n		record.Recovering = true", New: "\"recoveries\", 1)\n		}"},
	{Name: "a pod that was resumed idles on", Invariant: "end-state",
		Package: "scheduler/core", Old: "record.Paused, record.Idling = old.Paused, old.Paused", New: "record.Paused, record.Idling = old.Paused, old.Paused || old.Idling"},
	{Name: "reconciliation is not waited for", Invariant: "reconcile-first", Quick: true,
		Package: "scheduler/core", Old: "func (r Reconciliation) busy() bool { return len(r.Waiting) > 0 }",
		New: "func (r Reconciliation) busy() bool { return false }"},
	{Name: "calls leave before the write", Invariant: "stored-first",
		Package: "scheduler/core", Old: "list = append(list, Send{Call: call})", New: "list = append([]Effect{Send{Call: call}}, list...)"},
	{Name: "a stop is not stored", Invariant: "stored-first",
		Package: "scheduler/core", Old: "	record.Stopping = f.Now\n	if stop.GiveUp {", New: "	if stop.GiveUp {"},
	{Name: "what is known of the cluster is not stored", Invariant: "stored-first",
		Package: "scheduler/core", Old: "if old.Cluster != now.Cluster {", New: "if false && old.Cluster != now.Cluster {"},
	{Name: "offers that were shut are not opened", Invariant: "open-tap",
		Package: "scheduler/core", Old: "} else if f.Flow.Suppressed || f.Flow.Pending || anyNew(f.Flow.Wanted, now) || f.dry() {",
		New: "} else if !f.Flow.Suppressed && (f.Flow.Pending || anyNew(f.Flow.Wanted, now) || f.dry()) {"},
	{Name: "who has collected a job may collect it again", Invariant: "given-once", Quick: true,
		Package: "scheduler/core", Old: "	case job.Collected:\n		code, message = http.StatusGone", New: "	case false:\n		code, message = http.StatusGone"},
	{Name: "a job that was collected is launched again", Invariant: "given-once",
		Package: "scheduler/core", Old: "	case job.Collected:\n		f.endJob(", New: "	case false:\n		f.endJob("},
	{Name: "two jobs may work on one database", Invariant: "one-worker",
		Package: "scheduler/core", Old: "if other, busy := f.jobOn(job); busy {", New: "if other, busy := f.jobOn(job); false && busy {"},
	{Name: "the end of a task ends its job once more", Invariant: "ended-stays", Quick: true,
		Package: "scheduler/core", Old: "	if !known || job.State.Ended() {\n		return\n	}\n	said :=", New: "	if !known {\n		return\n	}\n	said :="},
	{Name: "a run of the schedule is taken on again", Invariant: "due-once",
		Package: "scheduler/core", Old: "case known, job.By == tasks.BySchedule && taken && !job.Due.After(due):", New: "case known, false && taken && !job.Due.After(due):"},
	{Name: "what was taken on for the schedule is not stored", Invariant: "stored-first",
		Package: "scheduler/core", Old: "write.Set[keySchedule] = encode(now.Schedule)", New: ""},
	{Name: "a task whose job has ended may stay", Invariant: "jobs-end",
		Package: "scheduler/core", Old: "case over && record.Status.State.Alive() &&", New: "case false && record.Status.State.Alive() &&"},
	{Name: "keys that are kept count as gone", Invariant: "jobs-end",
		Package: "scheduler/core", Old: "if job.State == tasks.JobQueued && !job.KeysKept {", New: "if job.State == tasks.JobQueued {"},
	{Name: "nodes are launched in the new mode while one of the old runs", Invariant: "one-mode",
		Package: "plans", Old: "	if v.crosses(record) && record.Status.State.Alive() {\n		return false\n	}\n	return v.ended(record) || v.conceded(record)\n",
		New: "	return true\n"},
	{Name: "a node that shows a new certificate counts as trusting what came with it", Invariant: "believed", Histories: 2000,
		Package: "scheduler/core", Old: "e.Key == given.Key && e.Serial == given.Serial && slices.Equal(e.Trust, given.Trust)",
		New: "e.Key == given.Key && e.Serial == given.Serial && slices.Equal(e.Trust, e.Trust)"},
	{Name: "it is everybody's turn", Invariant: "one-turn",
		Package: "scheduler/core", Old: "Renew: s.Rotation.TaskID == e.TaskID}, true", New: "Renew: s.Rotation.TaskID != \"\"}, true"},
	{Name: "a token may be used with another key", Invariant: "one-key",
		Package: "scheduler/core", Old: "	case own.Key != \"\" && own.Key != e.requester():", New: "	case false && own.Key != e.requester():"},
	{Name: "the wish for new certificates is forgotten", Invariant: "rotated",
		Package: "plans", Old: "return !cert.Issued.Before(c.Renew) && (", New: "return ("},
	{Name: "nodes are launched before there is an authority", Invariant: "enrolled",
		Package: "plans", Old: "	if !v.Certificates.Unsigned[targetID] {", New: "	if true || !v.Certificates.Unsigned[targetID] {"},
	{Name: "the task of a job that is stopped is recovery's", Invariant: "jobs-apart",
		Package: "plans", Old: "		return false // a job is never brought back, its plan knows what becomes of it", New: "		return record.Stopped()"},
}
