package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// longestSettling is the bound of the time in which a service is whole again once trouble is over, in rounds of a minute:
// a node may have to be repaired after the longest back-off of five minutes, and then they all roll, one after the other.
const longestSettling = 90

// patience is after how many rounds a person takes the responsibility for pods whose data is lost: two of them wait for each
// other at the gate, because the database may need what either of them holds.
const patience = 10

// settle is the end of each history: faults stop, people say what they want last, and then the service has to come to it.
func (l *Life) settle() error {
	l.tell("--- trouble is over")
	l.crashes, l.losses, l.drops, l.repeats = nil, nil, nil, nil
	l.Slow, l.Down = time.Time{}, time.Time{}
	l.WorkFor(20 * time.Second)
	l.tls.calm = true
	l.Script(virtual.Script{})
	l.schedule = nil
	_ = l.Maintain()
	calm := l.mendAgents()
	l.mendTasks()
	l.retarget()
	l.Kill()
	if l.uninstalled {
		return l.settleRemoval()
	}
	if _, err := l.Run(func() bool { return l.alive && l.state.Link.Connected }, time.Minute); err != nil {
		return err
	}
	for round := range longestSettling {
		if err := l.lastWishes(round); err != nil {
			return err
		}
		over, err := l.Run(func() bool { return calm && l.wished() && l.whole() }, time.Minute)
		if err != nil {
			return err
		}
		if over {
			return l.quiet(round > 0)
		}
		calm = l.mendAgents()
		l.mendTasks()
	}
	if err := allEnded(l.World); err != nil {
		return broken(jobsEnd.Name, "not reached within %d minutes after the last wish: %v", longestSettling, err)
	}
	if err := allEnrolled(l.World); err != nil {
		return broken(enrolled.Name, "not reached within %d minutes after the last wish: %v", longestSettling, err)
	}
	if err := allRotated(l.World); err != nil {
		return broken(rotated.Name, "not reached within %d minutes after the last wish: %v", longestSettling, err)
	}
	return broken(endState.Name, "not reached within %d minutes after the last wish: %v", longestSettling, atEnd(l.World, l.wish))
}

// wished says that all last wishes were taken.
func (l *Life) wished() bool {
	return len(l.orders.paused) == 0 && len(l.interrupted) == 0 && len(l.completed) == 0
}

// whole says that everything is as it was wished last.
func (l *Life) whole() bool {
	if !l.Healthy() || len(l.state.Facts.Records) != l.wish.Nodes+1 || allEnded(l.World) != nil {
		return false
	}
	for _, record := range l.state.Facts.Records {
		if record.TargetID != l.state.Facts.TargetID || record.Asked != nil || record.Paused || record.Idling || record.Stopped() {
			return false
		}
	}
	return true
}

// quiet waits for the end of the sweep and has all checks look for the last time. Where an agent may have come back after
// the sweep there is another one: strays that are offered to nobody are cleaned when offers flow for another reason.
func (l *Life) quiet(again bool) error {
	if again {
		l.Kill()
	}
	for range 15 {
		over, err := l.Run(func() bool { return l.whole() && l.state.Flow.Suppressed }, time.Minute)
		if err != nil {
			return err
		}
		if over {
			return l.observe(Settled{l.wish})
		}
		l.mendTasks() // a check of before the end of the trouble may have failed since
	}
	return broken(endState.Name, "all is as wished, and yet offers are wanted, or something changes")
}

// mendAgents brings back whom it can, and a new one for each that is gone. False means that it has to come again: an agent
// is still draining.
func (l *Life) mendAgents() bool {
	up, calm := 0, true
	for _, agent := range l.Model.State().Agents {
		id := agent.ID
		if agent.Connection != "up" {
			// A new master knows those of before and waits for them: they come by themselves.
			if l.AgentBack(id) != nil && agent.Connection != "recovered" {
				continue
			}
			calm = false // what it is like is seen once it is back: it may be drained
		}
		up++
		if agent.Deactivated {
			calm = l.Reactivate(id) == nil && calm // refused while it drains: it comes to that again
		}
	}
	for ; up < l.history.Agents; up++ {
		l.addAgent()
	}
	return calm
}

// lastWishes are what a person says in the end: nothing is held back any more, and a pod whose data is gone for good is
// replaced.
func (l *Life) lastWishes(round int) error {
	for _, pod := range l.pods() {
		if !l.orders.paused[pod] {
			continue
		}
		reply, answered, err := l.ask("last resume", core.PodOrder{Verb: tasks.Resume, Pod: pod})
		if err != nil {
			return err
		}
		if answered && taken(reply) {
			delete(l.orders.paused, pod)
		}
	}
	for _, list := range []*[]core.PlanOrder{&l.interrupted, &l.completed} {
		var left []core.PlanOrder
		for _, order := range *list {
			reply, answered, err := l.ask("last "+string(order.Verb), order)
			if err != nil {
				return err
			}
			if !answered || reply.Code >= 500 {
				left = append(left, order)
			}
		}
		*list = left
	}
	if err := l.concede(); err != nil {
		return err
	}
	if err := l.lastCertificates(); err != nil {
		return err
	}
	for _, name := range l.names() {
		record := l.records[name]
		force := round >= patience
		lost := l.gone[record.Agent.ID] || l.gutted[record.Agent.ID] && round >= patience
		if !lost || record.Job != nil || record.Ready() || !record.GivenUp.IsZero() || record.Replacing() && (record.Forced() || !force) {
			continue
		}
		if _, _, err := l.ask("last replace", core.PodOrder{Verb: tasks.Replace, Pod: record.Pod.String(), Force: force}); err != nil {
			return err
		}
	}
	return nil
}
