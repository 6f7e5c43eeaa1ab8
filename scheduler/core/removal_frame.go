package core

import "time"

// removalFrame is Frame for a service that is being removed: tasks are killed without asking the gate, what they held is
// given back as it is offered, and the framework is removed last. It never launches anything.
func (f *frame) removalFrame(old State, event Event) (State, []Effect) {
	f.Removing = f.Removing.clone()
	f.foldRemoval(event)
	if !f.Removing.Done {
		f.killLeft()
		f.repeatKills()
		f.askLeft()
		f.silentlyGone()
		f.derive()
		f.flow()
		f.teardown()
		f.derive()
	}
	f.logPlans(old.Plans)
	effects := f.effects(old)
	return f.State, effects
}

func (f *frame) foldRemoval(event Event) {
	if f.answerInRemoval(event) || f.Removing.Done {
		return
	}
	switch e := event.(type) {
	case Subscribed:
		f.subscribed(e)
		clear(f.Removing.Heard)
		f.Removing.Ask, f.Removing.Sent = f.Now, time.Time{}
	case Disconnected:
		f.disconnected(e)
		f.cutOff()
	case Offered:
		f.Counters.add("offers.received", offerCount(e))
		f.Flow.Flowed = f.Now
		f.giveBack(e.Offers)
	case Rescinded:
		f.Counters.add("offers.rescinded", 1)
	case Updated:
		f.leftUpdated(e)
	case AgentFailed:
		if e.ExecutorID == "" {
			f.lost(e.AgentID)
		}
	case MasterError:
		if e.Message != frameworkRemoved {
			f.rest = append(f.rest, masterRefused(e.Message))
			return
		}
		f.frameworkGone("the master says so")
	case Announced:
		// Whoever wants the agent down may have it at once.
		for _, absence := range e.Absences {
			f.send(AnswerInverse{OfferID: absence.OfferID, Agree: true, Refuse: askInverseAgain})
		}
	}
}
