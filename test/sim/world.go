package sim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	ours "github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// Begin is when every history begins.
var Begin = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// World is a scheduler process that may die at any moment, its store, and a virtual Mesos.
type World struct {
	*virtual.Cluster
	// Target is what the environment of the next process asks for.
	Target tasks.Target
	// Store is what is stored: it outlives the process.
	Store map[string][]byte
	// Crash says whether the process dies before an effect; nil means never.
	Crash func(effect core.Effect) bool
	// Lose says whether a call gets lost on its way to the master; nil means never. What scheduler/run does about a call
	// that failed is done here: the offers of a lost ACCEPT are declined, and a DECLINE is sent until it arrives.
	Lose func(call core.Call) bool
	// StoreLost says that records were lost behind the scheduler's back, so that it may not know a task that runs.
	StoreLost bool
	// Calls are the calls that left, in order.
	Calls []core.Call
	// Writes counts the writes of all processes.
	Writes int

	state    core.State
	alive    bool
	lastTick time.Time
	frames   uint64
	watch    watch
}

// New makes a world with these agents; nothing runs yet.
func New(options model.Options, agents []model.AgentSpec, environ ...string) *World {
	environ = append([]string{"PORT_API=8080", "API_ADVERTISE=scheduler:8080", "MESOS_MASTER=http://master:5050"}, environ...)
	parsed := config.Parse(environ, Begin)
	if len(parsed.Faults) > 0 {
		panic(fmt.Sprintf("the environment has faults: %v", parsed.Faults))
	}
	return &World{Cluster: virtual.New(Begin, options, agents...), Target: parsed.Settings.Target(),
		Store: map[string][]byte{}, watch: newWatch()}
}

// Environ makes the next process start with other settings.
func (w *World) Environ(environ ...string) {
	environ = append([]string{"PORT_API=8080", "API_ADVERTISE=scheduler:8080", "MESOS_MASTER=http://master:5050"}, environ...)
	w.Target = config.Parse(environ, Begin).Settings.Target()
}

// State is the core's state.
func (w *World) State() core.State { return w.state }

// Kill ends the process as SIGKILL does. The next Run starts another.
func (w *World) Kill() {
	w.alive = false
	w.Disconnect()
}

// errCrash ends a process in the middle of its effects.
var errCrash = errors.New("crash")

// start is a new process: it loads the store and subscribes.
func (w *World) start() error {
	facts, err := core.Decode(w.Store)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	state, effects := core.Start(facts, w.Target, tasks.NewIDs(w.seed()).Next(), w.Now(),
		core.Settings{BackOff: core.BackOff{First: 5 * time.Second, Factor: 2, Most: 5 * time.Minute}, Probes: core.ProbesOff})
	w.alive, w.state, w.lastTick = true, state, w.Now()
	if err := w.execute(effects); err != nil {
		return err
	}
	return w.subscribe()
}

func (w *World) subscribe() error {
	service := w.Target.Service
	timeout, checkpoint := ours.Failover.Seconds(), true
	info := &mesos.FrameworkInfo{Name: service.Name, User: service.User, Principal: &service.Principal,
		Roles: []string{service.Role}, FailoverTimeout: &timeout, Checkpoint: &checkpoint, Capabilities: []mesos.FrameworkInfo_Capability{
			{Type: mesos.FrameworkInfo_Capability_MULTI_ROLE}, {Type: mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT},
			{Type: mesos.FrameworkInfo_Capability_PARTITION_AWARE}, {Type: mesos.FrameworkInfo_Capability_REGION_AWARE}}}
	call := &scheduler.Call{Type: scheduler.Call_SUBSCRIBE, Subscribe: &scheduler.Call_Subscribe{FrameworkInfo: info}}
	if id := w.state.Facts.FrameworkID; id != "" {
		info.ID = &mesos.FrameworkID{Value: id}
		call.FrameworkID = info.ID
	}
	return w.Send(call)
}

// Run lives until done says so or the time is over, and says which. It returns the first broken invariant.
func (w *World) Run(done func() bool, most time.Duration) (bool, error) {
	var broken error
	over := w.RunUntil(func() bool {
		if broken = w.turn(); broken != nil {
			return true
		}
		return done()
	}, most)
	return over && broken == nil, broken
}

// storm is more rounds of calls and answers at one moment than any honest conversation has.
const storm = 1000

// turn takes in what came and lets a second tick.
func (w *World) turn() error {
	if !w.alive {
		if err := w.start(); errors.Is(err, errCrash) {
			w.Kill()
		} else if err != nil {
			return fmt.Errorf("start: %w", err)
		}
	}
	for rounds := 0; w.alive; rounds++ {
		if rounds > storm {
			return fmt.Errorf("calls and answers follow each other for ever without any time passing, last the call %T", w.Calls[len(w.Calls)-1])
		}
		if w.Closed() {
			if err := w.take(core.Disconnected{Reason: "the stream ended"}); err != nil {
				return err
			}
			if err := w.subscribe(); err != nil {
				return nil // the master is not back yet
			}
		}
		events := w.Events()
		if len(events) == 0 {
			break
		}
		for _, message := range events {
			if event, ok := ours.Event(message); ok && w.alive {
				if err := w.take(event); err != nil {
					return err
				}
			}
		}
	}
	if w.alive && w.Now().Sub(w.lastTick) >= time.Second {
		w.lastTick = w.Now()
		if err := w.take(core.Tick{}); err != nil {
			return err
		}
	}
	return w.watch.check(w)
}

// take is one frame.
func (w *World) take(event core.Event) error {
	state, effects := core.Frame(w.state, core.Input{Now: w.Now(), Seed: w.seed(), Event: event})
	if err := w.execute(effects); err != nil {
		if errors.Is(err, errCrash) {
			w.Kill()
			return nil
		}
		return err
	}
	w.state = state
	return w.watch.check(w)
}

// execute does what scheduler/run does, or dies on the way.
func (w *World) execute(effects []core.Effect) error {
	for _, effect := range effects {
		if w.Crash != nil && w.Crash(effect) {
			return errCrash
		}
		switch e := effect.(type) {
		case core.Write:
			w.Writes++
			for key, value := range e.Set {
				w.Store[key] = value
			}
			for _, key := range e.Delete {
				delete(w.Store, key)
			}
		case core.Send:
			if err := w.call(e.Call); err != nil {
				return err
			}
		case core.Exit:
			return fmt.Errorf("the core ends the process: %s", e.Message)
		}
	}
	return nil
}

func (w *World) call(call core.Call) error {
	w.Calls = append(w.Calls, call)
	if err := w.watch.leaving(w, call); err != nil {
		return err
	}
	if call = w.lost(call); call == nil {
		return nil
	}
	message, err := ours.Call(call)
	if err != nil {
		return fmt.Errorf("make the call %T: %w", call, err)
	}
	var refusal *model.Refusal
	if err := w.Send(message); errors.As(err, &refusal) && w.Closed() {
		return nil // the stream went down before the call left
	} else if err != nil {
		return fmt.Errorf("the master refused %T: %w", call, err)
	}
	return nil
}

// lost is what arrives of a call: itself, or what scheduler/run sends in its place, nil when that is nothing.
func (w *World) lost(call core.Call) core.Call {
	if _, decline := call.(core.Decline); decline || w.Lose == nil || !w.Lose(call) {
		return call
	}
	if accept, ok := call.(core.Accept); ok {
		return core.Decline{OfferIDs: accept.OfferIDs, Refuse: accept.Refuse}
	}
	return nil
}

func (w *World) seed() (seed [16]byte) {
	w.frames++
	binary.BigEndian.PutUint64(seed[:], w.frames)
	return seed
}

// Deployed says that the deploy plan is complete.
func (w *World) Deployed() bool {
	return w.alive && len(w.state.Plans) > 0 && w.state.Plans[0].Status == plans.Complete
}

// Healthy says that all plans are complete and all nodes are ready.
func (w *World) Healthy() bool {
	if !w.alive || w.state.Reconcile.Waiting == nil || len(w.state.Reconcile.Waiting) > 0 {
		return false
	}
	for _, plan := range w.state.Plans {
		if plan.Status != plans.Complete {
			return false
		}
	}
	for _, record := range w.state.Facts.Records {
		if !record.Ready() {
			return false
		}
	}
	return true
}

// Describe tells where everything stands, for failing tests.
func (w *World) Describe() string {
	var text strings.Builder
	fmt.Fprintf(&text, "at %s\n", w.Now().Sub(Begin))
	for _, plan := range w.state.Plans {
		fmt.Fprintf(&text, "%s %s\n", plan.Name, plan.Status)
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				fmt.Fprintf(&text, "  %s %s %s\n", step.Name, step.Status, step.Reason)
			}
		}
	}
	for name, record := range w.state.Facts.Records {
		fmt.Fprintf(&text, "record %s on %s: %s ready=%v\n", name, record.Agent.ID, record.Status.State, record.Ready())
	}
	fmt.Fprintf(&text, "no answer yet for %v\n", w.state.Reconcile.Waiting)
	for _, agent := range w.Model.State().Agents {
		fmt.Fprintf(&text, "agent %s %s\n", agent.ID, agent.Connection)
	}
	for _, framework := range w.Model.State().Frameworks {
		for _, task := range framework.Tasks {
			fmt.Fprintf(&text, "task %s on %s: %s\n", task.Info.TaskID.Value, task.AgentID, task.State)
		}
	}
	return text.String()
}

// Random is the randomness of one history.
func Random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
