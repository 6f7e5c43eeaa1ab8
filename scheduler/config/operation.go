package config

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Operation says how the service is deployed and how it treats failures. Its settings restart no task.
type Operation struct {
	Strategy string   `env:"NODE_DEPLOY_STRATEGY" envDefault:"serial" choices:"serial,parallel" help:"Whether nodes are first deployed one after the other, each behind the readiness of the one before, or all at once. Changes of running nodes are always rolled out one at a time."`
	Probes   string   `env:"DATABASE_PROBES" envDefault:"required" choices:"required,used,off" help:"What the nodes' own word (live nodes, under-replicated and unavailable ranges, asked over HTTP) means for taking a node down on purpose. required: nothing is taken down before they said that all is well. used: a bad word holds it back, silence does not. off: nobody is asked."`
	Replace  Flag     `env:"ENABLE_AUTOMATIC_POD_REPLACEMENT" envDefault:"false" help:"Replaces a pod whose agent stays away, once a new place is found. The data of a database node is then made again from the other nodes."`
	After    Duration `env:"PERMANENT_FAILURE_TIMEOUT_SECS" envDefault:"1200s" min:"1m" max:"168h" help:"How long an agent has to be away before its pods are replaced. The clock goes on while the scheduler is down. A bare number means seconds."`
	Gap      Duration `env:"MIN_REPLACE_DELAY_SECS" envDefault:"600s" min:"10s" max:"168h" help:"Least time between two automatic replacements. A bare number means seconds."`
	MoveOver Duration `env:"MAINTENANCE_MOVE_OVER" envDefault:"1h" min:"0s" max:"8760h" help:"A pod whose agent is announced to be away for longer than this (Mesos maintenance) is moved before; for a shorter absence it waits in place."`
}

// Core is how the core is to behave.
func (s Settings) Core() core.Settings {
	return core.Settings{Uninstall: s.Uninstalls(), FullStop: s.TLS.Change != "", BackOff: s.BackOff(), Probes: core.Probes(s.Operation.Probes), MoveOver: time.Duration(s.Operation.MoveOver),
		Schedule: s.Backup.Schedule,
		Replace:  core.ReplacePolicy{Enabled: bool(s.Operation.Replace), After: time.Duration(s.Operation.After), Gap: time.Duration(s.Operation.Gap)}}
}

// strategy is in which order nodes are first deployed; serial is left out of the target, as older ones do.
func (o Operation) strategy() tasks.Strategy {
	if o.Strategy == string(tasks.Parallel) {
		return tasks.Parallel
	}
	return ""
}
