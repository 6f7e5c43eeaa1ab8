package node

import (
	"context"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// join brings the running node into its cluster, delivers the verdict on that, and then has the cluster forget the pod's dead
// nodes. That comes last: in a wrong cluster their numbers belong to others.
func (st Start) join(ctx context.Context, s Settings, p prepared, state *stateKeeper, journal *Journal, verdict chan<- error) {
	commands := client{p.binary, st.Dir, st.Environ, clientLimit}
	nodes := p.security.web(s, commands)
	scheduler := reporter{client: s.Scheduler.Client(askLimit), url: s.Scheduler.URL + ClusterPath, journal: journal, first: time.Second, longest: time.Minute}
	m := &membership{
		settings: s, marker: p.marker, volume: p.volume, web: nodes, names: p.security.names(), state: state, journal: journal, poll: 200 * time.Millisecond,
		mayInitialise: s.Init && s.ClusterID == "" && p.marker.ClusterID == "" && !p.damaged,
		initialise: func(ctx context.Context) (clientResult, error) {
			return commands.run(ctx, cockroach.InitCommand(s.Version, s.access(s.Listen.Dial())))
		},
		report: func(ctx context.Context, clusterID string) error {
			return scheduler.run(ctx, ClusterReport{ClusterID: clusterID, TaskID: s.TaskID})
		},
	}
	clusterID, err := m.run(ctx)
	verdict <- err
	if err != nil {
		return
	}
	newBurial(s, nodes, commands, journal, func(ctx context.Context, id int) error {
		return scheduler.run(ctx, ClusterReport{ClusterID: clusterID, TaskID: s.TaskID, DeadNodes: []int{id}})
	}).run(ctx)
}
