package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// fakeNode is one node in the list of a fake cluster; times are since the start of the test.
type fakeNode struct {
	// dies is when its liveness expires, 0 for a node that is dead from the start; lives makes it never expire.
	dies  time.Duration
	lives bool
	// empties is how long after its decommission its copies are elsewhere; never keeps them for ever.
	empties time.Duration
	never   bool
	// rises is when a dead node is back, 0 for never.
	rises time.Duration
	// hidden is when it appears in the list at all.
	hidden time.Duration

	marked time.Time
	final  bool
}

// fakeCluster is a fake cluster and what happened to it.
type fakeCluster struct {
	t       *testing.T
	version cockroach.Version
	nodes   map[int]*fakeNode
	own     int
	// unready is how long our own node takes to be ready; refuses makes that many client commands fail; slow is what each takes.
	unready time.Duration
	refuses int
	slow    time.Duration
	// drainFails is the error of releases that drain a dead node.
	drainFails bool

	mu       sync.Mutex
	began    time.Time
	running  int
	commands []string // node decommission with its id, and when
	reports  []string
	out      bytes.Buffer
}

func (f *fakeCluster) since() time.Duration { return time.Since(f.began) }

func (f *fakeCluster) alive(n *fakeNode) bool {
	return n.lives || f.since() < n.dies || n.rises > 0 && f.since() >= n.rises
}

func (f *fakeCluster) replicas(n *fakeNode) int {
	if n.marked.IsZero() || n.never || time.Since(n.marked) < n.empties {
		return 32
	}
	return 0
}

// command plays the client.
func (f *fakeCluster) command(ctx context.Context, args []string) (clientResult, error) {
	f.mu.Lock()
	if f.running++; f.running > 1 {
		f.t.Error("two clients at a time")
	}
	f.mu.Unlock()
	if f.slow > 0 && !sleep(ctx, f.slow) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.running--
		return clientResult{}, ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running--
	if f.refuses > 0 {
		f.refuses--
		return clientResult{code: 1, stderr: "ERROR: cannot dial server.\nFailed running \"node\"\n"}, nil
	}
	id, _ := strconv.Atoi(args[2])
	n := f.nodes[id]
	final := f.version.Has(cockroach.FinalDecommission)
	if n != nil && f.since() < n.hidden {
		n = nil
	}
	switch args[1] {
	case "status":
		if n == nil {
			return clientResult{code: 1, stderr: fmt.Sprintf("ERROR: node %d doesn't exist\n", id)}, nil
		}
		return clientResult{stdout: fmt.Sprintf("id,is_available,is_live,gossiped_replicas,is_decommissioning,is_draining\n%d,%v,%v,%d,%v,false\n",
			id, f.alive(n), f.alive(n), f.replicas(n), !n.marked.IsZero())}, nil
	case "decommission":
		f.commands = append(f.commands, fmt.Sprintf("%d after %s", id, f.since().Round(time.Second)))
		if n == nil {
			return clientResult{code: 1, stderr: "ERROR: while trying to mark as decommissioning: node not in the liveness table\n"}, nil
		}
		if f.alive(n) {
			f.t.Errorf("the live node %d was decommissioned", id)
		}
		if n.marked.IsZero() {
			n.marked = time.Now()
		}
		header, member := "id,is_live,replicas,is_decommissioning,is_draining\n", ""
		if final {
			header, member = "id,is_live,replicas,is_decommissioning,membership,is_draining\n", "decommissioning,"
		}
		result := clientResult{stdout: fmt.Sprintf("%s%d,false,%d,true,%sfalse\n", header, id, f.replicas(n), member)}
		if final && f.replicas(n) == 0 {
			if f.drainFails {
				result.code, result.stderr = 1, "ERROR: while trying to drain n4\n"
			} else {
				n.final = true
			}
		}
		return result, nil
	}
	return clientResult{}, errors.New("a command that nobody plays: " + strings.Join(args, " "))
}

// bury runs the burial of ids to its end, or for span.
func (f *fakeCluster) bury(span time.Duration, ids ...int) {
	f.began = time.Now()
	ctx, cancel := context.WithTimeout(f.t.Context(), span)
	defer cancel()
	b := burial{
		version: f.version, ids: ids, at: cockroach.Access{At: cockroach.Address{Host: "127.0.0.1", Port: 26257}}, command: f.command,
		journal: NewJournal(&f.out, time.Now), first: time.Second, longest: 30 * time.Second,
		own: func(context.Context) (int, error) { return f.own, nil },
		ready: func(context.Context) error {
			if f.since() < f.unready {
				return errors.New("it answers 503")
			}
			return nil
		},
		report: func(_ context.Context, id int) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.reports = append(f.reports, fmt.Sprintf("%d after %s", id, f.since().Round(time.Second)))
			return nil
		},
	}
	b.run(ctx)
}

func TestBurial(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		version  string
		cluster  *fakeCluster
		ids      []int
		commands []string
		reports  []string
		says     []string
	}{
		"nothing to do": {version: "v20.1.5", cluster: &fakeCluster{}},
		"dead for long, v20.1": {"v20.1.5", &fakeCluster{own: 4, nodes: map[int]*fakeNode{1: {never: true}}}, []int{1},
			[]string{"1 after 0s"}, []string{"1 after 0s"}, []string{"the dead node 1 is decommissioned"}},
		"not before this node is ready": {"v20.1.5", &fakeCluster{own: 4, unready: 20 * time.Second, nodes: map[int]*fakeNode{1: {}}}, []int{1},
			[]string{"1 after 20s"}, []string{"1 after 20s"}, []string{"waiting to be ready before dead nodes are decommissioned: it answers 503"}},
		"its liveness expires": {"v20.1.5", &fakeCluster{own: 4, nodes: map[int]*fakeNode{1: {dies: 9 * time.Second}}}, []int{1},
			[]string{"1 after 15s"}, []string{"1 after 15s"}, []string{"node 1 is not decommissioned: the database holds it for alive"}},
		"a live node never is": {"v20.1.5", &fakeCluster{own: 4, nodes: map[int]*fakeNode{1: {lives: true}, 2: {}}}, []int{1, 2},
			[]string{"2 after 0s"}, []string{"2 after 0s"}, []string{"node 1 is not decommissioned: the database holds it for alive", "node 1 is not decommissioned after 1h0m0s"}},
		"nor this node": {"v20.1.5", &fakeCluster{own: 4, nodes: map[int]*fakeNode{4: {}, 1: {}}}, []int{4, 1},
			[]string{"1 after 0s"}, []string{"1 after 0s"}, []string{"takes node 4 for dead, and that is this node"}},
		"marked for good once its copies are elsewhere": {"v24.1.6", &fakeCluster{own: 4, nodes: map[int]*fakeNode{1: {empties: 40 * time.Second}}}, []int{1},
			[]string{"1 after 0s", "1 after 30s", "1 after 1m0s"}, []string{"1 after 1m0s"}, []string{"the dead node 1 is being decommissioned"}},
		"its drain fails": {"v24.1.6", &fakeCluster{own: 4, drainFails: true, nodes: map[int]*fakeNode{1: {empties: time.Second}}}, []int{1},
			[]string{"1 after 0s", "1 after 30s"}, []string{"1 after 30s"}, nil},
		"back while it is being decommissioned": {"v24.1.6", &fakeCluster{own: 4, nodes: map[int]*fakeNode{1: {empties: 2 * time.Minute, rises: 50 * time.Second}}}, []int{1},
			[]string{"1 after 0s", "1 after 30s"}, nil, []string{"node 1 is not decommissioned: the database holds it for alive"}},
		"two at a time": {"v20.1.5", &fakeCluster{own: 4, slow: time.Second, nodes: map[int]*fakeNode{1: {}, 2: {}}}, []int{1, 2},
			[]string{"after 2s", "after 4s"}, []string{"after 2s", "after 4s"}, nil},
		"the client fails": {"v20.1.5", &fakeCluster{own: 4, refuses: 4, nodes: map[int]*fakeNode{1: {}}}, []int{1},
			[]string{"1 after 15s"}, []string{"1 after 15s"}, []string{"WARNING: cannot see whether node 1 is dead, trying again: `cockroach node status` ended with code 1: ERROR: cannot dial server."}},
		"nobody knows it": {"v20.1.5", &fakeCluster{own: 4}, []int{9},
			[]string{"9 after 15s"}, []string{"9 after 15s"}, []string{"node 9 is not in the database's list"}},
		"alive, and in the list a little later": {"v20.1.5", &fakeCluster{own: 4, nodes: map[int]*fakeNode{1: {lives: true, hidden: 10 * time.Second}}}, []int{1},
			nil, nil, []string{"node 1 is not in the database's list", "the database holds it for alive"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := c.cluster
				f.t, f.version = t, must(t, c.version)
				f.bury(day, c.ids...)
				if c.commands != nil && strings.HasPrefix(c.commands[0], "after") { // whichever is first
					for i := range f.commands {
						f.commands[i], f.reports[i] = f.commands[i][2:], f.reports[i][2:]
					}
				}
				if !slices.Equal(f.commands, c.commands) || !slices.Equal(f.reports, c.reports) {
					t.Errorf("decommissioned %q, reported %q; want %q, %q\n%s", f.commands, f.reports, c.commands, c.reports, &f.out)
				}
				for _, text := range c.says {
					if strings.Count(f.out.String(), text) != 1 {
						t.Errorf("%q is not said once:\n%s", text, &f.out)
					}
				}
				if f.since() > burialLimit+time.Minute {
					t.Errorf("it ended after %s", f.since())
				}
			})
		})
	}
}

// TestBurialGivesUpAfterAnHour: copies that nobody can take.
func TestBurialGivesUpAfterAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeCluster{t: t, version: must(t, "v24.1.6"), own: 4, nodes: map[int]*fakeNode{1: {never: true}}}
		f.bury(24*time.Hour, 1)
		if f.since() != burialLimit || len(f.commands) != 121 || f.reports != nil {
			t.Errorf("after %s: %d times decommissioned, reported %q", f.since(), len(f.commands), f.reports)
		}
		if lines := strings.Count(f.out.String(), "\n"); lines != 2 {
			t.Errorf("%d lines:\n%s", lines, &f.out)
		}
	})
}

// TestBurialEndsWithTheTask: a client that is at work, a pause, and a report.
func TestBurialEndsWithTheTask(t *testing.T) {
	for name, f := range map[string]*fakeCluster{
		"while it waits to be ready": {unready: time.Hour},
		"while a client runs":        {slow: time.Hour},
		"while it pauses":            {nodes: map[int]*fakeNode{1: {lives: true}, 2: {lives: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f.t, f.version, f.own = t, must(t, "v20.1.5"), 4
				f.bury(40*time.Second, 1, 2)
				if f.since() != 40*time.Second || len(f.commands) != 0 || strings.Contains(f.out.String(), "WARNING") {
					t.Errorf("ended after %s; decommissioned %q\n%s", f.since(), f.commands, &f.out)
				}
			})
		})
	}
}

func TestReadNodeID(t *testing.T) {
	const long = "sql_conns 1\n"
	for name, c := range map[string]struct {
		page  string
		want  int
		fault string
	}{
		"recorded from v20.1.5": {`node_id{advertise_addr="127.0.0.1:26251",http_addr="127.0.0.1:18081",sql_addr="127.0.0.1:26251"} 3.0` + "\n", 3, ""},
		"behind a megabyte":     {strings.Repeat(long, 1<<20/len(long)+9) + "node_id 12\n", 12, ""},
		"with a time":           {"node_id{a=\"b } 7\"} 1.2e+01 1700000000000\n", 12, ""},
		"without an end":        {"node_id 5", 5, ""},
		"longer names":          {"node_identity 4\nnode_id_x 4\nranges{node_id=\"4\"} 4\n# TYPE node_id gauge\n", 0, "its metrics lack node_id"},
		"nothing":               {"", 0, "its metrics lack node_id"},
		"zero":                  {"node_id 0\n", 0, "is 0, which is no node's number"},
		"no number":             {"node_id NaN\n", 0, "is NaN, which is no node's number"},
		"a part of one":         {"node_id 1.5\n", 0, "is 1.5, which is no node's number"},
		"no value":              {"node_id{a=\"b\"}\n", 0, "text format parsing error"},
	} {
		got, err := readNodeID(strings.NewReader(c.page))
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %d, %v; want %d, %q", name, got, err, c.want, c.fault)
		}
	}
}

// TestAClientHasItsLimit: a command that never ends is ended, and one that the end of the task interrupts leaves nothing.
func TestAClientHasItsLimit(t *testing.T) {
	c := client{binary: "/bin/sh", dir: t.TempDir(), environ: []string{"PATH=/bin:/usr/bin"}, limit: 100 * time.Millisecond}
	got, err := c.run(t.Context(), []string{"-c", "echo out; echo err >&2; sleep 60"})
	if want := (clientResult{137, "out\n", "err\n\nno end within 100ms"}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	c.limit = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := c.run(ctx, []string{"-c", "sleep 60"}); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 20*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	if got, err := c.run(t.Context(), []string{"-c", "exit 3"}); err != nil || got.code != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}
