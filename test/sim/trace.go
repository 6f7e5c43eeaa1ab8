package sim

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// trace keeps the last lines of what happened, for a failing history that is lived once more.
type trace struct {
	most  int
	lines []string
}

func (w *World) tell(format string, args ...any) {
	if w.trace.most == 0 {
		return
	}
	w.trace.lines = append(w.trace.lines, fmt.Sprintf("%s %s", w.Now().Sub(Begin), fmt.Sprintf(format, args...)))
	if over := len(w.trace.lines) - w.trace.most; over > 0 {
		w.trace.lines = w.trace.lines[over:]
	}
}

func (w *World) tellEffect(effect core.Effect) {
	if w.trace.most == 0 {
		return
	}
	switch e := effect.(type) {
	case core.Write:
		var keys []string
		for key := range e.Set {
			keys = append(keys, key)
		}
		w.tell("  write %v, delete %v", keys, e.Delete)
	case core.Send:
		if accept, is := e.Call.(core.Accept); is {
			launched := "nothing"
			if accept.Launch != nil {
				launched = accept.Launch.Record.TaskID + " on " + accept.Launch.Record.Agent.ID
			}
			w.tell("  ACCEPT launch %s, destroy %d, unreserve %d, reserve %d, create %d", launched, len(accept.Destroy), len(accept.Unreserve),
				len(accept.Reserve), len(accept.Create))
			return
		}
		w.tell("  %s", cut(fmt.Sprintf("%T %+v", e.Call, e.Call)))
	case core.Log:
		w.tell("  log %s %v", e.Message, e.Attrs)
	case core.Reply:
		w.tell("  reply %d %s", e.Code, e.Message)
	}
}

func (w *World) tellEvent(event core.Event) {
	if w.trace.most == 0 {
		return
	}
	switch e := event.(type) {
	case core.Tick:
	case core.Offered:
		var agents []string
		for _, offer := range e.Offers {
			agents = append(agents, offer.Agent.ID)
		}
		w.tell("offers of %s", strings.Join(agents, ", "))
	case core.Updated:
		check := "none"
		if e.Status.CheckExit != nil {
			check = fmt.Sprint(*e.Status.CheckExit)
		}
		w.tell("update %s of %s on %s, %s, check %s, by the agent %v", e.Status.State, e.TaskID, e.AgentID, e.Status.Reason, check, len(e.UUID) > 0)
	default:
		w.tell("%s", cut(fmt.Sprintf("%T %+v", event, event)))
	}
}

func cut(text string) string {
	if len(text) > 300 {
		return text[:300] + "…"
	}
	return text
}

// Traced lives a history and gives the last lines of what happened in it.
func Traced(h History, most int) (string, error) {
	l := newLife(h)
	l.trace.most = most
	err := l.live()
	return strings.Join(l.trace.lines, "\n"), err
}
