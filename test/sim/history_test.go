package sim_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

var (
	histories = flag.Int("histories", 60, "how many random histories to live")
	firstSeed = flag.Uint64("seed", 1, "seed of the first history")
)

// TestRandomHistories lives random lives: crashes between effects, tasks and executors that end, agents that go away
// and come back, masters that fail over. Whatever comes, the invariants hold at every event; and when the trouble is
// over, the service is whole again, with one volume for each node.
func TestRandomHistories(t *testing.T) {
	for i := range *histories {
		seed := *firstSeed + uint64(i)
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { live(t, seed) })
	}
}

func live(t *testing.T, seed uint64) {
	random := sim.Random(seed)
	w := sim.New(model.Options{Seed: int64(seed)}, virtual.Agents(4+random.IntN(3)))
	trouble := true
	w.Crash = func(core.Effect) bool { return trouble && random.IntN(40) == 0 }
	for range 5 + random.IntN(25) {
		if _, err := w.Run(func() bool { return false }, time.Duration(random.IntN(20_000))*time.Millisecond); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, w.Describe())
		}
		disturb(w, random)
	}
	trouble = false
	for _, agent := range w.Model.State().Agents {
		if agent.Connection != "up" {
			w.With(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent.ID) })
		}
	}
	must(t, w, func() bool { return w.Deployed() && w.Healthy() }, 3*time.Hour)
	must(t, w, func() bool { return w.State().Flow.Suppressed }, 10*time.Minute)
	if got := reserved(w); got != 4 {
		t.Errorf("seed %d: %d pods hold reservations, want 4\n%s", seed, got, w.Describe())
	}
	if problems := w.Problems(); len(problems) > 0 {
		t.Errorf("seed %d: the model was told what it had no place for: %v", seed, problems)
	}
}

// disturb does one thing to the world.
func disturb(w *sim.World, random *rand.Rand) {
	agents := w.Agents()
	agent := agents[random.IntN(len(agents))]
	switch random.IntN(8) {
	case 0:
		w.Kill()
	case 1:
		w.With(func(m *model.Model, now time.Time) error { m.MasterFailover(now, ""); return nil })
	case 2:
		w.With(func(m *model.Model, now time.Time) error { return m.AgentDown(now, agent) })
	case 3:
		w.With(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) })
	case 4:
		w.Disconnect()
	default:
		for _, framework := range w.Model.State().Frameworks {
			if len(framework.Tasks) > 0 {
				task := framework.Tasks[random.IntN(len(framework.Tasks))]
				// A task that is not running yet cannot be ended: then nothing happens.
				_ = w.Exit(task.Info.TaskID.Value, random.IntN(2))
			}
		}
	}
}
