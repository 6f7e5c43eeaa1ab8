package sim

import (
	"maps"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// orders are what people asked for, as far as the invariants have to know.
type orders struct {
	asked uint64
	// force are pods that a person took the responsibility for; replaced are those that a person gave up.
	force, replaced map[string]bool
	// paused are pods that a person paused and did not resume since.
	paused map[string]bool
}

// forced says that the pod's end is a person's hand.
func (o orders) forced(pod tasks.Pod) bool { return o.force[pod.String()] }

// Ask gives the process an event with somebody waiting for the answer, as scheduler/run does. False means that no answer
// came: nobody runs, or the process died on the way.
func (w *World) Ask(event core.Asking) (core.Reply, bool, error) {
	if !w.alive {
		return core.Reply{}, false, nil
	}
	w.orders.asked++
	number := w.orders.asked
	w.noteOrder(event)
	err := w.Take(event.For(number))
	reply, answered := w.replies[number]
	delete(w.replies, number)
	if order, is := event.(core.PodOrder); is && !(answered && taken(reply)) {
		w.forgetOrder(order)
	}
	if answered && err == nil {
		err = w.observe(Answered{event, reply})
	}
	return reply, answered, err
}

// forgetOrder forgets an order that was refused, or got lost with the process before it was stored.
func (w *World) forgetOrder(order core.PodOrder) {
	for _, record := range w.records {
		if record.Pod.String() == order.Pod && (record.Asked != nil || !record.GivenUp.IsZero()) {
			return
		}
	}
	w.orders.fulfilled(order.Pod)
}

// fulfilled says that nothing that was asked for a pod is open any more.
func (o orders) fulfilled(pod string) {
	delete(o.force, pod)
	delete(o.replaced, pod)
}

// launched notes that a record is that of another launch: what was asked for the old one is done.
func (o orders) launched(before, after *tasks.Record) {
	if before != nil && before.TaskID != after.TaskID && after.Asked == nil {
		o.fulfilled(after.Pod.String())
	}
}

// noteOrder remembers an order before it is taken: the process may die right after it was stored.
func (w *World) noteOrder(event core.Asking) {
	order, is := event.(core.PodOrder)
	if !is {
		return
	}
	for _, set := range []*map[string]bool{&w.orders.force, &w.orders.replaced, &w.orders.paused} {
		if *set == nil {
			*set = map[string]bool{}
		}
	}
	if order.Force {
		w.orders.force[order.Pod] = true
	}
	switch order.Verb {
	case tasks.Replace:
		w.orders.replaced[order.Pod] = true
	case tasks.Pause:
		w.orders.paused[order.Pod] = true
	}
}

// taken says that an order was taken, by its code.
func taken(reply core.Reply) bool { return reply.Code/100 == http.StatusOK/100 }

// names are the tasks with a record in the store, in order.
func (w *World) names() []string { return slices.Sorted(maps.Keys(w.records)) }

// recordOf is the stored record of a task id, nil when there is none.
func (w *World) recordOf(taskID string) *tasks.Record {
	for _, record := range w.records {
		if record.TaskID == taskID {
			return record
		}
	}
	return nil
}
