package virtual

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Script is how a task behaves from its launch on. Zero durations are the usual ones; negative ones mean never.
type Script struct {
	// Starting is the time from launch to TASK_STARTING (usual: 100 ms), Running from there to TASK_RUNNING (50 ms).
	Starting, Running time.Duration
	// Checks are the results of the task's check, each that long after TASK_RUNNING; a task without a check has none. Usual:
	// exit code 0 after 1 s.
	Checks []CheckResult
	// Healthy is the time from TASK_RUNNING to the first passed health check, for a task that has one. Usual: 1 s.
	Healthy time.Duration
	// Exit, when set, ends the task by itself.
	Exit *Exit
	// Dies is how long the task needs to end after it was told to (usual: 100 ms); when that is longer than the kill grace,
	// it ends after the grace, by SIGKILL.
	Dies time.Duration
}

// CheckResult is one result of a check. ExitCode 0 passes; for HTTP and TCP checks it is turned into 200 or 500, and
// succeeded or not.
type CheckResult struct {
	After    time.Duration
	ExitCode int32
}

// Exit is the end of a task's command.
type Exit struct {
	After time.Duration // since TASK_RUNNING
	Code  int           // 0 is TASK_FINISHED, all else TASK_FAILED
}

type rule struct {
	matches func(mesos.TaskInfo) bool
	script  Script
}

// Script sets how tasks launched from now on behave.
func (c *Cluster) Script(s Script) { c.ScriptFor(func(mesos.TaskInfo) bool { return true }, s) }

// ScriptFor sets it for those tasks that matches holds for. The rule set last wins.
func (c *Cluster) ScriptFor(matches func(mesos.TaskInfo) bool, s Script) {
	c.rules = append(c.rules, rule{matches, s})
}

func (c *Cluster) scriptOf(info mesos.TaskInfo) Script {
	var s Script
	for n := len(c.rules) - 1; n >= 0; n-- {
		if c.rules[n].matches(info) {
			s = c.rules[n].script
			break
		}
	}
	usual := func(field *time.Duration, value time.Duration) {
		if *field == 0 {
			*field = value
		}
	}
	usual(&s.Starting, 100*time.Millisecond)
	usual(&s.Running, 50*time.Millisecond)
	usual(&s.Healthy, time.Second)
	usual(&s.Dies, 100*time.Millisecond)
	if s.Checks == nil {
		s.Checks = []CheckResult{{After: time.Second}}
	}
	return s
}
