package core

import (
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// State is everything the scheduler knows. A frame makes a new one; a value that was handed out never changes, so
// that the API and the metrics may read it without a lock.
type State struct {
	// Facts are what is stored.
	Facts Facts
	// Faults are why the newest target was refused, in the words of tasks.Fault.
	Faults []tasks.Fault
	// Settings are how the core is to behave; they come from the environment and take no part in the target.
	Settings Settings

	// The rest is memory of this process and is found again after a restart.
	Now       time.Time
	Link      Link
	Reconcile Reconciliation
	Flow      Flow
	// Delays by task, Looks (what the last offers lacked) by task, Kills by task id.
	Delays map[string]plans.Delay
	Looks  map[string]Look
	Kills  map[string]KillTry
	// Recovered are the tasks that the recovery plan has brought back.
	Recovered []string
	// Plans are derived at the end of each frame.
	Plans    []plans.Plan
	order    []string // of the records, see plans.View
	Counters Counters
	// Database is the nodes' own word on the database.
	Database plans.Database
	// Fits says when an offer was last seen on which a task that is to move would fit.
	Fits map[string]time.Time
	// Absences are those that the master announced, by agent.
	Absences map[string]Absence
	// Progress is what running jobs said last, by job id.
	Progress map[string]tasks.JobProgress
	// Rotation is the node whose turn it is to get a new certificate, with those that are late. Unserved is what nodes said last of
	// why they do not serve what they were given, by task.
	Rotation plans.Turn
	Unserved map[string]string
	// Denials are the last requests for certificates that were refused, by task.
	Denials map[string]Denial
	// Removing is how far this process has come with the removal of the service.
	Removing Removing
}

// Facts are what cannot be derived, and therefore stored.
type Facts struct {
	FrameworkID string
	// TargetID is the target in force; Targets holds it and the older ones that records still run under.
	TargetID string
	Targets  map[string]tasks.Target
	// Records by full task name. A record that was put here is never changed, only replaced.
	Records map[string]*tasks.Record
	Cluster Cluster
	// Deployed says that the deploy plan was complete once.
	Deployed bool
	// Hands are what people did to plans, by plan.
	Hands map[string]plans.Hand
	// Policy is what automatic replacement must remember.
	Policy PolicyFacts
	// Jobs are backups, restores and verifications by id: those under way, and a bounded history.
	Jobs map[string]tasks.Job
	// Schedule is what scheduled backups must remember.
	Schedule ScheduleFacts
	// Security is what is known of authorities and certificates.
	Security Security
	// Inherited is what a takeover of an older installation left for later.
	Inherited Inherited
	// FullStop is a stop of all nodes that has begun and is not over, nil while there is none.
	FullStop *FullStop
	// Vacated is what records held on agents where they hold nothing any more, by agent id.
	Vacated map[string]*Vacated
	// Journal is what happened. It takes part in a write, and never causes one.
	Journal Journal
	// Removal is what is left to be done of the removal of the service, nil while it is to stay.
	Removal *plans.Removal
	// Strange are keys of the store that this version does not know. They go with a removal only.
	Strange []string
}

// ScheduleFacts are what scheduled backups must remember across processes.
type ScheduleFacts struct {
	// Cron is the schedule that they hold for, Since when it was first seen: nothing was missed before.
	Cron  string    `json:"cron,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Last is the time of the schedule for which each database's last backup was taken on.
	Last map[string]time.Time `json:"last,omitempty"`
}

// PolicyFacts are what automatic replacement must remember across processes.
type PolicyFacts struct {
	// Replaced is when a pod was last given up by policy.
	Replaced time.Time `json:"replaced,omitzero"`
}

// Cluster is what is known of the database's cluster.
type Cluster struct {
	// Initialised is the fact that no second `cockroach init` may follow (design section 5).
	Initialised bool `json:"initialised"`
	// InitOn is the volume on which node 0 ran with the right to initialise. On another volume it may have that right again
	// only while no other node was launched.
	InitOn string `json:"init_on,omitempty"`
	// ID is the cluster's id, as the first node in it reported it.
	ID string `json:"id,omitempty"`
}

// Target is the target in force.
func (f Facts) Target() tasks.Target { return f.Targets[f.TargetID] }

// Link is the connection to the master.
type Link struct {
	Connected bool
	// Since is when it came up or went down; Reason is why it is down.
	Since         time.Time
	Reason        string
	MasterID      string
	MasterVersion string
	// Region is the master's own, empty on clusters without fault domains.
	Region string
	// Refined says that the master speaks refined reservations (Mesos 1.4 and later).
	Refined bool
	// Alone says that its agents cannot run our task groups (Mesos before 1.3): tasks are launched alone, and nobody there
	// runs readiness checks.
	Alone bool
}

// Look is what came of the last offers that a task was tried on.
type Look struct {
	// Since is when the first of them came in, At when the last did.
	Since time.Time
	At    time.Time
	// Latest is the newest refusal of each agent.
	Latest map[string]Refused
	// Explanation folds them, Text is the explanation in words.
	Explanation offers.Explanation
	Text        string
}

// Refused is a refusal with its time: an agent that has not been offered for a while has left, or is in use.
type Refused struct {
	offers.Refusal
	At time.Time
}

// KillTry is a kill that was asked for and not yet answered.
type KillTry struct {
	Task    string
	AgentID string
	// First is when it was first asked for, Last when it was last sent.
	First time.Time
	Last  time.Time
}

// BackOff is the delay between launches of a task that fails: First after the first failure, then longer by Factor up
// to Most.
type BackOff struct {
	First  time.Duration
	Factor float64
	Most   time.Duration
}

// next gives the state that a frame may change: maps are copied, the values in them are replaced, never changed.
func (s State) next() State {
	s.Facts.Records = maps.Clone(s.Facts.Records)
	s.Facts.Targets = maps.Clone(s.Facts.Targets)
	s.Facts.Hands = maps.Clone(s.Facts.Hands)
	s.Facts.Jobs = maps.Clone(s.Facts.Jobs)
	s.Facts.Vacated = fresh(maps.Clone(s.Facts.Vacated))
	s.Progress = maps.Clone(s.Progress)
	if s.Facts.Removal != nil {
		removal := *s.Facts.Removal
		removal.Left = fresh(maps.Clone(removal.Left))
		s.Facts.Removal = &removal
	}
	s.Unserved = maps.Clone(s.Unserved)
	s.Denials = maps.Clone(s.Denials)
	s.Absences = maps.Clone(s.Absences)
	s.Database = maps.Clone(s.Database)
	s.Fits = maps.Clone(s.Fits)
	s.Delays = maps.Clone(s.Delays)
	s.Looks = maps.Clone(s.Looks)
	s.Kills = maps.Clone(s.Kills)
	s.Reconcile.Waiting = maps.Clone(s.Reconcile.Waiting)
	s.Flow.Wanted = maps.Clone(s.Flow.Wanted)
	s.Recovered = slices.Clone(s.Recovered)
	s.Counters = s.Counters.clone()
	return s
}

// view is what plans are derived from.
func (s State) view() plans.View {
	leftovers := map[string]string{}
	for id, try := range s.Kills {
		if record := s.Facts.Records[tasks.TaskOf(id)]; record == nil || record.TaskID != id {
			leftovers[tasks.TaskOf(id)] = try.AgentID
		}
	}
	unheard := map[string]bool{}
	for name, record := range s.Facts.Records {
		if record.Asked != nil && record.Asked.By == tasks.ByMaintenance {
			_, heard := s.Absences[record.Agent.ID]
			unheard[name] = !heard
		}
	}
	view := plans.View{Leftovers: leftovers, Unheard: unheard, Last: s.Plans, Order: s.order, Empty: !s.Facts.Cluster.Initialised,

		Targets: s.Facts.Targets, FullStop: s.fullStopBegun(),
		Now: s.Now, Target: s.Facts.Target(), Records: s.Facts.Records, Delays: s.Delays, Recovered: s.Recovered,
		Looks: map[string]string{}, Master: s.notReady(), Hands: s.Facts.Hands, Database: s.Database, Probes: s.Settings.Probes, Fits: s.Fits,
		Jobs: s.Facts.Jobs, Certificates: s.certificates(), Uninstall: s.Settings.Uninstall, Removal: s.Facts.Removal, Removed: s.Removing.Done, LookUntil: s.lookUntil(),
	}
	for _, fault := range s.Faults {
		view.Faults = append(view.Faults, faultLine(s.Facts.Target(), fault))
	}
	for task, look := range s.Looks {
		view.Looks[task] = look.Text
	}
	return view
}

// notReady says why nothing may be launched at all, empty when it may.
func (s State) notReady() string {
	switch {
	case !s.Link.Connected && s.Link.Reason != "":
		return "not connected, " + s.Link.Reason
	case !s.Link.Connected:
		return "not connected yet"
	case s.Reconcile.busy():
		return s.Reconcile.reason()
	}
	return ""
}
