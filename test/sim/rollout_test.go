package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// retarget starts a successor that asks for something else.
func retarget(w *sim.World, environ ...string) {
	w.Environ(environ...)
	w.Kill()
}

// killed are the tasks that a KILL left for.
func killed(w *sim.World) map[string]bool {
	ids := map[string]bool{}
	for _, call := range w.Calls {
		if kill, ok := call.(core.Kill); ok {
			ids[kill.TaskID] = true
		}
	}
	return ids
}

// down counts the nodes that are not ready or were told to end.
func down(w *sim.World) int {
	told, n := killed(w), 0
	for _, record := range w.State().Facts.Records {
		if record.Pod.Type == tasks.NodePod && (!record.Ready() || told[record.TaskID]) {
			n++
		}
	}
	return n
}

// mustOneByOne waits as must does, and fails when two nodes are down at any moment.
func mustOneByOne(t *testing.T, w *sim.World, done func() bool, most time.Duration) {
	t.Helper()
	worst := 0
	must(t, w, func() bool {
		worst = max(worst, down(w))
		return done()
	}, most)
	if worst > 1 {
		t.Errorf("%d nodes were down at once", worst)
	}
}

// under says that every node runs under the target in force.
func under(w *sim.World) bool {
	for _, record := range w.State().Facts.Records {
		if record.Pod.Type == tasks.NodePod && record.TargetID != w.State().Facts.TargetID {
			return false
		}
	}
	return w.Deployed() && w.Healthy()
}

func TestARolloutThatBreaksANodeIsRepairedByTheNextTarget(t *testing.T) {
	for _, broken := range []struct {
		name   string
		script virtual.Script
	}{
		{"never ready", virtual.Script{Checks: []virtual.CheckResult{{After: time.Second, ExitCode: 1}}}},
		{"crash loop", virtual.Script{Exit: &virtual.Exit{After: 200 * time.Millisecond, Code: 1}}},
	} {
		for index, victim := range inOrder[:3] {
			t.Run(broken.name+" "+victim, func(t *testing.T) {
				w := deployed(t, 4)
				volumes := map[string]string{}
				for task, record := range w.State().Facts.Records {
					volumes[task] = record.VolumeID()
				}
				w.ScriptFor(func(info mesos.TaskInfo) bool { return info.Name == victim }, broken.script)
				retarget(w, "NODE_MEM=4000")
				mustOneByOne(t, w, func() bool {
					record := w.State().Facts.Records[victim]
					return record.TargetID == w.State().Facts.TargetID && !record.Ready()
				}, 10*time.Minute)
				pass(t, w, 20*time.Minute)
				// Those before it are new, those behind it are old, and all of them serve.
				for i, task := range inOrder[:3] {
					record := w.State().Facts.Records[task]
					if isNew := record.TargetID == w.State().Facts.TargetID; i != index && (isNew != (i < index) || !record.Ready()) {
						t.Errorf("%s: under the new target %v, ready %v", task, isNew, record.Ready())
					}
				}
				w.Script(virtual.Script{})
				before := len(launches(w))
				retarget(w, "NODE_MEM=4100")
				mustOneByOne(t, w, func() bool { return under(w) }, 15*time.Minute)
				// The broken one comes first: nobody else may stop while it is down.
				want := []string{victim}
				for _, task := range inOrder[:3] {
					if task != victim {
						want = append(want, task)
					}
				}
				equal(t, launches(w)[before:], want)
				for task, record := range w.State().Facts.Records {
					if record.VolumeID() != volumes[task] {
						t.Errorf("%s lost its volume", task)
					}
				}
			})
		}
	}
}

// The repair is launched out of turn. When that fails at first, it is tried again out of turn too: the nodes before it are
// held back by the gate until it is ready.
func TestARepairThatFailsAtFirstIsTriedAgain(t *testing.T) {
	w := deployed(t, 4)
	victim := func(info mesos.TaskInfo) bool { return info.Name == inOrder[1] }
	w.ScriptFor(victim, virtual.Script{Checks: []virtual.CheckResult{{After: time.Second, ExitCode: 1}}})
	retarget(w, "NODE_MEM=4000")
	must(t, w, func() bool { return w.State().Facts.Records[inOrder[1]].TargetID == w.State().Facts.TargetID }, 10*time.Minute)
	pass(t, w, time.Minute)
	w.ScriptFor(victim, virtual.Script{Exit: &virtual.Exit{After: 200 * time.Millisecond, Code: 1}})
	retarget(w, "NODE_MEM=4100")
	mustOneByOne(t, w, func() bool { return w.State().Delays[inOrder[1]].Failures == 2 }, 5*time.Minute)
	w.Script(virtual.Script{})
	mustOneByOne(t, w, func() bool { return under(w) }, 15*time.Minute)
}

// A node needs 25 s to drain. The scheduler dies right after it told it to stop, or right before, and comes back with
// another target at once.
func TestACrashBesideTheKillOfARolloutStopsNoSecondNode(t *testing.T) {
	for _, dies := range []string{"before the KILL", "after the KILL"} {
		t.Run(dies, func(t *testing.T) {
			w := sim.New(model.Options{}, virtual.Agents(4))
			w.Script(virtual.Script{Dies: 25 * time.Second})
			must(t, w, w.Deployed, 5*time.Minute)
			retarget(w, "NODE_MEM=4000")
			if dies == "before the KILL" {
				struck := false
				w.Crash = func(effect core.Effect) bool {
					send, ok := effect.(core.Send)
					if !ok || struck {
						return false
					}
					_, struck = send.Call.(core.Kill)
					if struck {
						w.Environ("NODE_MEM=4100")
					}
					return struck
				}
				mustOneByOne(t, w, func() bool { return struck }, time.Minute)
			} else {
				mustOneByOne(t, w, func() bool { return len(killed(w)) > 0 }, time.Minute)
				retarget(w, "NODE_MEM=4100")
			}
			if !strings.Contains(string(w.Store["records/"+inOrder[0]]), `"stopping"`) {
				t.Error("the stop is not stored")
			}
			began := w.Now()
			mustOneByOne(t, w, func() bool { return under(w) }, 15*time.Minute)
			equal(t, launches(w), append(append([]string{}, inOrder...), inOrder[:3]...))
			if took := w.Now().Sub(began); took < 3*20*time.Second || took > 4*time.Minute {
				t.Errorf("three drains of 25 s took %s", took)
			}
		})
	}
}
