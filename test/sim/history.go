package sim

import (
	"fmt"
	"strings"
	"time"
)

// History is what happens to a service: it is data, so that it can be lived again, made shorter, and kept in a test.
type History struct {
	// Seed fixes what the operations leave open (names, how fast copies are made).
	Seed uint64
	// Agents is how many there are at first, Environ what the service is installed with beside NODE_COUNT and NODE_MEM.
	Agents  int
	Environ []string
	// Thorough has processes read the store as bytes, see World.Thorough.
	Thorough bool
	// Mesos is the version of the cluster's Mesos; empty is the newest.
	Mesos string
	// Ops are what happens, in order.
	Ops []Op
}

// Op is one thing that happens, and the time that passes afterwards. It names what it is done to by a number, modulo what
// there is at that moment, so that what is left of a history keeps its meaning when operations are dropped.
type Op struct {
	// Do is the operation's name, see Operations.
	Do string
	// Which picks what it is done to, Arg how, or how much.
	Which, Arg int
	// Force has a person take the responsibility.
	Force bool
	Wait  time.Duration
}

// String is the history as it is written in Go, so that a failing one can be kept in a table.
func (h History) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "sim.History{Seed: %d, Agents: %d, ", h.Seed, h.Agents)
	if len(h.Environ) > 0 {
		fmt.Fprintf(&text, "Environ: %#v, ", h.Environ)
	}
	if h.Thorough {
		text.WriteString("Thorough: true, ")
	}
	if h.Mesos != "" {
		fmt.Fprintf(&text, "Mesos: %q, ", h.Mesos)
	}
	text.WriteString("Ops: []sim.Op{\n")
	for _, op := range h.Ops {
		fmt.Fprintf(&text, "\t%s,\n", op)
	}
	return text.String() + "}}"
}

// String is the operation as it is written in Go.
func (o Op) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "{Do: %q", o.Do)
	if o.Which != 0 {
		fmt.Fprintf(&text, ", Which: %d", o.Which)
	}
	if o.Arg != 0 {
		fmt.Fprintf(&text, ", Arg: %d", o.Arg)
	}
	if o.Force {
		text.WriteString(", Force: true")
	}
	if o.Wait != 0 {
		fmt.Fprintf(&text, ", Wait: %d * time.Millisecond", o.Wait.Milliseconds())
	}
	return text.String() + "}"
}
