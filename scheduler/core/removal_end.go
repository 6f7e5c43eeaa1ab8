package core

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	// lookFor is how long offers flow on a subscription before the framework is removed: until every agent that has something of
	// ours, known or not, has had the time to offer it.
	lookFor = 15 * time.Second
	// restFor is how long nothing has to change.
	restFor = 5 * time.Second
	// tearAgain is the time between two TEARDOWN calls on one subscription: one may get lost.
	tearAgain = 10 * time.Second
	// cutsCount is how many subscriptions have to end behind a TEARDOWN for the end to be believed without the master's word. It
	// gives that word only while it remembers removed frameworks (--max_completed_frameworks).
	cutsCount = 3
)

// frameworkRemoved is what a master says to a framework that was removed (recorded from Mesos 1.12).
const frameworkRemoved = "Framework has been removed"

// lookUntil is until when something may still be found that is to be given back.
func (s State) lookUntil() time.Time {
	if s.Facts.Removal == nil || !s.Facts.Removal.Teardown.IsZero() {
		return time.Time{}
	}
	return later(s.Link.Since.Add(lookFor), s.Removing.Changed.Add(restFor))
}

// holding are the agents whose offers are waited for, as a key each.
func (f *frame) holding() map[string]bool {
	keys := map[string]bool{}
	if f.Now.Before(f.lookUntil()) {
		keys["look "+f.Link.Since.Format(time.RFC3339Nano)] = true
	}
	for id, left := range f.Facts.Removal.Left {
		if left.Away.IsZero() && left.Open() > 0 {
			keys["remove "+id] = true
		}
	}
	return keys
}

// teardown asks the master to remove the framework once nothing is left to be done, and again until it says that it did. That
// it was asked is stored, and only its answer empties the store: whatever dies in between, no framework is left without an owner.
func (f *frame) teardown() {
	if !f.Link.Connected || !plans.MayDeregister(f.Plans) || f.Now.Sub(f.Removing.Sent) < tearAgain {
		return
	}
	if f.Facts.Removal.Teardown.IsZero() {
		removal := *f.Facts.Removal
		removal.Teardown = f.Now
		f.Facts.Removal = &removal
		f.log(slog.LevelInfo, "asking the master to remove the framework", "framework", f.Facts.FrameworkID)
	}
	f.Removing.Sent = f.Now
	f.send(Teardown{})
}

// cutOff looks at how a subscription ended: a master that removes a framework closes its stream.
func (f *frame) cutOff() {
	if f.Removing.Sent.IsZero() {
		return
	}
	f.Removing.Sent = time.Time{}
	if f.Removing.Cut++; f.Removing.Cut >= cutsCount {
		f.frameworkGone("it closed the stream behind each of several requests")
	}
}

// frameworkGone is the end: the master has no such framework any more.
func (f *frame) frameworkGone(how string) {
	f.log(slog.LevelInfo, "the framework is removed", "framework", f.Facts.FrameworkID, "how", how)
	if f.Facts.Removal.Teardown.IsZero() {
		f.tellLeft()
	}
	f.finishRemoval()
}

// tellLeft names what stays behind because somebody else removed the framework: nobody can give it back under its name.
func (f *frame) tellLeft() {
	for _, id := range slices.Sorted(maps.Keys(f.Facts.Removal.Left)) {
		if left := f.Facts.Removal.Left[id]; left.Open() > 0 {
			service := f.Facts.Target().Service
			f.log(slog.LevelError, "the framework was removed by somebody else before this was given back; free it by hand, see docs/uninstall.md",
				"agent", id, "host", left.Agent.Hostname, "resources", left.Open(), "role", service.Role, "principal", service.Principal)
		}
	}
}

// finishRemoval empties the store and ends the connection to the master. The plan stays to be read, complete.
func (f *frame) finishRemoval() {
	f.Removing.Done = true
	f.Plans = plans.Derive(f.view())
	f.Kills = map[string]KillTry{}
	f.wiped = wipe(f.stored)
	f.Facts = Facts{Journal: f.Facts.Journal, Targets: map[string]tasks.Target{}, Records: map[string]*tasks.Record{},
		Hands: map[string]plans.Hand{}, Jobs: map[string]tasks.Job{}, Vacated: map[string]*Vacated{}}
	f.rest = append(f.rest, Leave{})
	f.log(slog.LevelInfo, "the service is removed and its state is empty; this process only answers from now on and may be ended")
}

// wipeMost is how many keys one write removes; a store's batch has room for some 1500.
const wipeMost = 1000

// wipe is the removal of everything that is stored, in several writes when it is much. What tells a successor that it has to go
// on comes last, and in one piece.
func wipe(stored Facts) []Write {
	all := slices.Clone(stored.Strange)
	if everything := changes(Facts{}, stored); everything != nil {
		all = slices.AppendSeq(all, maps.Keys(everything.Set))
	}
	if len(all) == 0 && stored.Journal.Last == 0 {
		return []Write{}
	}
	// What reads like nothing may be there all the same, and pages of the journal that cannot be read.
	all = append(all, keyCluster, keyDeployed, keyPolicy, keySchedule)
	for page := range journalPages {
		all = append(all, journalKey(page))
	}
	slices.Sort(all)
	var first, last []string
	for _, key := range slices.Compact(all) {
		if key == keyFramework || key == keyTarget || key == keyRemoval || strings.HasPrefix(key, keyTargets) {
			last = append(last, key)
		} else {
			first = append(first, key)
		}
	}
	writes := []Write{}
	for len(first)+len(last) > wipeMost && len(first) > 0 {
		n := min(len(first), wipeMost)
		writes = append(writes, Write{Delete: first[:n]})
		first = first[n:]
	}
	if rest := append(first[:len(first):len(first)], last...); len(rest) > 0 {
		writes = append(writes, Write{Delete: rest})
	}
	return writes
}
