package process

import (
	"context"
	"reflect"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// checks runs a task's check again and again and reports a result that differs from the last one. A check that timed out or
// could not be run has an empty result.
func (t *task) checks(check mesos.CheckInfo) {
	last := emptyCheckStatus(&check)
	if !pause(t.ctx, seconds(check.GetDelaySeconds())) {
		return
	}
	for {
		result := t.checkOnce(check)
		if t.ctx.Err() != nil {
			return
		}
		if !reflect.DeepEqual(result, last) {
			last = result
			t.update(mesos.REASON_TASK_CHECK_STATUS_UPDATED, func(status *mesos.TaskStatus) { status.CheckStatus = result })
		}
		if !pause(t.ctx, seconds(check.GetIntervalSeconds())) {
			return
		}
	}
}

func (t *task) checkOnce(check mesos.CheckInfo) *mesos.CheckStatusInfo {
	ctx, cancel := limit(t.ctx, seconds(check.GetTimeoutSeconds()))
	defer cancel()
	result := emptyCheckStatus(&check)
	switch {
	case check.Type == mesos.CheckInfo_COMMAND && check.Command != nil:
		if code, ok := t.probeCommand(ctx, "check", &check.Command.Command); ok {
			result.Command.ExitCode = &code
		}
	case check.Type == mesos.CheckInfo_HTTP && check.HTTP != nil:
		if code, ok := probeHTTP(ctx, "http", check.HTTP.Port, check.HTTP.GetPath()); ok {
			result.HTTP.StatusCode = &code
		}
	case check.Type == mesos.CheckInfo_TCP && check.TCP != nil:
		succeeded := probeTCP(ctx, check.TCP.Port)
		result.TCP.Succeeded = &succeeded
	}
	return result
}

// seconds is a time as mesos.proto has it, in seconds as a float.
func seconds(value float64) time.Duration { return time.Duration(value * float64(time.Second)) }

// limit is a context with a time-out; zero means none (CheckInfo.timeout_seconds in mesos.proto).
func limit(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

// pause waits and says whether there is still something to do.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
