package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// large is the largest service that NODE_COUNT allows.
const large = 1000

func count(nodes int) string { return fmt.Sprintf("NODE_COUNT=%d", nodes) }

// frames measures single frames of a large service: what holds the one goroutine that decides, and with it everything.
func frames(t *testing.T, _ string) []figure {
	s := standing(t, large)
	return []figure{
		repeated(figure{name: "frame of a tick, 1,000 pods", limit: 5}, func() time.Duration { return s.mean(10, s.tick) }),
		repeated(figure{name: "frame of a status update that is stored, 1,000 pods", limit: 5}, s.flip),
		repeated(figure{name: "frame of an update of the rollout, 1,000 pods", limit: 10}, rollout(t)),
		repeated(figure{name: "frame of 10,000 offers, 100 pods wanted", limit: 1000}, crowd(t)),
	}
}

// mean is the time of a frame, over as many as it takes.
func (s *stage) mean(frames int, frame func()) time.Duration {
	s.took = 0
	for range frames {
		frame()
	}
	return s.took / time.Duration(frames)
}

func (s *stage) tick() {
	s.now = s.now.Add(time.Second)
	s.take(core.Tick{})
}

// flip is an update with another result of a health check, which is stored.
func (s *stage) flip() time.Duration {
	index := 0
	return s.mean(10, func() {
		index++
		before := len(s.writes)
		s.change(fmt.Sprintf("cockroachdb-%d-node-join", index))
		if len(s.writes) != before+1 {
			s.tb.Fatalf("an update that changed a record made %d writes", len(s.writes)-before)
		}
	})
}

// rollout is a change of every node in the middle of its way: half of the nodes have it, one is stopped, and the gate is
// asked for each of the others.
func rollout(t *testing.T) func() time.Duration {
	s := standing(t, large, "DATABASE_PROBES=required")
	facts := s.state.Facts
	target := facts.Target()
	s.start(count(large), "NODE_DEPLOY_STRATEGY=parallel", "NODE_CPUS=2", "DATABASE_PROBES=required")
	newer := s.state.Facts
	if newer.TargetID == target.ID {
		t.Fatal("the change made no new target")
	}
	for name, record := range newer.Records {
		if record.Pod.Type == tasks.NodePod && record.Pod.Index < large/2 {
			moved := *record
			moved.TargetID = newer.TargetID
			newer.Records[name] = &moved
		}
	}
	s.resume(newer)
	s.word()
	if stopping := s.stopping(); stopping != 1 {
		t.Fatalf("%d nodes are being stopped, want 1: %s", stopping, s.state.Plans[0].Phases[0].Steps[large/2].Reason)
	}
	return func() time.Duration { return s.mean(10, s.tick) }
}

// word is every node's word that the database is well.
func (s *stage) word() {
	s.now = s.now.Add(time.Minute)
	var seen core.DatabaseSeen
	for _, record := range s.state.Facts.Records {
		if record.Pod.Type == tasks.NodePod {
			seen.Nodes = append(seen.Nodes, plans.NodeView{Task: record.Task, TaskID: record.TaskID, At: s.now, Live: large})
		}
	}
	s.take(seen)
}

func (s *stage) stopping() (count int) {
	for _, record := range s.state.Facts.Records {
		if record.Stopped() && !record.Status.State.Ended() {
			count++
		}
	}
	return count
}

// crowd is one event of offers of 10,000 agents for a hundred pods that are wanted at once and fit nowhere.
func crowd(t *testing.T) func() time.Duration {
	event := flat(t, fleet(0, many, small))
	return func() time.Duration {
		s := newStage(t, count(100), "NODE_DEPLOY_STRATEGY=parallel", `NODE_PLACEMENT=[["hostname","UNIQUE"],["@zone","GROUP_BY","3"]]`)
		s.took = 0
		s.take(event)
		if looks := len(s.state.Looks); looks != 100 {
			t.Fatalf("%d pods were held against the offers, want 100", looks)
		}
		return s.took
	}
}
