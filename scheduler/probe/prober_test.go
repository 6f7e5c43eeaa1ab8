package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// world is nodes without a network: hosts that are silent never answer, all others do at once.
type world struct {
	mu     sync.Mutex
	state  core.State
	silent []string
	rounds []told
	most   int
	now    int
}

// told is one round: when it was told, and what.
type told struct {
	after time.Duration
	nodes []plans.NodeView
}

func (w *world) set(change func(*core.State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.state)
}

func (w *world) snapshot() core.State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// RoundTrip is the network.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.now++
	w.most = max(w.most, w.now)
	silent := slices.Contains(w.silent, r.URL.Hostname()) || slices.Contains(w.silent, "*")
	w.mu.Unlock()
	defer func() { w.mu.Lock(); w.now--; w.mu.Unlock() }()
	if silent {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if r.URL.Scheme != "https" {
		return nil, errors.New("the scheme was not taken over")
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(page("3", "0", "0")))}, nil
}

// run starts a prober in the bubble and gives a function that ends it.
func (w *world) run(t *testing.T) (end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	began := time.Now()
	prober := Prober{Snapshot: w.snapshot, Scheme: "https", Client: &http.Client{Transport: w}, Tell: func(_ context.Context, event core.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.rounds = append(w.rounds, told{time.Since(began), event.(core.DatabaseSeen).Nodes})
	}}
	done := make(chan struct{})
	go func() { defer close(done); prober.Run(ctx) }()
	return func() { cancel(); <-done }
}

func (w *world) times() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []string
	for _, round := range w.rounds {
		list = append(list, round.after.String())
	}
	return list
}

// fleet are running nodes at n0, n1 and so on.
func fleet(n int) core.State {
	records := map[string]*tasks.Record{}
	for i := range n {
		pod := tasks.Pod{Type: tasks.NodePod, Index: i}
		task := pod.Task("node-join")
		records[task] = &tasks.Record{Pod: pod, Task: task, TaskID: fmt.Sprint("id-", i), Ports: map[string]uint64{"http": 8123},
			Status: tasks.Status{State: tasks.Running, IPs: []string{fmt.Sprint("n", i)}}}
	}
	return core.State{Facts: core.Facts{Records: records}, Settings: core.Settings{Probes: core.ProbesRequired},
		Plans: []plans.Plan{{Name: plans.DeployPlan, Status: plans.Complete}, {Name: plans.RecoveryPlan, Status: plans.Complete}}}
}

// asking puts a wish into a record, deploying a status on the deploy plan. As in the core, values that were handed out
// never change.
func asking(wish *tasks.Asked) func(*core.State) {
	return func(s *core.State) {
		record := *s.Facts.Records["cockroachdb-1-node-join"]
		record.Asked = wish
		s.Facts.Records = maps.Clone(s.Facts.Records)
		s.Facts.Records[record.Task] = &record
	}
}

func deploying(status plans.Status) func(*core.State) {
	return func(s *core.State) {
		s.Plans = slices.Clone(s.Plans)
		s.Plans[0].Status = status
	}
}

func TestRhythm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{state: fleet(3)}
		end := w.run(t)
		defer end()
		expect := func(what string, span time.Duration, want ...string) {
			t.Helper()
			w.mu.Lock()
			w.rounds = nil
			w.mu.Unlock()
			time.Sleep(span)
			synctest.Wait()
			if got := w.times(); !slices.Equal(got, want) {
				t.Errorf("%s: rounds after %v; want %v", what, got, want)
			}
		}
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		if got := w.times(); !slices.Equal(got, []string{"0s"}) {
			t.Errorf("at the start: rounds after %v; want one at once", got)
		}
		expect("calm", time.Minute, "30s", "1m0s")
		w.set(deploying(plans.InProgress))
		expect("a plan has work", 12*time.Second, "1m5s", "1m10s")
		w.set(deploying(plans.Complete))
		expect("calm again", 28*time.Second, "1m40s")
		w.set(asking(&tasks.Asked{Verb: tasks.Restart}))
		expect("a wish soon after a round", 6*time.Second, "1m45s")
		w.set(asking(nil))
		expect("calm after the wish", 20*time.Second)
		w.set(asking(&tasks.Asked{Verb: tasks.Restart}))
		expect("a wish long after a round is heard within a second", 2*time.Second, "2m7s")
		w.set(func(s *core.State) { s.Settings.Probes = core.ProbesOff })
		expect("off", time.Hour)
		w.set(func(s *core.State) { s.Settings.Probes = core.ProbesUsed })
		expect("on again", 7*time.Second, "1h2m9s", "1h2m14s")
	})
}

func TestARoundAsksRunningNodesOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{state: fleet(12), silent: []string{"n10"}}
		for i, state := range []tasks.State{tasks.Staging, tasks.Starting, tasks.Killing, tasks.Unreachable, tasks.Failed} {
			w.state.Facts.Records[tasks.Pod{Type: tasks.NodePod, Index: i}.Task("node-join")].Status.State = state
		}
		w.state.Facts.Records["cockroachdb-5-node-join"].Pod.Type = tasks.MetricsPod
		end := w.run(t)
		defer end()
		time.Sleep(3*time.Second + time.Millisecond)
		synctest.Wait()
		if len(w.rounds) != 1 {
			t.Fatalf("%d rounds; want 1", len(w.rounds))
		}
		began := time.Now().Add(-3*time.Second - time.Millisecond)
		var want []plans.NodeView
		for _, i := range []int{10, 11, 6, 7, 8, 9} { // in the order of names
			view := plans.NodeView{Task: fmt.Sprintf("cockroachdb-%d-node-join", i), TaskID: fmt.Sprint("id-", i), At: began, Live: 3}
			if i == 10 {
				view.Live, view.Error = 0, "no answer from n10:8123 within 3s"
			}
			want = append(want, view)
		}
		got := w.rounds[0].nodes
		for i := range got {
			if !got[i].At.Equal(began) {
				t.Errorf("%s is of %v; want the time of asking, %v", got[i].Task, got[i].At, began)
			}
			got[i].At = began
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("told:\n%+v\nwant:\n%+v", got, want)
		}
	})
}

func TestNothingIsToldWithoutNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{}
		end := w.run(t)
		time.Sleep(time.Minute)
		end()
		if len(w.rounds) != 0 {
			t.Errorf("told %+v", w.rounds)
		}
	})
}

// TestManyNodes: a thousand silent nodes are asked in parts, none of them more than its own time, and the next round does
// not begin before the end of this one.
func TestManyNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{state: fleet(1000), silent: []string{"*"}}
		w.state.Plans = []plans.Plan{{Status: plans.InProgress}}
		end := w.run(t)
		defer end()
		time.Sleep(97 * time.Second)
		synctest.Wait()
		if got := w.times(); !slices.Equal(got, []string{"48s", "1m36s"}) {
			t.Errorf("rounds after %v; want 48s, 1m36s", got)
		}
		if w.most != atOnce {
			t.Errorf("%d asked at once; want %d", w.most, atOnce)
		}
	})
}

// TestTheEndCutsARoundShort: nodes that were not heard out are not called silent.
func TestTheEndCutsARoundShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{state: fleet(200), silent: []string{"*"}}
		end := w.run(t)
		time.Sleep(time.Second)
		before := time.Now()
		end()
		if took := time.Since(before); took != 0 || len(w.rounds) != 0 {
			t.Errorf("it took %s to end, and %d rounds were told", took, len(w.rounds))
		}
	})
}
