package launch

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// readiness is Mesos' general check: its exit code is reported and nothing is done about it. Check commands get the
// task's environment, because the default executor runs them in containers of their own beside the task's.
func readiness(check *tasks.Check, variables *mesos.Environment) *mesos.CheckInfo {
	if check == nil {
		return nil
	}
	return &mesos.CheckInfo{
		Type:            mesos.CheckInfo_COMMAND,
		Command:         &mesos.CheckInfo_Command{Command: shell(check.Command, variables)},
		DelaySeconds:    new(check.Delay.Seconds()),
		IntervalSeconds: new(check.Interval.Seconds()),
		TimeoutSeconds:  new(check.Timeout.Seconds()),
	}
}

// health is the check that kills: after that many failures in a row outside the grace period Mesos ends the task.
func health(check *tasks.Check, variables *mesos.Environment) *mesos.HealthCheck {
	if check == nil {
		return nil
	}
	run := shell(check.Command, variables)
	return &mesos.HealthCheck{
		Type:                mesos.HealthCheck_COMMAND,
		Command:             &run,
		DelaySeconds:        new(check.Delay.Seconds()),
		IntervalSeconds:     new(check.Interval.Seconds()),
		TimeoutSeconds:      new(check.Timeout.Seconds()),
		GracePeriodSeconds:  new(check.Grace.Seconds()),
		ConsecutiveFailures: new(check.Failures),
	}
}

func shell(line string, variables *mesos.Environment) mesos.CommandInfo {
	return mesos.CommandInfo{Shell: new(true), Value: &line, Environment: variables}
}
