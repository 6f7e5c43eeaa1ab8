package run_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// The tests live in synctest's bubbles: time is virtual, synctest.Wait returns when every goroutine waits for
// something, and a goroutine that outlives its test fails it.

// journal is what happened, in order: "write <key> …" and calls by their names.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

// take gives what happened since it was asked last.
func (j *journal) take() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := j.lines
	j.lines = nil
	return lines
}

// disk is a store that keeps the journal; wait, when set, holds every Apply until it is closed.
type disk struct {
	store.Store
	*journal
	wait chan struct{}
}

func (d *disk) Apply(ctx context.Context, batch store.Batch) error {
	if d.wait != nil {
		select {
		case <-d.wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := d.Store.Apply(ctx, batch)
	// The pages of the journal leave with every write; tests look at what they leave with.
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(batch.Set)), func(key string) bool { return strings.HasPrefix(key, "journal/") })
	if err != nil {
		d.add("failed write %s", strings.Join(keys, " "))
		return err
	}
	d.add("write %s", strings.Join(keys, " "))
	return nil
}

// master hands on the events that a test sends and keeps the journal of calls.
type master struct {
	*journal
	events chan core.Event
	// hold, when set, keeps every call on its way until it is closed.
	hold chan struct{}
	// answer is the error of a call.
	answer  func(call core.Call) error
	running atomic.Bool
}

func (m *master) Run(ctx context.Context, inbox func(core.Event)) error {
	m.running.Store(true)
	defer func() {
		// Saying goodbye takes a while, so that a loop which does not wait for it is found out.
		time.Sleep(time.Second)
		m.running.Store(false)
	}()
	for {
		select {
		case event := <-m.events:
			inbox(event)
		case <-ctx.Done():
			return nil
		}
	}
}

func (m *master) Send(ctx context.Context, call core.Call) error {
	if m.hold != nil {
		select {
		case <-m.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m.add("%s", nameOf(call))
	if m.answer != nil {
		return m.answer(call)
	}
	return nil
}

func nameOf(call core.Call) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", call), "core.")
	switch c := call.(type) {
	case core.Acknowledge:
		name += " " + string(c.UUID)
	case core.Reconcile:
		name += fmt.Sprintf(" of %d", len(c.Tasks))
	}
	return name
}

// seen are the events whose frames are over.
type seen struct {
	mu     sync.Mutex
	events []core.Event
	took   []time.Duration
}

func (s *seen) Frame(event core.Event, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events, s.took = append(s.events, event), append(s.took, took)
}

// rig is a loop with everything round it.
type rig struct {
	t      *testing.T
	loop   *run.Loop
	memory *store.Memory
	disk   *disk
	master *master
	seen   *seen
	*journal
	first []core.Effect
	tick  time.Duration
	end   context.CancelFunc
	ended chan error
	gone  chan struct{}
}

// live runs a test on a loop that has not begun, and ends the loop with it, or the bubble would wait for ever.
func live(t *testing.T, tick time.Duration, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, tick)
		defer func() {
			if r.end != nil {
				r.end()
				<-r.gone
			}
		}()
		test(t, r)
	})
}

func newRig(t *testing.T, tick time.Duration) *rig {
	t.Helper()
	kept := &journal{}
	r := &rig{t: t, memory: store.NewMemory(), journal: kept, seen: &seen{}, ended: make(chan error, 1), gone: make(chan struct{}),
		master: &master{journal: kept, events: make(chan core.Event)}}
	opened := r.memory.Open()
	if _, err := opened.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.disk = &disk{Store: opened, journal: kept}
	r.tick = tick
	r.restart(core.Facts{}, core.Settings{BackOff: core.BackOff{First: time.Second, Factor: 2, Most: time.Minute}})
	return r
}

// restart makes the loop of a process that starts from these facts.
func (r *rig) restart(stored core.Facts, settings core.Settings) {
	state, first := core.Start(stored, target(), "t1", time.Now(), settings)
	r.first = first
	seeds := uint64(0)
	r.loop = run.New(state, run.Parts{Store: r.disk, Master: r.master, Observer: r.seen, Log: slog.New(slog.DiscardHandler),
		Now: time.Now, Tick: r.tick, Seed: func() (seed [16]byte) {
			seeds++
			binary.BigEndian.PutUint64(seed[:], seeds)
			return seed
		}})
}

// begin starts the loop and waits until it is quiet.
func (r *rig) begin() {
	ctx, cancel := context.WithCancel(r.t.Context())
	r.end = cancel
	go func() {
		defer close(r.gone)
		r.ended <- r.loop.Run(ctx, r.first)
	}()
	synctest.Wait()
}

// send hands events over, one after the other, and waits until all is quiet.
func (r *rig) send(events ...core.Event) {
	r.t.Helper()
	for _, event := range events {
		select {
		case r.master.events <- event:
		case err := <-r.ended:
			r.t.Fatalf("the loop ended before %T: %v", event, err)
		}
	}
	synctest.Wait()
}

// over waits for the end of the loop.
func (r *rig) over() error {
	r.t.Helper()
	select {
	case err := <-r.ended:
		return err
	case <-time.After(time.Hour):
		r.t.Fatal("the loop goes on")
		return nil
	}
}

// happened compares the journal since the last look.
func (r *rig) happened(want ...string) {
	r.t.Helper()
	if got := r.take(); !slices.Equal(got, want) {
		r.t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// subscribe begins the loop and lets the master take it in.
func (r *rig) subscribe() {
	r.t.Helper()
	r.begin()
	r.send(core.Subscribed{FrameworkID: "framework", MasterID: "m1", MasterVersion: "1.11.0"})
	r.happened("write target targets/t1", "write framework-id", "Reconcile of 0", "Revive")
}

// launch subscribes and launches the first node. It returns the task's id.
func (r *rig) launch() string {
	r.t.Helper()
	r.subscribe()
	r.send(core.Offered{Offers: []offers.Offer{offer("a")}})
	r.happened("write records/cockroachdb-0-node-init", "Accept")
	return r.loop.Snapshot().Facts.Records["cockroachdb-0-node-init"].TaskID
}

func target() tasks.Target {
	return tasks.Target{
		Service: tasks.Service{Name: "cockroachdb", Role: "cockroachdb-role", Principal: "cockroachdb-principal",
			User: "root", Discovery: tasks.DiscoverAddress, API: "scheduler:80"},
		Pods: []tasks.PodSpec{{Type: tasks.NodePod, Count: 2, Tasks: []tasks.TaskSpec{
			{Name: "node-init", Goal: tasks.GoalRunning, Instances: tasks.FirstInstance, Database: true,
				Need: tasks.Need{CPUs: tasks.Whole(1)}, Ports: []tasks.PortSpec{{Name: "pg", Port: 26257}}},
			{Name: "node-join", Goal: tasks.GoalRunning, Instances: tasks.OtherInstance, Database: true,
				Need: tasks.Need{CPUs: tasks.Whole(1)}, Ports: []tasks.PortSpec{{Name: "pg", Port: 26257}}},
		}}},
	}
}

func offer(agent string) offers.Offer {
	return offers.Offer{IDs: []string{"offer-" + agent}, Agent: tasks.Agent{ID: agent, Hostname: "host-" + agent, IP: "10.0.0.1"},
		Resources: []tasks.Resource{{Kind: tasks.CPUs, Scalar: tasks.Whole(4), AllocatedTo: "cockroachdb-role"},
			{Kind: tasks.Ports, Ranges: []tasks.PortRange{{Begin: 20000, End: 30000}}, AllocatedTo: "cockroachdb-role"}}}
}

func update(taskID string, state tasks.State, uuid string) core.Updated {
	return core.Updated{TaskID: taskID, AgentID: "a", UUID: []byte(uuid), Status: tasks.Status{State: state}}
}
