package sim

import (
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Database is a tiny model of replication: which volumes hold copies, and since when they are complete. It says what nodes
// would say over HTTP, late as they are: live nodes are noticed to be gone after nine seconds, and ranges are counted once
// in ten.
type Database struct {
	// Behind is how long at most a node that was down lacks what was written meanwhile, Anew how long at most an empty
	// volume takes to be filled; zero means at once.
	Behind, Anew time.Duration

	random  func(most time.Duration) time.Duration
	members map[string]*member
	order   []string // of members, by volume
	// counted is what the nodes last counted.
	counted            time.Time
	under, unavailable int
	asked              time.Time
}

// member is a volume that holds copies.
type member struct {
	task     string
	up       bool
	since    time.Time // of up
	complete time.Time // when it has all copies again
}

const (
	notice     = 9 * time.Second
	countEvery = 10 * time.Second
)

func newDatabase(seed uint64) Database {
	random := Random(seed)
	return Database{members: map[string]*member{}, random: func(most time.Duration) time.Duration {
		if most <= 0 {
			return 0
		}
		return time.Duration(random.Int64N(int64(most)))
	}}
}

// probe hands the nodes' word to the core in the rhythm of scheduler/probe.
func (w *World) probe() error {
	if w.Settings.Probes == core.ProbesOff && !w.state.Link.Alone {
		return nil
	}
	d := &w.Database
	running := w.Running()
	d.follow(w, running)
	if w.Now().Sub(d.asked) < w.probeGap() {
		return nil
	}
	d.asked = w.Now()
	var views []plans.NodeView
	for _, name := range w.names() {
		record := w.records[name]
		if isNode(record) && record.Status.State == tasks.Running {
			views = append(views, d.word(w, record, slices.Contains(running, record.TaskID)))
		}
	}
	if len(views) == 0 {
		return nil
	}
	return w.Take(core.DatabaseSeen{Nodes: views})
}

func (w *World) probeGap() time.Duration {
	for _, plan := range w.state.Plans {
		if plan.Status != plans.Complete && !plans.IsJobs(plan.Name) {
			return 5 * time.Second
		}
	}
	for _, record := range w.records {
		if record.Asked != nil {
			return 5 * time.Second
		}
	}
	return 30 * time.Second
}

// follow notes which volumes serve.
func (d *Database) follow(w *World, running []string) {
	for _, name := range w.names() {
		record := w.records[name]
		id := record.VolumeID()
		if !isNode(record) || id == "" {
			continue
		}
		up := w.serves(record) && !record.Idling && slices.Contains(running, record.TaskID) && !w.isolated[record.Agent.ID]
		m := d.members[id]
		switch {
		case m == nil && up:
			d.join(w.Now(), name, id)
		case m != nil && up && !m.up:
			m.up, m.since, m.complete = true, w.Now(), w.Now().Add(d.random(d.Behind))
		case m != nil && !up && m.up:
			m.up, m.since = false, w.Now()
		}
	}
	if w.Now().Sub(d.counted) >= countEvery {
		d.count(w.Now())
	}
}

// serves says that a node takes part: its readiness check passed, or it runs where nobody runs checks.
func (w *World) serves(record *tasks.Record) bool {
	return record.Ready() || !w.Model.Edition().Checks && record.Status.State == tasks.Running
}

// join takes an empty volume in. The old volume of the same node holds nothing that is waited for any more.
func (d *Database) join(now time.Time, task, id string) {
	var order []string
	for _, old := range d.order {
		if d.members[old].task == task {
			delete(d.members, old)
			continue
		}
		order = append(order, old)
	}
	d.order = append(order, id)
	d.members[id] = &member{task: task, up: true, since: now, complete: now.Add(d.random(d.Anew))}
}

func (d *Database) count(now time.Time) {
	d.counted, d.under, d.unavailable = now, 0, 0
	down := 0
	for _, m := range d.members {
		if !m.up {
			down++
		}
		if !m.up || now.Before(m.complete) {
			d.under += 7
		}
	}
	if 2*down > len(d.members) {
		d.unavailable = 5
	}
}

// word is what one node says.
func (d *Database) word(w *World, record *tasks.Record, runs bool) plans.NodeView {
	view := plans.NodeView{Task: record.Task, TaskID: record.TaskID, At: w.Now()}
	m := d.members[record.VolumeID()]
	if !runs || m == nil || !m.up {
		view.Error = "connection refused"
		return view
	}
	for _, other := range d.members {
		if other.up || w.Now().Sub(other.since) < notice {
			view.Live++
		}
	}
	if !d.counted.Before(m.since) && d.counted.Sub(m.since) >= 0 {
		view.UnderReplicated, view.Unavailable = d.under, d.unavailable
	}
	return view
}
