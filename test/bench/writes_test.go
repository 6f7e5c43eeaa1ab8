package bench

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// writes counts what the store is asked to do, exactly: for a launch, for each change of a task's status, for a repeated
// update, and for a restart by hand from the wish to ready. It weighs the batches of a large service too.
func writes(t *testing.T, _ string) []figure {
	s := standing(t, 3)
	task := "cockroachdb-1-node-join"
	figures := []figure{
		s.writing("writes for a status update that changes something", 1, func() { s.change(task) }),
		s.writing("writes for the same status update once more", 0, func() { s.update(s.record(task), s.record(task).Status) }),
	}
	before := s.record(task)
	wish := func() {
		s.take(core.PodOrder{Verb: tasks.Restart, Pod: before.Pod.String(), Request: 1})
		s.take(core.Tick{})
		if !s.record(task).Stopped() {
			t.Fatal("the task is not being stopped")
		}
	}
	end := func() { s.update(s.record(task), tasks.Status{State: tasks.Killed}) }
	var calls []core.Call
	launch := func() {
		calls = s.take(core.Offered{Offers: home(before)})
		if s.record(task).TaskID == before.TaskID {
			t.Fatal("the task was not launched again")
		}
	}
	begin := len(s.writes)
	figures = append(figures, s.writing("writes for a restart by hand: the wish and the kill", 2, wish),
		s.writing("writes for a restart by hand: the task has ended", 1, end),
		s.writing("writes for a launch", 2, launch))
	weight := weigh(s.writes[len(s.writes)-1:])
	figures = append(figures,
		s.writing("writes for a launch: starting, running, ready", 3, func() { s.lives(calls) }),
		figure{name: "writes for a restart by hand, from the wish to ready", value: float64(len(s.writes) - begin), limit: 8, unit: "writes", exact: true},
		figure{name: "bytes of the write for a launch, 3 pods", value: float64(weight), limit: 10_000, unit: "bytes", exact: true})
	return append(figures, weights(t)...)
}

// weights are the batches of a service of 1,000 pods. The largest is a deployment in parallel for which one event brings
// all agents. Each of them has to be one that the store takes.
func weights(t *testing.T) []figure {
	s := newStage(t, count(large), "NODE_DEPLOY_STRATEGY=parallel")
	s.offer(0, large, roomy)
	memory := store.NewMemory().Open()
	if _, err := memory.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, write := range s.writes {
		if err := memory.Apply(t.Context(), store.Batch{Set: write.Set, Delete: write.Delete}); err != nil {
			t.Errorf("%d keys, %d bytes: %v", len(write.Set), weigh([]core.Write{write}), err)
			break
		}
	}
	record := s.store["records/cockroachdb-500-node-join"]
	return []figure{
		{name: "bytes of the largest batch, 1,000 pods offered room at once", value: float64(weigh(s.writes)), limit: store.MaxBatch, unit: "bytes", exact: true},
		{name: "bytes of a record, 1,000 pods", value: float64(len(record)), limit: 10_000, unit: "bytes", exact: true},
	}
}

// writing counts the writes of what is done.
func (s *stage) writing(name string, limit float64, what func()) figure {
	before := len(s.writes)
	what()
	return figure{name: name, value: float64(len(s.writes) - before), limit: limit, unit: "writes", exact: true}
}

func (s *stage) record(task string) *tasks.Record { return s.state.Facts.Records[task] }

// weigh is the largest of these writes, in bytes of keys and values.
func weigh(writes []core.Write) (largest int) {
	for _, write := range writes {
		largest = max(largest, size(write))
	}
	return largest
}

// home is an offer of what a pod holds.
func home(record *tasks.Record) []offers.Offer {
	offer := offers.Offer{IDs: []string{"offer-of-its-place"}, Agent: record.Agent}
	for _, held := range record.Held {
		offer.Resources = append(offer.Resources, held.Resource)
	}
	return []offers.Offer{offer}
}
