package api

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// refusalsOf folds what the last offers lacked for a task, each cause with what to change.
func refusalsOf(look core.Look) wire.Refusals {
	explained := look.Explanation
	shown := wire.Refusals{Agents: explained.Agents, AgentID: explained.AgentID, Since: second(look.Since), Last: second(look.At)}
	for _, count := range explained.Counts {
		shown.Causes = append(shown.Causes, wire.Cause{Kind: string(count.Best.Kind), Agents: count.Agents,
			Text: count.String(), Remedy: count.Best.Remedy()})
	}
	if nearest := explained.Nearest; nearest != nil {
		shown.Nearest = &wire.Nearest{AgentID: nearest.AgentID, Hostname: nearest.Hostname}
		for _, cause := range nearest.Causes {
			shown.Nearest.Causes = append(shown.Nearest.Causes, cause.String())
		}
	}
	return shown
}
