package sim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

// editions are the versions of Mesos in DC/OS 1.9 to 2.2, and 1.3 and 1.12 (docs/compatibility.md).
var editions = []string{"1.2.3", "1.3.2", "1.4.2", "1.5.3", "1.7.2", "1.8.1", "1.9.0", "1.11.0", "1.12.0"}

// installed is a world of that Mesos in which the default service was deployed.
func installed(t *testing.T, version string, agents int) *sim.World {
	t.Helper()
	w := sim.New(model.Options{Version: version}, virtual.Agents(agents))
	must(t, w, w.Deployed, 5*time.Minute)
	equal(t, launches(w), inOrder)
	return w
}

// TestEveryEditionOfMesos lives the same stories on each.
func TestEveryEditionOfMesos(t *testing.T) {
	for _, version := range editions {
		t.Run(version, func(t *testing.T) {
			for name, story := range map[string]func(*testing.T, *sim.World){
				"restart": func(t *testing.T, w *sim.World) {
					before := record(w, inOrder[1])
					ordered(t, w, core.PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1"})
					mustOneByOne(t, w, changed(w, before), 10*time.Minute)
					if record(w, inOrder[1]).VolumeID() != before.VolumeID() {
						t.Error("it lost its volume")
					}
				},
				"replace": func(t *testing.T, w *sim.World) {
					before := record(w, inOrder[0])
					ordered(t, w, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-0"})
					mustOneByOne(t, w, changed(w, before), 10*time.Minute)
					must(t, w, func() bool { return reserved(w) == 4 }, 5*time.Minute)
					if record(w, inOrder[0]).VolumeID() == before.VolumeID() {
						t.Error("it kept its volume")
					}
				},
				"pause": func(t *testing.T, w *sim.World) {
					before := record(w, inOrder[2])
					ordered(t, w, core.PodOrder{Verb: tasks.Pause, Pod: "cockroachdb-2"})
					must(t, w, func() bool {
						now := record(w, inOrder[2])
						return now.Idling && now.Status.State == tasks.Running
					}, 5*time.Minute)
					pass(t, w, 2*time.Minute)
					if record(w, inOrder[2]).Ready() {
						t.Error("a paused node counts as ready")
					}
					ordered(t, w, core.PodOrder{Verb: tasks.Resume, Pod: "cockroachdb-2"})
					must(t, w, changed(w, before), 10*time.Minute)
				},
				"update": func(t *testing.T, w *sim.World) {
					w.Environ("NODE_MEM=4000")
					w.Kill()
					mustOneByOne(t, w, func() bool { return w.Deployed() && len(launches(w)) >= 7 }, 10*time.Minute)
					equal(t, launches(w), append(slices.Clone(inOrder), inOrder[:3]...))
				},
				"failed": func(t *testing.T, w *sim.World) {
					before := record(w, inOrder[1])
					if err := w.Exit(before.TaskID, 1); err != nil {
						t.Fatal(err)
					}
					must(t, w, changed(w, before), 5*time.Minute)
				},
				"agent lost": func(t *testing.T, w *sim.World) {
					before := record(w, inOrder[1])
					done(t, w.AgentDown(before.Agent.ID))
					must(t, w, func() bool { return record(w, inOrder[1]).Status.State == tasks.Unreachable }, 5*time.Minute)
					ordered(t, w, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-1"})
					must(t, w, func() bool {
						now := record(w, inOrder[1])
						return now.TaskID != before.TaskID && now.Ready()
					}, 5*time.Minute)
					done(t, w.AgentBack(before.Agent.ID))
					must(t, w, func() bool { return !slices.Contains(w.Running(), before.TaskID) }, 10*time.Second)
					retarget(w)
					must(t, w, func() bool { return w.Healthy() && reserved(w) == 4 }, 5*time.Minute)
				},
				"strays": func(t *testing.T, w *sim.World) {
					gone := record(w, inOrder[3])
					delete(w.Store, "records/"+inOrder[3])
					w.StoreLost = true
					w.Kill()
					must(t, w, func() bool {
						return w.Healthy() && reserved(w) == 4 && !slices.Contains(w.Running(), gone.TaskID)
					}, 30*time.Minute)
				},
				"master failover": func(t *testing.T, w *sim.World) {
					disturbed(t, w, func(m *model.Model, now time.Time) error { m.MasterFailover(now, ""); return nil })
					must(t, w, func() bool { return w.State().Link.Connected && w.Healthy() }, 15*time.Minute)
					equal(t, launches(w), inOrder)
				},
			} {
				t.Run(name, func(t *testing.T) { story(t, installed(t, version, 5)) })
			}
		})
	}
}

// A cluster goes through every version: no task ends by it, and what was launched the old way is launched the new way when it
// is next.
func TestMesosIsUpgradedUnderARunningService(t *testing.T) {
	w := installed(t, editions[0], 5)
	for _, version := range editions[1:] {
		disturbed(t, w, func(m *model.Model, now time.Time) error { m.Upgrade(now, version, ""); return nil })
		must(t, w, func() bool { return w.State().Link.MasterVersion == version && w.Healthy() }, 15*time.Minute)
		equal(t, launches(w), inOrder)
	}
	before := record(w, inOrder[0])
	ordered(t, w, core.PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-0"})
	mustOneByOne(t, w, changed(w, before), 10*time.Minute)
	ordered(t, w, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-0"})
	must(t, w, func() bool {
		return w.Healthy() && reserved(w) == 4 && record(w, inOrder[0]).VolumeID() != before.VolumeID()
	}, 10*time.Minute)
}

// The random lives are lived on old masters too.
func TestRandomHistoriesOnOldMasters(t *testing.T) {
	for _, version := range editions[:4] {
		for seed := range uint64(*histories / 10) {
			history := sim.Generate(*firstSeed + seed)
			history.Mesos = version
			if _, text, err := sim.Live(history); err != nil {
				t.Fatal(report(sim.Failure{History: history, Err: err, Text: text}))
			}
		}
	}
}
