package replog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// disk is a store in memory that outlives the group that uses it.
type disk struct {
	mu     sync.Mutex
	vote   store.Vote
	snap   *store.Snapshot
	log    []store.Entry
	broken bool
}

func (d *disk) write(f func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken {
		return errors.New("disk is full")
	}
	f()
	return nil
}
func (d *disk) Append(es []store.Entry) error {
	return d.write(func() { d.log = append(d.log, es...) })
}
func (d *disk) Rewrite(es []store.Entry) error {
	return d.write(func() { d.log = slices.Clone(es) })
}
func (d *disk) SetVote(v store.Vote) error         { return d.write(func() { d.vote = v }) }
func (d *disk) SetSnapshot(s store.Snapshot) error { return d.write(func() { d.snap = &s }) }

func (d *disk) load() store.Loaded {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := store.Loaded{Vote: d.vote, Snapshot: d.snap}
	for _, e := range d.log {
		if d.snap == nil || e.Index > d.snap.Index {
			l.Entries = append(l.Entries, e)
		}
	}
	return l
}

// tape is a machine that keeps what it was given, in order.
type tape struct {
	mu   sync.Mutex
	Said []string
}

func (m *tape) Apply(e store.Entry) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	var s string
	json.Unmarshal(e.Data, &s)
	m.Said = append(m.Said, s)
	return s
}
func (m *tape) Snapshot() (json.RawMessage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return json.Marshal(m.Said)
}
func (m *tape) Restore(b json.RawMessage) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Said = nil
	return json.Unmarshal(b, &m.Said)
}
func (m *tape) said() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.Said)
}

// world is a network of groups that can be cut.
type world struct {
	t      *testing.T
	mu     sync.Mutex
	groups map[int]*Group
	disks  map[int]*disk
	tapes  map[int]*tape
	cut    map[int]bool
}

type wire struct {
	w    *world
	from int
}

func (x wire) Send(ctx context.Context, to int, op string, in, out any) error {
	x.w.mu.Lock()
	g := x.w.groups[to]
	lost := x.w.cut[to] || x.w.cut[x.from] || g == nil
	x.w.mu.Unlock()
	if lost || ctx.Err() != nil {
		return errors.New("unreachable")
	}
	switch q := in.(type) {
	case AppendRequest:
		*out.(*AppendReply) = g.HandleAppend(q)
	case VoteRequest:
		*out.(*VoteReply) = g.HandleVote(q)
	default:
		g.HandleTimeoutNow()
	}
	return nil
}

func newWorld(t *testing.T, n int) *world {
	w := &world{t: t, groups: map[int]*Group{}, disks: map[int]*disk{}, tapes: map[int]*tape{}, cut: map[int]bool{}}
	voters, _ := json.Marshal(seq(n))
	for id := 1; id <= n; id++ {
		w.disks[id] = &disk{vote: store.Vote{Term: 1}, log: []store.Entry{{Index: 1, Term: 1, Kind: kindVoters, Data: voters}}}
		w.start(id)
	}
	t.Cleanup(func() {
		for id := range w.disks {
			w.stop(id)
		}
	})
	return w
}

func seq(n int) (ids []int) {
	for i := 1; i <= n; i++ {
		ids = append(ids, i)
	}
	return ids
}

func (w *world) start(id int) {
	m := &tape{}
	g, err := New(Config{
		ID: id, Storage: w.disks[id], Machine: m, Transport: wire{w, id}, Members: func() []int { return nil },
		Heartbeat: 5 * time.Millisecond, Election: 60 * time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}, w.disks[id].load())
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.groups[id], w.tapes[id] = g, m
	w.mu.Unlock()
}

func (w *world) stop(id int) {
	w.mu.Lock()
	g := w.groups[id]
	w.groups[id] = nil
	w.mu.Unlock()
	if g != nil {
		g.Close()
	}
}

func (w *world) isolate(id int, yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut[id] = yes
}

func (w *world) each(f func(int, *Group)) {
	for id := range w.disks {
		w.mu.Lock()
		g := w.groups[id]
		w.mu.Unlock()
		if g != nil {
			f(id, g)
		}
	}
}

// say proposes at whoever leads, until it is committed or d is over.
func (w *world) say(text string, d time.Duration) error {
	end := time.Now().Add(d)
	for time.Now().Before(end) {
		var lead *Group
		w.each(func(id int, g *Group) {
			if s := g.Status(); s.Leading && !w.isCut(id) {
				lead = g
			}
		})
		if lead != nil {
			ctx, cancel := context.WithTimeout(context.Background(), time.Until(end))
			_, err := lead.Propose(ctx, "say", text, nil)
			cancel()
			var away *NotLeader
			if !errors.As(err, &away) {
				return err
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return errors.New("nobody leads")
}

func (w *world) isCut(id int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cut[id]
}

func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(15 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("waited in vain: %s", what)
		}
	}
}

func (w *world) must(text string) {
	w.t.Helper()
	if err := w.say(text, 15*time.Second); err != nil {
		w.t.Fatalf("say %q: %v", text, err)
	}
}

func (w *world) leader() int {
	id := 0
	w.until("somebody leads", func() bool {
		w.each(func(i int, g *Group) {
			if g.Status().Leading && !w.isCut(i) {
				id = i
			}
		})
		return id != 0
	})
	return id
}

func (w *world) agree(want ...string) {
	w.t.Helper()
	for id := range w.disks {
		w.until(fmt.Sprintf("node %d has %v", id, want), func() bool {
			w.mu.Lock()
			m := w.tapes[id]
			w.mu.Unlock()
			return slices.Equal(m.said(), want)
		})
	}
}
