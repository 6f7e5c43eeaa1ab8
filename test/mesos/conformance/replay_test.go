package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// slack is how much later than the real master the model may say something.
const slack = 1200 * time.Millisecond

// earliest is how much sooner: less than an allocation interval, so that a pass too early is seen.
const earliest = 450 * time.Millisecond

// replay is one scenario on one model.
type replay struct {
	t     *testing.T
	m     *model.Model
	start time.Time
	now   time.Time

	streams  map[string]int    // the model's stream ids -> the recording's numbers
	headers  map[string]string // recorded headers -> the model's stream ids
	current  string            // the stream opened last
	closed   map[string]bool
	offers   map[string]string // recorded offer ids -> the model's
	uuids    map[string]string // recorded -> the model's
	pending  []fact            // said by the model, not yet seen in the recording
	launched map[string]launched
	kills    map[string]bool
}

type launched struct{ agent, framework, executor string }

func (r *replay) at(s float64) {
	if now := r.start.Add(seconds(s)); now.After(r.now) {
		r.now = now
	}
	r.m.Advance(r.now)
	r.collect()
}

func (r *replay) collect() {
	for _, out := range r.m.Outputs() {
		switch o := out.(type) {
		case model.EventTo:
			if _, known := r.streams[o.StreamID]; !known {
				r.t.Errorf("event %s for unknown stream %s", o.Event.Type, o.StreamID)
			}
			for _, f := range facts(r.streams[o.StreamID], o.Event, func(s string) string { return s }) {
				f.at = r.now
				r.pending = append(r.pending, f)
			}
		case model.CloseStream:
			r.closed[o.StreamID] = true
		case model.LaunchGroup:
			for _, info := range o.Tasks {
				r.launched[info.TaskID.Value] = launched{o.AgentID, o.FrameworkID, o.Executor.ExecutorID.Value}
			}
		case model.KillTask:
			r.kills[o.TaskID] = true
		}
	}
}

// rename puts the model's offer ids into a recorded text.
func (r *replay) rename(text string) string {
	words := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '"' || c == '\'' || c == ',' })
	for _, word := range words {
		if id, ok := r.offers[word]; ok && id != word {
			text = strings.ReplaceAll(text, word, "\x00"+id)
		}
	}
	return strings.ReplaceAll(text, "\x00", "")
}

func (r *replay) do(what, arg string) {
	agent := "master-1-" + arg
	var err error
	switch what {
	case "agent-down":
		err = r.m.AgentDown(r.now, agent)
	case "agent-return":
		err = r.m.AgentReturn(r.now, agent)
	case "agent-reboot":
		err = r.m.AgentReboot(r.now, agent)
	case "agent-removed":
		err = r.m.AgentRemoved(r.now, agent)
	case "agent-lost":
		_, err = r.m.AgentLost(r.now, agent)
	case "master-failover":
		r.m.MasterFailover(r.now, "master-2")
	case "disconnect":
		r.m.Disconnect(r.now, r.current)
	case "report":
		task, state, _ := strings.Cut(arg, " ")
		value := mesos.TaskState(mesos.TaskState_value[state])
		r.report(mesos.TaskStatus{TaskID: mesos.TaskID{Value: task}, State: &value})
	default:
		err = fmt.Errorf("unknown deed %q", what)
	}
	if err != nil {
		r.t.Errorf("%s %s: %v", what, arg, err)
	}
	r.collect()
}

func (r *replay) report(s mesos.TaskStatus) {
	l, ok := r.launched[s.TaskID.Value]
	if !ok {
		r.t.Errorf("the model has not launched task %s", s.TaskID.Value)
		return
	}
	if err := r.m.TaskStatus(r.now, l.agent, l.framework, s); err != nil {
		r.t.Error(err)
	}
	r.collect()
}

// send makes a recorded call and compares the answer.
func (r *replay) send(line row) {
	var refusal *model.Refusal
	status := 0
	if line.Operator {
		refusal, status = r.operate(line)
	} else {
		refusal, status = r.call(line)
	}
	text := ""
	if refusal != nil {
		status, text = refusal.Status, refusal.Text
	}
	want := line.Text
	if id, ok := r.headers[line.Header]; ok {
		want = strings.ReplaceAll(want, line.Header, id)
	}
	if status != line.Status || text != want {
		r.t.Errorf("%s: answer %d %q, the real master's %d %q", line.Name, status, text, line.Status, want)
	}
	r.collect()
}

func (r *replay) call(line row) (*model.Refusal, int) {
	call := &scheduler.Call{}
	if err := json.Unmarshal(line.Send, call); err != nil {
		r.t.Errorf("%s: %v", line.Name, err)
		return nil, 0
	}
	r.translate(call)
	if call.Type == scheduler.Call_SUBSCRIBE {
		if line.Header != "" {
			r.headers[line.Header] = line.Header
			return r.m.Call(r.now, line.Header, call), 0
		}
		stream, refusal := r.m.Subscribe(r.now, call)
		if refusal == nil {
			r.streams[stream], r.current = line.Stream, stream
		}
		return refusal, model.SuccessStatus(call)
	}
	stream := line.Header
	if stream != "" {
		if _, seen := r.headers[stream]; !seen {
			r.headers[stream] = r.current
		}
		stream = r.headers[stream]
	}
	refusal := r.m.Call(r.now, stream, call)
	if r.collect(); refusal == nil && call.Type == scheduler.Call_TEARDOWN && !r.closed[stream] {
		r.t.Errorf("%s: the stream is still open", line.Name)
	}
	return refusal, model.SuccessStatus(call)
}

// translate puts the model's offer ids and uuids into a recorded call.
func (r *replay) translate(call *scheduler.Call) {
	ids := func(list []mesos.OfferID) {
		for n := range list {
			if id, ok := r.offers[list[n].Value]; ok {
				list[n].Value = id
			}
		}
	}
	ids(call.GetAccept().GetOfferIDs())
	ids(call.GetDecline().GetOfferIDs())
	ids(call.GetAcceptInverseOffers().GetInverseOfferIDs())
	ids(call.GetDeclineInverseOffers().GetInverseOfferIDs())
	if a := call.Acknowledge; a != nil {
		if id, ok := r.uuids[string(a.UUID)]; ok {
			a.UUID = []byte(id)
		}
	}
	if a := call.AcknowledgeOperationStatus; a != nil {
		if id, ok := r.uuids[string(a.UUID)]; ok {
			a.UUID = []byte(id)
		}
	}
}

// expect finds a recorded event among what the model has said, playing the executor where one has said it.
func (r *replay) expect(line row) {
	for _, want := range facts(line.Stream, line.Event, r.rename) {
		if r.take(line, want) {
			continue
		}
		r.play(line.Event)
		if r.take(line, want) {
			continue
		}
		found := false
		for end := r.start.Add(seconds(line.At) + slack); !found && r.now.Before(end); {
			next, ok := r.m.Next()
			if !ok || next.After(end) {
				break
			}
			if next.After(r.now) {
				r.now = next
			}
			r.m.Advance(r.now)
			r.collect()
			found = r.take(line, want)
		}
		if !found {
			r.t.Errorf("at %v: the model never said %s %s", line.At, want.channel, want.says)
		}
	}
}

// take removes the first fact of the wanted one's channel and compares it.
func (r *replay) take(line row, want fact) bool {
	for n, have := range r.pending {
		if have.channel != want.channel || have.stream != want.stream {
			continue
		}
		r.pending = append(r.pending[:n], r.pending[n+1:]...)
		if have.says != want.says {
			r.t.Errorf("at %v %s on stream %d\nmodel: %s\nreal:  %s", line.At, want.channel, want.stream, have.says, want.says)
		}
		if early := r.start.Add(seconds(line.At)).Sub(have.at); early > earliest {
			r.t.Errorf("at %v %s: the model said it %s earlier", line.At, want.channel, early)
		}
		if want.offer != "" {
			r.offers[want.offer] = have.offer
		}
		if known, repeated := r.uuids[want.uuid]; want.uuid != "" && repeated && known != have.uuid {
			r.t.Errorf("at %v %s: repeated with another uuid", line.At, want.channel)
		}
		r.uuids[want.uuid] = have.uuid
		if want.event.Type == scheduler.Event_ERROR && !r.closedStream(want.stream) {
			r.t.Errorf("at %v: the stream is open after ERROR", line.At)
		}
		return true
	}
	return false
}

func (r *replay) closedStream(number int) bool {
	for id, n := range r.streams {
		if n == number && r.closed[id] {
			return true
		}
	}
	return false
}

// play does what an executor must have done for a recorded event.
func (r *replay) play(e *scheduler.Event) {
	switch e.Type {
	case scheduler.Event_UPDATE:
		s := e.Update.Status
		if _, repeated := r.uuids[string(s.UUID)]; repeated || s.GetSource() != mesos.SOURCE_EXECUTOR {
			return
		}
		if s.GetState() == mesos.TASK_KILLED && s.Healthy == nil && !r.kills[s.TaskID.Value] {
			r.t.Errorf("the model never ordered the kill of task %s", s.TaskID.Value)
		}
		r.report(fromExecutor(s))
		if l := r.launched[s.TaskID.Value]; l.executor == s.TaskID.Value && isLast(s.GetState()) {
			r.exited(l, 0) // a command executor ends with its task and nobody is told
		}
	case scheduler.Event_FAILURE:
		for _, l := range r.launched {
			if l.executor == e.Failure.ExecutorID.GetValue() && l.agent == e.Failure.AgentID.GetValue() {
				r.exited(l, e.Failure.GetStatus())
				return
			}
		}
	}
}

func (r *replay) exited(l launched, status int32) {
	if err := r.m.ExecutorExited(r.now, l.agent, l.framework, l.executor, status); err != nil {
		r.t.Error(err)
	}
	r.collect()
}

func isLast(s mesos.TaskState) bool {
	return s == mesos.TASK_KILLED || s == mesos.TASK_FAILED || s == mesos.TASK_FINISHED
}

// fromExecutor is what the executor itself said in a status: what master and agent add is left for the model to add.
func fromExecutor(s mesos.TaskStatus) mesos.TaskStatus {
	own := mesos.TaskStatus{TaskID: s.TaskID, State: s.State, Message: s.Message}
	switch s.GetReason() {
	case mesos.REASON_TASK_CHECK_STATUS_UPDATED:
		own.Reason, own.CheckStatus = s.Reason, s.CheckStatus
	case mesos.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED:
		own.Reason, own.Healthy = s.Reason, s.Healthy
	}
	return own
}
