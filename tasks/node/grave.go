package node

import (
	"context"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// grave is the work on one dead node.
type grave struct {
	burial
	id int
	// absent counts the looks in a row that did not find the node; said is the last line about it.
	absent int
	said   string
}

// dig does what can be done now: looks whether the node is dead, and decommissions it if so. DecommissionFailed means that
// it is to be tried again soon.
func (g *grave) dig(ctx context.Context) cockroach.DecommissionOutcome {
	select {
	case g.one <- struct{}{}:
		defer func() { <-g.one }()
	case <-ctx.Done():
		return cockroach.DecommissionFailed
	}
	dead, why := g.isDead(ctx)
	if !dead || ctx.Err() != nil {
		g.say(ctx, why)
		return cockroach.DecommissionFailed
	}
	result, err := g.command(ctx, cockroach.DecommissionCommand(g.version, g.at, g.id))
	if err != nil {
		g.say(ctx, fmt.Sprintf("WARNING: cannot decommission the dead node %d, trying again: %v", g.id, err))
		return cockroach.DecommissionFailed
	}
	outcome := cockroach.ReadDecommission(g.version, g.id, result.code, result.stdout, result.stderr)
	switch outcome {
	case cockroach.DecommissionMarked:
		g.say(ctx, fmt.Sprintf("the dead node %d is being decommissioned: its copies are made anew on other nodes", g.id))
	case cockroach.DecommissionFailed:
		g.say(ctx, fmt.Sprintf("WARNING: `cockroach node decommission %d` ended with code %d, trying again: %s", g.id, result.code, explained(result.stderr)))
	}
	return outcome
}

// isDead says whether the database holds the node for dead, and why not if it does not.
func (g *grave) isDead(ctx context.Context) (dead bool, why string) {
	result, err := g.command(ctx, cockroach.NodeStatusCommand(g.version, g.at, g.id))
	var word cockroach.NodeWord
	var known bool
	if err == nil {
		if word, known, err = cockroach.ReadNodeStatus(g.id, result.code, result.stdout, result.stderr); err != nil && result.stderr != "" {
			err = fmt.Errorf("%w: %s", err, explained(result.stderr))
		}
	}
	if err != nil || known {
		g.absent = 0
	}
	switch {
	case err != nil:
		return false, fmt.Sprintf("WARNING: cannot see whether node %d is dead, trying again: %v", g.id, err)
	case !known:
		g.absent++
		return g.absent >= absentLooks, fmt.Sprintf("node %d is not in the database's list: looking again", g.id)
	case word.Alive:
		return false, fmt.Sprintf("node %d is not decommissioned: the database holds it for alive. Looking again", g.id)
	}
	return true, ""
}

// say writes a line unless it was the last one about this node, or the end came in between.
func (g *grave) say(ctx context.Context, line string) {
	if line != g.said && ctx.Err() == nil {
		g.said = line
		g.journal.Say("%s", line)
	}
}
