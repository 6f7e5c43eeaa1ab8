package node

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

const (
	// burialLimit is how long one start tries. Copies that cannot be made within that time wait for something else.
	burialLimit = time.Hour
	// burialAgain lies between two looks at a node that is marked and still has copies to give away.
	burialAgain = 30 * time.Second
	// absentLooks is how often a node must be missing in the list before it is taken for dead. The list comes by gossip, and a
	// live node shows itself anew every few seconds.
	absentLooks = 5
)

// burial takes the nodes that this pod ran before, on volumes that were given up, out of the cluster. The database never
// forgets a dead node by itself: it waits five minutes before it makes its copies anew, and with two dead nodes beside three
// live ones it counts five, wants five copies of its own ranges and lacks them for ever (seen of v20.1.5).
//
// A node that the database holds for alive is never touched: the scheduler may be wrong, and a node that is decommissioned
// for good cannot come back.
type burial struct {
	version cockroach.Version
	ids     []int
	// at is how to get to our own node's SQL port.
	at cockroach.Access
	// ready says whether our own node serves; own asks for its number.
	ready func(ctx context.Context) error
	own   func(ctx context.Context) (int, error)
	// command runs one client command.
	command func(ctx context.Context, args []string) (clientResult, error)
	// report tells the scheduler that a node is done with; it returns when the scheduler knows.
	report  func(ctx context.Context, id int) error
	journal *Journal
	// first and longest are the pauses between tries: doubled from one to the other.
	first, longest time.Duration
	// one has room for one look at a time: each client takes a share of the task's memory.
	one chan struct{}
}

func newBurial(s Settings, nodes web, commands client, journal *Journal, report func(context.Context, int) error) burial {
	address := s.HTTP.Dial().String()
	return burial{
		version: s.Version, ids: s.DeadNodes, at: s.access(s.Listen.Dial()), command: commands.run, report: report, journal: journal,
		first: time.Second, longest: 30 * time.Second,
		own: func(ctx context.Context) (int, error) { return nodes.askNodeID(ctx, address) },
		ready: func(ctx context.Context) error {
			status, _, err := nodes.ask(ctx, address, cockroach.ReadyPath)
			if err == nil && !cockroach.Ready(status) {
				err = fmt.Errorf("it answers %d", status)
			}
			return err
		},
	}
}

// run ends when all nodes are done with, after burialLimit, or with ctx. It never ends the task.
func (b burial) run(ctx context.Context) {
	if len(b.ids) == 0 {
		return
	}
	own, ok := b.whenReady(ctx)
	if !ok {
		return
	}
	b.one = make(chan struct{}, 1)
	var wait sync.WaitGroup
	for _, id := range b.ids {
		if id == own {
			b.journal.Say("WARNING: the scheduler takes node %d for dead, and that is this node: it is not decommissioned", id)
			continue
		}
		wait.Go(func() { b.node(ctx, id) })
	}
	wait.Wait()
}

// whenReady waits until our own node serves, and gives its number.
func (b burial) whenReady(ctx context.Context) (own int, ok bool) {
	notice := newNotice(b.journal)
	for {
		err := b.ready(ctx)
		if err == nil {
			if own, err = b.own(ctx); err == nil {
				return own, true
			}
		}
		notice.say("waiting to be ready before dead nodes are decommissioned: %v", err)
		if !sleep(ctx, b.first) {
			return 0, false
		}
	}
}

// node sees one node through.
func (b burial) node(ctx context.Context, id int) {
	began, pause := time.Now(), b.first
	grave := &grave{burial: b, id: id}
	for {
		outcome := grave.dig(ctx)
		wait := burialAgain
		switch {
		case ctx.Err() != nil:
			return
		case outcome == cockroach.DecommissionDone:
			b.journal.Say("the dead node %d is decommissioned", id)
			if err := b.report(ctx, id); err != nil && ctx.Err() == nil {
				b.journal.Say("WARNING: the scheduler will ask for node %d again: %v", id, err)
			}
			return
		case time.Since(began) >= burialLimit:
			b.journal.Say("node %d is not decommissioned after %s: the next start of this task goes on with it", id, burialLimit)
			return
		case outcome == cockroach.DecommissionFailed:
			wait, pause = pause, min(2*pause, b.longest)
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}
