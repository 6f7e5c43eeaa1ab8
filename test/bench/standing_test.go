package bench

import (
	"maps"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// standing is a deployed service of this many nodes, made without playing its whole deployment: all nodes are launched at
// once, and their records say then that they are ready. What is stored is what a deployment leaves.
func standing(tb testing.TB, nodes int, environ ...string) *stage {
	tb.Helper()
	s := newStage(tb, append(environ, count(nodes), "NODE_DEPLOY_STRATEGY=parallel")...)
	for first := 0; len(s.state.Facts.Records) < nodes; first += nodes {
		s.offer(first, nodes, roomy)
	}
	facts := s.state.Facts
	facts.Records = maps.Clone(facts.Records)
	for name, record := range facts.Records {
		facts.Records[name] = ready(s, *record)
	}
	facts.Cluster.Initialised, facts.Deployed = true, true
	s.resume(facts)
	// The metrics pod and what else follows the nodes.
	s.deploy()
	s.quiet()
	return s
}

func ready(s *stage, record tasks.Record) *tasks.Record {
	record.Status = life()[2]
	record.Status.At, record.Status.Since = s.now, s.now
	record.ReadyAt, record.LastIPs = s.now, record.Status.IPs
	record.Confirmed, record.Reached = true, true
	return &record
}

// resume is a process that finds these facts, is subscribed, and got an answer for every task.
func (s *stage) resume(facts core.Facts) {
	target := facts.Target()
	s.state, _ = core.Start(facts, target, "unused", s.now, s.state.Settings)
	s.take(core.Subscribed{FrameworkID: frameworkID, MasterID: "master-1", MasterVersion: "1.11.0"})
	s.state.Reconcile.Waiting = map[string]string{}
	s.take(core.Tick{})
}
