package config

import (
	"time"
)

// Tasks says how tasks are run.
type Tasks struct {
	NodeURI       string   `env:"COCKROACHDB_NODE_URI" help:"Where agents fetch the helper cockroachdb-node. Empty means from the scheduler itself."`
	ExecutorCPUs  Amount   `env:"EXECUTOR_CPUS" envDefault:"0.1" min:"0.01" max:"16" help:"CPUs of a pod's executor, beside the task's."`
	ExecutorMem   Count    `env:"EXECUTOR_MEM_MB" envDefault:"32" min:"32" max:"65536" help:"Memory of a pod's executor in MB. Mesos refuses less than 32."`
	ExecutorDisk  Count    `env:"EXECUTOR_DISK_MB" envDefault:"256" min:"1" max:"1048576" help:"Disk of a pod's sandbox in MB."`
	BackOff       Flag     `env:"ENABLE_BACKOFF" envDefault:"true" help:"Waits longer and longer before a task that keeps failing is launched again."`
	BackOffFirst  Duration `env:"FRAMEWORK_INITIAL_BACKOFF" envDefault:"5s" min:"1s" max:"1h" help:"Wait after the first failure. A bare number means seconds."`
	BackOffFactor Amount   `env:"FRAMEWORK_BACKOFF_FACTOR" envDefault:"2" min:"1" max:"10" help:"Factor from one wait to the next."`
	BackOffMost   Duration `env:"FRAMEWORK_MAX_LAUNCH_DELAY" envDefault:"300s" min:"1s" max:"24h" help:"Longest wait. A bare number means seconds."`
	ReadyInterval Duration `env:"READINESS_CHECK_INTERVAL" envDefault:"10s" min:"1s" max:"10m" help:"Time between two readiness checks of a node."`
	ReadyTimeout  Duration `env:"READINESS_CHECK_TIMEOUT" envDefault:"10s" min:"1s" max:"10m" help:"Time that a readiness or health check may take."`
}

func (t Tasks) check(f *faults) {
	if t.NodeURI != "" {
		f.checkFetch("COCKROACHDB_NODE_URI", t.NodeURI)
	}
	if t.BackOffMost < t.BackOffFirst && !f.broken["FRAMEWORK_INITIAL_BACKOFF"] {
		f.add("FRAMEWORK_MAX_LAUNCH_DELAY", time.Duration(t.BackOffMost).String(),
			"is shorter than FRAMEWORK_INITIAL_BACKOFF, "+time.Duration(t.BackOffFirst).String(), "raise it, or lower the first wait")
	}
}
