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
	histories = flag.Int("histories", 50, "how many random histories to live")
	firstSeed = flag.Uint64("seed", 1, "seed of the first history")
)

// TestRandomHistories lives random lives: crashes between effects, calls that get lost, tasks that end and tasks that are
// slow to, agents that go away and come back, masters that fail over, other targets. Whatever comes, the invariants hold at every event; and when the trouble is
// over, the service is whole again, with one volume for each node.
func TestRandomHistories(t *testing.T) {
	for i := range *histories {
		seed := *firstSeed + uint64(i)
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { live(t, seed) })
	}
}

func live(t *testing.T, seed uint64) {
	random := sim.Random(seed)
	agents := 4 + random.IntN(3)
	w := sim.New(model.Options{Seed: int64(seed)}, virtual.Agents(agents))
	wish := &wish{most: agents, nodes: 3, mem: 3000}
	trouble := true
	w.Crash = func(core.Effect) bool { return trouble && random.IntN(40) == 0 }
	w.Lose = func(core.Call) bool { return trouble && random.IntN(100) == 0 }
	for range 5 + random.IntN(25) {
		w.Script(virtual.Script{Dies: time.Duration(1+random.IntN(20_000)) * time.Millisecond})
		if _, err := w.Run(func() bool { return false }, time.Duration(random.IntN(20_000))*time.Millisecond); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, w.Describe())
		}
		disturb(w, random, wish)
	}
	trouble = false
	for _, agent := range w.Model.State().Agents {
		if agent.Connection != "up" {
			w.With(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent.ID) })
		}
	}
	// The last wish may have died with its process, or never got one.
	w.Environ(wish.environ()...)
	w.Kill()
	must(t, w, func() bool { return w.Healthy() && under(w) && len(w.State().Facts.Records) == wish.nodes+1 }, 3*time.Hour)
	must(t, w, func() bool { return w.State().Flow.Suppressed }, 10*time.Minute)
	if got, want := reserved(w), wish.nodes+1; got != want {
		t.Errorf("seed %d: %d pods hold reservations, want %d\n%s", seed, got, want, w.Describe())
	}
	if problems := w.Problems(); len(problems) > 0 {
		t.Errorf("seed %d: the model was told what it had no place for: %v", seed, problems)
	}
}

// wish is what the environment asks for: any memory, and never fewer nodes than before.
type wish struct{ most, nodes, mem int }

func (x *wish) environ() []string {
	return []string{fmt.Sprint("NODE_COUNT=", x.nodes), fmt.Sprint("NODE_MEM=", x.mem)}
}

// disturb does one thing to the world.
func disturb(w *sim.World, random *rand.Rand, wish *wish) {
	agents := w.Agents()
	agent := agents[random.IntN(len(agents))]
	switch random.IntN(11) {
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
	case 5:
		wish.nodes += random.IntN(wish.most - wish.nodes + 1)
		retarget(w, wish.environ()...)
	case 6, 7:
		wish.mem = 2500 + 500*random.IntN(5)
		retarget(w, wish.environ()...)
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
