package bench

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// nodes are deployed one after the other: each step but the first is one sample. More than 16 would measure the pause
// that the core keeps between revives once the first few are gone.
const nodes = 14

// steps measures the scheduler's own time for a step: from the status update that completes one to the ACCEPT of the
// next, with the file store. The master sends offers the moment it hears REVIVE, and the time it takes for that is
// taken off. What is left is two frames with a write each, and the calls between them.
func steps(t *testing.T, programs string) []figure {
	m := newMaster(t)
	p := scheduling(t, programs, m, fmt.Sprintf("NODE_COUNT=%d", nodes))
	walk := &walk{t: t, master: m, program: p}
	walk.offer()
	for len(walk.took) < nodes {
		walk.hear(receive(t, m.calls, p, "the next call"))
	}
	p.stop(t)
	slices.Sort(walk.took)
	return []figure{
		{name: "from a finished step to the next ACCEPT, median", value: milliseconds(walk.took[nodes/2]), limit: 20, unit: "ms"},
		{name: "from a finished step to the next ACCEPT, 9 of 10 within", value: milliseconds(walk.took[nodes*9/10]), limit: 20, unit: "ms"},
	}
}

// walk plays Mesos for a deployment: each launch starts, runs, and passes its check, each update after the last one
// was acknowledged, as an agent does it.
type walk struct {
	t       *testing.T
	master  *master
	program *program
	// task and agent are of the launch that is on its way, left are the updates still to come.
	task, agent string
	left        []mesos.TaskStatus
	updates     uint64
	agents      int
	// finished is when the update that completes the step left, own is the master's part of the time since.
	finished time.Time
	own      time.Duration
	took     []time.Duration
}

func (w *walk) hear(call heard) {
	switch call.Type {
	case scheduler.Call_ACCEPT:
		w.accepted(call)
	case scheduler.Call_ACKNOWLEDGE:
		w.next()
	case scheduler.Call_REVIVE:
		w.offer()
		if !w.finished.IsZero() {
			w.own += time.Since(call.at)
		}
	}
}

// offer sends four agents that were never seen before.
func (w *walk) offer() {
	w.master.send(w.t, w.program, fleet(w.agents, 4, roomy))
	w.agents += 4
}

func (w *walk) accepted(call heard) {
	w.t.Helper()
	group := mesos.TaskGroupInfo{}
	for _, operation := range call.Accept.Operations {
		if operation.LaunchGroup != nil {
			group = operation.LaunchGroup.TaskGroup
		}
	}
	if len(group.Tasks) != 1 {
		w.t.Fatalf("got an ACCEPT with %d tasks, want one", len(group.Tasks))
	}
	if !w.finished.IsZero() {
		w.took = append(w.took, call.at.Sub(w.finished)-w.own)
	}
	w.finished, w.own = time.Time{}, 0
	task := group.Tasks[0]
	w.task, w.agent = task.TaskID.Value, task.AgentID.Value
	w.left = []mesos.TaskStatus{{State: mesos.TASK_STARTING.Enum()}, {State: mesos.TASK_RUNNING.Enum()}}
	if task.Check != nil {
		passed := &mesos.CheckStatusInfo_Command{ExitCode: new(int32(0))}
		w.left[1].CheckStatus = check(&mesos.CheckStatusInfo_Command{})
		w.left = append(w.left, mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum(), CheckStatus: check(passed)})
	}
	w.next()
}

// next sends the next update, if there is one.
func (w *walk) next() {
	if len(w.left) == 0 {
		return
	}
	status := w.left[0]
	w.left = w.left[1:]
	w.updates++
	status.TaskID, status.AgentID = mesos.TaskID{Value: w.task}, &mesos.AgentID{Value: w.agent}
	status.Source = mesos.SOURCE_EXECUTOR.Enum()
	status.UUID = binary.BigEndian.AppendUint64(make([]byte, 8), w.updates)
	began := w.master.send(w.t, w.program, &scheduler.Event{Type: scheduler.Event_UPDATE, Update: &scheduler.Event_Update{Status: status}})
	if len(w.left) == 0 {
		w.finished = began
	}
}

func check(result *mesos.CheckStatusInfo_Command) *mesos.CheckStatusInfo {
	return &mesos.CheckStatusInfo{Type: mesos.CheckInfo_COMMAND.Enum(), Command: result}
}
