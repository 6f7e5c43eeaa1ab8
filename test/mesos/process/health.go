package process

import (
	"slices"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// healthChecks reports a task's first healthy result and each change to healthy, every failure that counts, and kills the task
// after so many failures in a row. Failures before the first healthy result do not count during the grace period.
func (t *task) healthChecks(check mesos.HealthCheck) {
	began := time.Now()
	grace := seconds(check.GetGracePeriodSeconds())
	if !pause(t.ctx, seconds(check.GetDelaySeconds())) {
		return
	}
	fresh, failures := true, uint32(0)
	for {
		healthy := t.healthOnce(check)
		switch {
		case t.ctx.Err() != nil:
			return
		case healthy:
			if fresh || failures > 0 {
				t.updateHealth(true)
			}
			fresh, failures = false, 0
		case fresh && time.Since(began) <= grace:
		default:
			failures++
			t.updateHealth(false)
			if failures >= check.GetConsecutiveFailures() {
				t.executor.becomeUnhealthy()
				t.kill(t.ownGrace())
				return
			}
		}
		if !pause(t.ctx, seconds(check.GetIntervalSeconds())) {
			return
		}
	}
}

func (t *task) updateHealth(healthy bool) {
	t.update(mesos.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED,
		func(status *mesos.TaskStatus) { status.Healthy = &healthy })
}

// ownGrace is the grace of the task's kill policy; negative when it has none.
func (t *task) ownGrace() time.Duration {
	if grace := t.info.GetKillPolicy().GetGracePeriod(); grace != nil {
		return time.Duration(grace.Nanoseconds)
	}
	return -1
}

func (t *task) healthOnce(check mesos.HealthCheck) bool {
	ctx, cancel := limit(t.ctx, seconds(check.GetTimeoutSeconds()))
	defer cancel()
	switch {
	case check.Type == mesos.HealthCheck_COMMAND && check.Command != nil:
		code, ok := t.probeCommand(ctx, "health check", check.Command)
		return ok && code == 0
	case check.Type == mesos.HealthCheck_HTTP && check.HTTP != nil:
		code, ok := probeHTTP(ctx, check.HTTP.GetScheme(), check.HTTP.Port, check.HTTP.GetPath())
		if len(check.HTTP.Statuses) > 0 {
			return ok && slices.Contains(check.HTTP.Statuses, code)
		}
		return ok && code >= 200 && code < 400
	case check.Type == mesos.HealthCheck_TCP && check.TCP != nil:
		return probeTCP(ctx, check.TCP.Port)
	}
	return false
}
