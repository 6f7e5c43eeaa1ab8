package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// faultsOfTasks are what tasks do by themselves.
var faultsOfTasks = map[string]operation{
	"exit":    {weight: 4, do: exit},
	"oom":     {weight: 1, do: killExecutor},
	"outage":  {weight: 1, do: outage},
	"unready": {weight: 1, do: unready},
	"slow":    {weight: 2, do: slowDeath},
	"loop":    {weight: 1, do: loop},
	"heal":    {weight: 1, do: heal},
}

// running is one of the tasks whose command runs.
func (l *Life) running(op Op) (string, bool) {
	ids := l.Running()
	if len(ids) == 0 {
		return "", false
	}
	return ids[op.Which%len(ids)], true
}

func exit(l *Life, op Op) (bool, error) {
	id, any := l.running(op)
	return any && l.Exit(id, op.Arg%2) == nil, nil
}

func killExecutor(l *Life, op Op) (bool, error) {
	id, any := l.running(op)
	return any && l.KillExecutor(id) == nil, nil
}

// outage ends all tasks at once.
func outage(l *Life, _ Op) (bool, error) {
	any := false
	for _, id := range l.Running() {
		any = l.Exit(id, 137) == nil || any
	}
	return any, nil
}

// unready has a running task's check fail, and pass again when Arg is even.
func unready(l *Life, op Op) (bool, error) {
	id, any := l.running(op)
	if info, known := l.Info(id); !any || !known || idles(info) || l.bare(id) || l.Check(id, 1) != nil {
		return false, nil
	}
	if op.Arg%2 == 0 {
		if _, err := l.Run(never, time.Duration(op.Arg)*time.Second); err != nil {
			return true, err
		}
	}
	// A node that is never ready again would not be wrong: it is what a person would have to look after.
	_ = l.Check(id, 0)
	return true, nil
}

// slowDeath has the tasks that are launched from now on take their time to end.
func slowDeath(l *Life, op Op) (bool, error) {
	l.Script(virtual.Script{Dies: time.Duration(1+op.Arg) * time.Second})
	return true, nil
}

// loop has the next launches of one task end soon, or never get ready.
func loop(l *Life, op Op) (bool, error) {
	names := l.names()
	if len(names) == 0 {
		return false, nil
	}
	name := names[op.Which%len(names)]
	script := virtual.Script{Exit: &virtual.Exit{After: 200 * time.Millisecond, Code: 1}}
	if op.Arg%2 == 0 {
		script = virtual.Script{Checks: []virtual.CheckResult{{After: time.Second, ExitCode: 1}}}
	}
	l.ScriptFor(func(info mesos.TaskInfo) bool { return info.Name == name }, script)
	return true, nil
}

// heal has all launches from now on go well. What hangs already is looked after by its owner.
func heal(l *Life, _ Op) (bool, error) {
	l.Script(virtual.Script{})
	l.mendTasks()
	return true, nil
}
