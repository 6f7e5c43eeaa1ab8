package placement

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Cluster keeps all pods to agents whose field has the value; it is Marathon's word for what Is does.
type Cluster struct {
	header
	exact
}

func cluster(field Field, value string, given bool) (Row, *Fault) {
	if !given || value == "" {
		return nil, needsValue("CLUSTER", "rack-1")
	}
	return Cluster{header: headed(string(field), "CLUSTER", value), exact: exactly(field, value)}, nil
}

func (c Cluster) check(agent *tasks.Agent, _ *Census) *Verdict { return c.exact.require(agent) }
