package launch

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// idleCommand keeps a container with everything the task has, and runs nothing in it but a wait.
const idleCommand = `cd "${MESOS_SANDBOX:-.}" && exec ./cockroachdb-node idle`

// idle is the spec of a paused task (SDK, section 4.4): another command, no health check that would kill it, and a
// readiness check that never passes, so that no plan goes on behind it.
func idle(spec tasks.TaskSpec) tasks.TaskSpec {
	spec.Command, spec.Health = idleCommand, nil
	spec.Readiness = &tasks.Check{Command: "exit 1", Interval: 5 * time.Second, Timeout: 5 * time.Second}
	spec.KillGrace = min(spec.KillGrace, 10*time.Second)
	return spec
}
