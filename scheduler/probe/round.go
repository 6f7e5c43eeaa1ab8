package probe

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// atOnce is how many nodes are asked at the same time. With 1,000 nodes that are all silent a round takes 48 s.
const atOnce = 64

// round asks every node once and tells the core, in the order of the tasks' names. A round that the context ended tells
// nothing: nodes that were not asked any more are not silent.
func (p Prober) round(ctx context.Context, state core.State) {
	nodes := running(state)
	if len(nodes) == 0 {
		return
	}
	views := make([]plans.NodeView, len(nodes))
	places := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	for i, record := range nodes {
		places <- struct{}{}
		wait.Go(func() {
			way := p.way(state, *record)
			views[i] = p.node(ctx, way, *record)
			if views[i].Error == "" && nameless(state) {
				// One that does not tell is asked again in the next round; the gate needs no id.
				views[i].ClusterID, _ = p.cluster(ctx, way, *record)
			}
			<-places
		})
	}
	wait.Wait()
	if ctx.Err() == nil {
		p.Tell(ctx, core.DatabaseSeen{Nodes: views})
	}
}

// running are the records of database nodes whose task runs, by name.
func running(state core.State) []*tasks.Record {
	var nodes []*tasks.Record
	for _, task := range slices.Sorted(maps.Keys(state.Facts.Records)) {
		record := state.Facts.Records[task]
		if record.Pod.Type == tasks.NodePod && record.Status.State == tasks.Running {
			nodes = append(nodes, record)
		}
	}
	return nodes
}
