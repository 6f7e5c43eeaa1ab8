package sim

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// Begin is when every history begins.
var Begin = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// World is a scheduler process that may die at any moment, its store, and a virtual Mesos.
type World struct {
	*virtual.Cluster
	// Target is what the environment of the next process asks for, Settings how it is to behave.
	Target   tasks.Target
	Settings core.Settings
	// Store is what is stored: it outlives the process.
	Store map[string][]byte
	// Crash says whether the process dies before an effect; nil means never.
	Crash func(effect core.Effect) bool
	// Lose says whether a call gets lost on its way to the master; nil means never. What scheduler/run does about a call
	// that failed is done here: the offers of a lost ACCEPT are declined, and a DECLINE is sent until it arrives.
	Lose func(call core.Call) bool
	// Arrive says how often an update arrives: 0 means that it gets lost on its way; nil means once.
	Arrive func(core.Updated) int
	// Slow is until when events are held back on their way from the master.
	Slow time.Time
	// Down is until when no process is started after the last one died.
	Down time.Time
	// StoreLost says that records were lost behind the scheduler's back, so that it may not know a task that runs.
	StoreLost bool
	// Calls are the calls that left, in order.
	Calls []core.Call
	// Writes counts the writes of all processes.
	Writes int
	// Thorough has a new process read all that is stored, as bytes, and holds each write against the state that it stands
	// for. Else a new process gets what the last write stood for, without the journal, which nothing is decided by: reading
	// takes half of the time.
	Thorough bool
	// Database is what the nodes would say of themselves.
	Database Database

	process
	fates
	orders orders
	// modes are the nodes that were launched, by task id, and whether with TLS. Conceded says that a person has completed a step of
	// the deploy plan by force.
	modes    map[string]bool
	conceded bool
	jobs     jobs
	tls      tls
	checks   []check
	figures  Figures
	trace    trace
}

// New makes a world with these agents; nothing runs yet.
func New(options model.Options, agents []model.AgentSpec, environ ...string) *World {
	w := &World{Thorough: true, Cluster: virtual.New(Begin, options, agents...), Store: map[string][]byte{}, Database: newDatabase(uint64(options.Seed)), fates: newFates(), jobs: newJobs(uint64(options.Seed)), tls: newTLS(uint64(options.Seed)), modes: map[string]bool{}}
	w.Environ(environ...)
	w.Cluster.ScriptFor(secures, unserving(virtual.Script{}))
	w.Cluster.ScriptFor(idles, asIdle)
	for _, invariant := range Invariants {
		w.checks = append(w.checks, invariant.begin())
	}
	return w
}

// Environ makes the next process start with other settings.
func (w *World) Environ(environ ...string) {
	settings := parse(strings.Join(environ, "\n"))
	w.Target, w.Settings = settings.target, settings.core
}

// parsed are settings by their environment: histories have few different ones, and reading them takes its time.
var parsed sync.Map

type readSettings struct {
	target tasks.Target
	core   core.Settings
}

func parse(environ string) readSettings {
	if known, is := parsed.Load(environ); is {
		return known.(readSettings)
	}
	result := config.Parse(append([]string{"PORT_API=8080", "API_ADVERTISE=scheduler:8080", "MESOS_MASTER=http://master:5050",
		"DATABASE_PROBES=off"}, strings.Split(environ, "\n")...), Begin)
	if len(result.Faults) > 0 {
		panic(fmt.Sprintf("the environment has faults: %v", result.Faults))
	}
	settings := readSettings{result.Settings.Target(), result.Settings.Core()}
	parsed.Store(environ, settings)
	return settings
}

// State is the core's state.
func (w *World) State() core.State { return w.state }

// Figures are how much has happened.
func (w *World) Figures() Figures { return w.figures }

// Run lives until done says so or the time is over, and says which. It returns the first broken invariant.
func (w *World) Run(done func() bool, most time.Duration) (bool, error) {
	var broken error
	over, end := false, w.Now().Add(most)
	for {
		// The tasks of jobs act by themselves, at times of their own.
		until := end
		if wake := w.wake(); !wake.IsZero() && wake.Before(end) {
			until = wake
		}
		early := false
		w.RunUntil(func() bool {
			if broken = w.turn(); broken != nil {
				return true
			}
			over = done()
			wake := w.wake()
			early = !wake.IsZero() && wake.Before(until)
			return over || early
		}, until.Sub(w.Now()))
		if over || broken != nil || !early && !until.Before(end) {
			return over && broken == nil, broken
		}
	}
}

// Deployed says that the deploy plan is complete.
func (w *World) Deployed() bool {
	return w.alive && len(w.state.Plans) > 0 && w.state.Plans[0].Status == plans.Complete
}

// Healthy says that nothing is left to deploy or recover, and that all nodes are ready. Jobs do not count.
func (w *World) Healthy() bool {
	if !w.alive || w.state.Reconcile.Waiting == nil || len(w.state.Reconcile.Waiting) > 0 {
		return false
	}
	for _, plan := range w.state.Plans {
		if plan.Status != plans.Complete && !plans.IsJobs(plan.Name) && !awaitsWord(plan) {
			return false
		}
	}
	for _, record := range w.state.Facts.Records {
		if !record.Ready() && record.Job == nil {
			return false
		}
	}
	return true
}

// Describe tells where everything stands, for failing tests.
func (w *World) Describe() string {
	var text strings.Builder
	fmt.Fprintf(&text, "at %s, process alive: %v, connected: %v, suppressed: %v\n", w.Now().Sub(Begin), w.alive, w.state.Link.Connected, w.state.Flow.Suppressed)
	for _, plan := range w.state.Plans {
		fmt.Fprintf(&text, "%s %s %v\n", plan.Name, plan.Status, plan.Errors)
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				fmt.Fprintf(&text, "  %s %s %s\n", step.Name, step.Status, step.Reason)
			}
		}
	}
	fmt.Fprintf(&text, "target %s, hands %+v\n", w.state.Facts.TargetID, w.state.Facts.Hands)
	for _, name := range slices.Sorted(maps.Keys(w.state.Facts.Records)) {
		r := w.state.Facts.Records[name]
		fmt.Fprintf(&text, "record %s as %s on %s under %s: %s ready=%v confirmed=%v reached=%v recovering=%v stopping=%v asked=%+v given up=%v away=%v paused=%v idling=%v volume=%s\n",
			name, r.TaskID, r.Agent.ID, r.TargetID, r.Status.State, r.Ready(), r.Confirmed, r.Reached, r.Recovering, r.Stopped(), r.Asked,
			!r.GivenUp.IsZero(), !r.Away.IsZero(), r.Paused, r.Idling, r.VolumeID())
	}
	for _, id := range w.Jobs() {
		job := w.Job(id)
		fmt.Fprintf(&text, "job %s: %s of %s by %s %s, task %s, collected %v, tries %d, cancelling %v, %s\n", id, job.Kind, job.Params.Target(), job.By, job.State,
			job.TaskID, job.Collected, job.Tries, !job.Cancelling.IsZero(), job.Problem)
	}
	for _, one := range w.jobs.workers {
		fmt.Fprintf(&text, "worker %s of job %s on %s: stage %d, fate %d\n", one.id, one.ticket.ID, one.agent, one.stage, one.fate)
	}
	w.describeTLS(&text)
	fmt.Fprintf(&text, "no answer yet for %v; the database says %+v\n", w.state.Reconcile.Waiting, w.state.Database)
	state := w.Model.State()
	for _, agent := range state.Agents {
		fmt.Fprintf(&text, "agent %s %s deactivated=%v drain=%s\n", agent.ID, agent.Connection, agent.Deactivated, agent.Drain)
	}
	for _, framework := range state.Frameworks {
		for _, task := range framework.Tasks {
			fmt.Fprintf(&text, "task %s on %s: %s\n", task.Info.TaskID.Value, task.AgentID, task.State)
		}
	}
	return text.String()
}

// Random is the randomness of one history.
func Random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
