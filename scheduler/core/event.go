package core

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Event is one thing that happened, in our own words.
type Event interface{ event() }

// Subscribed says that the master took us in.
type Subscribed struct {
	FrameworkID string
	// MasterVersion is the master's version, empty when it did not say.
	MasterVersion string
	// MasterID changes with each leading master.
	MasterID string
	// Region and Zone are the master's own fault domain, empty on clusters without.
	Region string
	Zone   string
}

// Disconnected says that the stream ended; the shell is connecting again.
type Disconnected struct{ Reason string }

// Offered brings everything of one OFFERS event, already merged by agent.
type Offered struct{ Offers []offers.Offer }

// Rescinded takes an offer back. Offers live for one frame, so it is only counted.
type Rescinded struct{ OfferID string }

// Updated is a status update.
type Updated struct {
	TaskID  string
	AgentID string
	Status  tasks.Status
	// UUID is empty for updates that must not be acknowledged (all those that the master makes itself).
	UUID []byte
}

// AgentFailed says that an agent is gone, or that an executor ended when ExecutorID is set.
type AgentFailed struct {
	AgentID    string
	ExecutorID string
	Status     int32
}

// MasterError is an ERROR event: the master will not have us any more.
type MasterError struct{ Message string }

// Namesake says that we come without a framework id while the master runs tasks of a framework of our name.
type Namesake struct {
	FrameworkID string
	Tasks       int
}

// Tick is time passing, about once a second.
type Tick struct{}

// ClusterReport is what a node tells of the cluster that it belongs to. Request names the waiting caller.
type ClusterReport struct {
	TaskID    string
	ClusterID string
	// DeadNodes are numbers of the record's DeadNodes that the database has taken out.
	DeadNodes []int
	Request   uint64
}

// PodOrder is a person's wish for a pod.
type PodOrder struct {
	Verb tasks.Verb
	// Pod is the instance's name; Tasks, short or full names, narrow a pause or resume down, none means all.
	Pod   string
	Tasks []string
	// Force passes the gate.
	Force   bool
	Request uint64
}

// PlanVerb is what can be done to a plan by hand.
type PlanVerb string

// Verbs for plans, by the names of the SDK's API.
const (
	PlanStart         PlanVerb = "start"
	PlanStop          PlanVerb = "stop"
	PlanContinue      PlanVerb = "continue"
	PlanInterrupt     PlanVerb = "interrupt"
	PlanRestart       PlanVerb = "restart"
	PlanForceComplete PlanVerb = "forceComplete"
)

// PlanOrder is a person's wish for a plan, a phase or a step of it. Phase and Step are names or ids, empty for the whole.
type PlanOrder struct {
	Verb    PlanVerb
	Plan    string
	Phase   string
	Step    string
	Params  map[string]string
	Request uint64
}

// DatabaseSeen is what the nodes say of the database, asked over HTTP by the shell.
type DatabaseSeen struct{ Nodes []plans.NodeView }

// Announced is the master's word that agents will be away (inverse offers of Mesos' maintenance).
type Announced struct{ Absences []Absence }

// Absence is the announced absence of one agent. Duration zero means for ever.
type Absence struct {
	OfferID  string
	AgentID  string
	Start    time.Time
	Duration time.Duration
	// Seen is when the master last told of it, Agreed that we let it happen; both are the core's own.
	Seen   time.Time
	Agreed bool
}

// Withdrawn takes the announcement of one absence back.
type Withdrawn struct{ OfferID string }

// JobOrder asks for a backup, a restore or a verification. The job comes with its id, kind, parameters and asker; the rest of it
// is the core's. The shell holds the keys for it under the id before it asks. Answers: 200 taken, 208 that scheduled run was taken
// before, 409 another job works on that database, 503 nothing is deployed yet.
type JobOrder struct {
	Job     tasks.Job
	Request uint64
}

// JobCancel asks for a job's end. Answers: 200 noted or done, 208 it has ended, 404 no such job.
type JobCancel struct {
	ID      string
	Request uint64
}

// JobCollect is a task that wants its parameters and keys. Answers: 200 with the job, once for a launch; 403 not the token; 410 it
// was collected before, was cancelled, or is no longer known.
type JobCollect struct {
	Ticket  tasks.JobTicket
	TaskID  string
	Request uint64
}

// JobWithoutKeys says that a job was collected and that its keys are gone: nobody can carry it out.
type JobWithoutKeys struct{ ID string }

// JobReport is how far a task is, or how it ended when End is set. Answers: 200 taken, 403 not the token, 410 the job ended
// otherwise: whoever reports has to stop.
type JobReport struct {
	// Ticket carries the token that came with the parameters.
	Ticket   tasks.JobTicket
	TaskID   string
	Progress *tasks.JobProgress
	End      *tasks.JobEnd
	Request  uint64
}

// Input is one event with everything that a pure function may not fetch itself.
type Input struct {
	Now   time.Time
	Seed  [16]byte
	Event Event
}

// Asking is an event with somebody waiting for the Reply to it.
type Asking interface {
	Event
	// For is the event with the number that the Reply will carry.
	For(request uint64) Event
}

// For numbers the request.
func (e ClusterReport) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e PodOrder) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e PlanOrder) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e JobOrder) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e JobCancel) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e JobCollect) For(request uint64) Event { e.Request = request; return e }

// For numbers the request.
func (e JobReport) For(request uint64) Event { e.Request = request; return e }

func (Subscribed) event()     {}
func (Disconnected) event()   {}
func (Offered) event()        {}
func (Rescinded) event()      {}
func (Updated) event()        {}
func (AgentFailed) event()    {}
func (MasterError) event()    {}
func (Namesake) event()       {}
func (Tick) event()           {}
func (ClusterReport) event()  {}
func (PodOrder) event()       {}
func (PlanOrder) event()      {}
func (DatabaseSeen) event()   {}
func (Announced) event()      {}
func (Withdrawn) event()      {}
func (JobOrder) event()       {}
func (JobCancel) event()      {}
func (JobCollect) event()     {}
func (JobReport) event()      {}
func (JobWithoutKeys) event() {}
