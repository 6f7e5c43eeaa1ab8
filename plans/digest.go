package plans

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// digest is what the gate needs to know of all nodes together. It is worked out once for a view, or judging a thousand
// steps would look at a thousand nodes each.
type digest struct {
	// order are all tasks, by pod.
	order []string
	// stopping are the nodes that go down by our hand, and idle those that are not ready, each with the reason that it is.
	stopping []hindrance
	idle     []hindrance
	// well is the database's own word.
	well bool
	ill  Reason
	// halt is how far a full stop is.
	halt halt
}

// hindrance is a node because of which another one has to stay up.
type hindrance struct {
	task   string
	reason Reason
}

// digested is the view with its digest.
func (v View) digested() View {
	if v.digest != nil {
		return v
	}
	d := &digest{order: Order(v.Records, v.Order)}
	for _, name := range d.order {
		node := v.Records[name]
		if node.Pod.Type != tasks.NodePod {
			continue
		}
		if node.Stopped() && !node.Status.State.Ended() {
			d.stopping = append(d.stopping, hindrance{name, Reason{Why: WhyGate, Waits: name + " is being stopped"}})
		}
		if node.Leaves.Covers(v.Now) && !node.Status.State.Ended() {
			d.stopping = append(d.stopping, hindrance{name, Reason{Why: WhyGate, Waits: name + " goes down with its agent, for the announced maintenance"}})
		}
		if node.Forced() && node.Status.State.Alive() && !node.Stopped() {
			d.stopping = append(d.stopping, hindrance{name, Reason{Why: WhyGate, Waits: name + " is about to be stopped, as was forced"}})
		}
		switch {
		case node.Idling && node.Paused:
			d.idle = append(d.idle, hindrance{name, Reason{Why: WhyGate, Waits: name + " is paused by hand"}})
		case len(d.idle) > 1:
			// beside looks for the first that is not the task itself: two are enough.
		case !node.Ready():
			d.idle = append(d.idle, hindrance{name, Reason{Why: WhyGate, Waits: fmt.Sprintf("%s is not ready (%s)", name, node.Status.State)}})
		}
	}
	v.digest = d
	d.well, d.ill = well(v)
	d.halt = halted(v)
	return v
}

// beside is the first hindrance that is not the task itself.
func beside(list []hindrance, task string) (Reason, bool) {
	for _, h := range list {
		if h.task != task {
			return h.reason, true
		}
	}
	return Reason{}, false
}
