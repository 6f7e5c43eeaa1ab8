package model

import (
	"fmt"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// connection is how an agent stands with the master.
type connection string

const (
	up          connection = "up"
	down        connection = "down"        // silent, its ping time-out not yet over
	unreachable connection = "unreachable" // timed out; may come back
	recovered   connection = "recovered"   // known to a new master from the registry, not yet back
	removed     connection = "removed"     // unregistered; may come back as the same agent
)

// agent is both sides of one agent: what it knows itself (executors, reservations; it survives master and agent restarts)
// and what the master keeps about it.
type agent struct {
	id         string
	spec       AgentSpec
	registered time.Time
	running    bool // the agent's process; executors live on without it
	lost       bool // its metadata is gone: a new id runs at its address
	conn       connection
	epoch      int // grows with each change of conn, so that older timers do nothing
	silentAt   time.Time

	deactivated  bool
	drain        string // "", DRAINING, DRAINED
	drainGrace   time.Duration
	markGoneThen bool

	total, free pile.Pile
	listed      pile.Pile        // the total that list was written from
	list        []mesos.Resource // for State
	offers      []*offer
	executors   []*executor
	operations  []*operation
	doomed      map[executorKey]bool // told to shut down, their reports no longer count
	orphans     []*task              // of executors that have ended, their last status not yet acknowledged
	whenBack    []func()             // what executors reported to a stopped agent, and calls that wait for it
	window      *Window              // planned maintenance
}

type executorKey struct{ framework, executor string }

// executor is a running executor with what was launched on it.
type executor struct {
	key       executorKey
	info      mesos.ExecutorInfo
	owner     *mesos.FrameworkInfo // the framework as it was at the launch
	role      string               // its first resources were allocated to
	named     bool                 // it has an ExecutorInfo the master knows; a command executor has none
	vanished  bool                 // died with its machine; the agent finds out by itself
	nested    bool                 // its tasks run in containers of their own (DEFAULT)
	container string
	network   string // its container is on, "" for the agent's own
	ip        string // on that network
	resources pile.Pile
	tasks     []*task
}

func (m *Model) addAgent(spec AgentSpec) string {
	setString(&spec.Hostname, "127.0.0.1")
	setString(&spec.IP, "127.0.0.1")
	if spec.Port == 0 {
		spec.Port = 5051
	}
	at := address{spec.IP, spec.Port}
	if old := m.addresses[at]; old != nil {
		m.supersede(old)
	}
	a := &agent{
		id: fmt.Sprintf("%s-S%d", m.masterID, m.agentCount), spec: spec, registered: m.now, running: true, conn: up,
		doomed: map[executorKey]bool{},
	}
	m.agentCount++
	total, err := pile.Of(spec.Resources)
	if err != nil { // a mistake in the test that wrote the spec
		panic(fmt.Sprintf("agent %s: %v", spec.Hostname, err))
	}
	a.total, a.free = total, total
	m.agents[a.id] = a
	m.addresses[at] = a
	m.agentOrder = append(m.agentOrder, a)
	a.window = windowOf(m.schedule, spec)
	m.allocate([]*agent{a})
	return a.id
}

// supersede makes way for a new agent at an agent's address. A master only knows registered agents by their address: one that
// is unreachable, or not yet back after a fail-over, stays what it is for ever or until an operator marks it gone (master's
// source: Master::_registerSlave). What ran on it ends with it either way.
func (m *Model) supersede(old *agent) {
	if old.conn == unreachable || old.conn == recovered {
		old.lost, old.running = true, false
		for _, e := range append([]*executor(nil), old.executors...) {
			m.doom(old, e, true)
		}
		old.orphans, old.whenBack, old.operations = nil, nil, nil
		return
	}
	if old.conn != removed {
		m.removeAgent(old, mesos.TASK_LOST, mesos.REASON_AGENT_REMOVED, "Agent "+old.spec.Hostname+
			" removed: a new agent registered at the same address")
		m.forgetAgent(old)
	}
}

// forgetAgent drops an id that can never be used again.
func (m *Model) forgetAgent(a *agent) {
	delete(m.agents, a.id)
	m.goneAgents[a.id] = true
	if at := (address{a.spec.IP, a.spec.Port}); m.addresses[at] == a {
		delete(m.addresses, at)
	}
	for n := range m.agentOrder {
		if m.agentOrder[n] == a {
			m.agentOrder = append(m.agentOrder[:n], m.agentOrder[n+1:]...)
			break
		}
	}
	m.emit(AgentForgotten{AgentID: a.id})
}

func (m *Model) agent(id string) (*agent, error) {
	if a := m.agents[id]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("agent %q is not known to the model", id)
}

func (a *agent) setConn(c connection) {
	a.conn = c
	a.epoch++
}

// isRegistered tells whether the master counts the agent's resources and tasks.
func (a *agent) isRegistered() bool { return a.conn == up || a.conn == down }

// where is how the master names an agent in operation errors.
func (a *agent) where() string {
	return fmt.Sprintf("%s at slave(1)@%s:%d (%s)", a.id, a.spec.IP, a.spec.Port, a.spec.Hostname)
}

func (a *agent) executor(key executorKey) *executor {
	for _, e := range a.executors {
		if e.key == key {
			return e
		}
	}
	return nil
}

func (a *agent) dropExecutor(e *executor) {
	for n := range a.executors {
		if a.executors[n] == e {
			a.executors = append(a.executors[:n], a.executors[n+1:]...)
			return
		}
	}
}

// recount works out what is free from what is used, after a (re-)registration: the agent reports the latest states, so what has
// ended counts no more.
func (a *agent) recount() {
	free := a.total
	take := func(p pile.Pile) {
		if rest, ok := free.Minus(p); ok {
			free = rest
		}
	}
	takeTasks := func(tasks []*task) {
		for _, t := range tasks {
			if t.released = isTerminal(t.latest); !t.released {
				take(t.resources)
			}
		}
	}
	for _, e := range a.executors {
		take(e.resources)
		takeTasks(e.tasks)
	}
	takeTasks(a.orphans)
	a.free = free
}

// giveBack frees resources of a registered agent; the next allocation pass looks at it.
func (m *Model) giveBack(a *agent, p pile.Pile) {
	if !a.isRegistered() || len(p) == 0 {
		return
	}
	a.free = a.free.Plus(p)
	m.nominate(a)
}
