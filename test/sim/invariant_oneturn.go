package sim

import (
	"fmt"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var oneTurn = Invariant{Name: "one-turn", begin: beginOneTurn,
	Says: "No node is told to get a new certificate while another one is at it that was told before, unless that one went down or away " +
		"since, a person held the plan back or gave another order, or, outside of a change of authority, it took too long and its turn went on."}

// tookTooLong is a turn's time but for a minute, within which a node hears that its turn has begun.
const tookTooLong = plans.ServeWithin - time.Minute

func beginOneTurn() check {
	// told are nodes that are in their turn, by task id, with the serial of what they showed when they were first told, and when that was.
	type turn struct {
		serial string
		since  time.Time
	}
	told := map[string]turn{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Coming:
			switch e := at.Event.(type) {
			case core.RotationOrder:
				clear(told)
			case core.PlanOrder:
				if e.Plan == plans.RotatePlan {
					clear(told)
				}
			}
		case Stored:
			if at.Before == nil || at.After != nil && at.After.TaskID == at.Before.TaskID && at.After.Status.State.Alive() && !at.After.Stopped() {
				return nil
			}
			delete(told, at.Before.TaskID)
		case Answered:
			served, is := at.Event.(core.CertificateServed)
			if !is || at.Reply.Code != http.StatusOK || !at.Reply.Renew {
				return nil
			}
			for _, one := range w.tls.nodes {
				was, still := told[one.id]
				late := w.state.Facts.Security.Change == nil && w.Now().Sub(was.since) >= tookTooLong
				if still && one.id != served.TaskID && !late && !one.renewed(was.serial) {
					return fmt.Errorf("%s is told to get a new certificate while %s is at it", served.TaskID, one.id)
				}
			}
			own, again := told[served.TaskID]
			if !again || own.serial != served.Serial {
				own = turn{served.Serial, w.Now()}
			}
			clear(told)
			told[served.TaskID] = own
		}
		return nil
	}
}

// renewed says that a node shows another certificate than the one with this serial.
func (one *secureNode) renewed(was string) bool { return one.shown != nil && one.shown.Serial != was }
