package model

import "time"

// Fault is one thing that goes wrong, or that an operator does, at one moment. It is an error when it cannot happen as things
// are (an agent that is down cannot go down) or when the master refuses it (*Refusal); then nothing has changed, save that
// Strip may have come as far as the volumes.
type Fault func(m *Model, now time.Time) error

// Down stops an agent or cuts it off: its tasks run on, and after the ping time-out they are TASK_UNREACHABLE.
func Down(agentID string) Fault {
	return func(m *Model, now time.Time) error { return m.AgentDown(now, agentID) }
}

// Return ends Down, Reboot and Unregister. What still runs is TASK_RUNNING again.
func Return(agentID string) Fault {
	return func(m *Model, now time.Time) error { return m.AgentReturn(now, agentID) }
}

// Reboot is Down with all executors killed.
func Reboot(agentID string) Fault {
	return func(m *Model, now time.Time) error { return m.AgentReboot(now, agentID) }
}

// Unregister takes an agent out in good order: TASK_LOST.
func Unregister(agentID string) Fault {
	return func(m *Model, now time.Time) error { return m.AgentRemoved(now, agentID) }
}

// NewID has an agent register anew under another id. What it ran ends; reservations and volumes stay with keep.
func NewID(agentID string, keep bool) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		_, err := m.agentLost(agentID, keep)
		return err
	}
}

// Gone is the operator's MARK_AGENT_GONE.
func Gone(agentID string) Fault {
	return func(m *Model, now time.Time) error { return asError(m.MarkAgentGone(now, agentID)) }
}

// Drain is the operator's DRAIN_AGENT; see DrainAgent.
func Drain(agentID string, maxGrace time.Duration, markGone bool) Fault {
	return func(m *Model, now time.Time) error {
		return asError(m.DrainAgent(now, agentID, maxGrace, markGone))
	}
}

// Reactivate is the operator's REACTIVATE_AGENT, which ends a drain.
func Reactivate(agentID string) Fault {
	return func(m *Model, now time.Time) error { return asError(m.ReactivateAgent(now, agentID)) }
}

// Away puts an agent's machine into the maintenance schedule, from now+in on and for length; zero is for ever. Other machines stay
// in the schedule. Frameworks with something there get INVERSE_OFFERS. The agent itself stays up: Down is another fault.
func Away(agentID string, in, length time.Duration) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		return m.planAbsence(agentID, &Window{Start: now.Add(in), Duration: length})
	}
}

// Stay takes an agent's machine out of the maintenance schedule. Outstanding inverse offers are rescinded.
func Stay(agentID string) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		return m.planAbsence(agentID, nil)
	}
}

// Strip is an operator who takes reservations on an agent away: DESTROY_VOLUMES and then UNRESERVE_RESOURCES for all that carry
// the label. While a task uses one of them the master refuses it. Nothing to take is no fault.
func Strip(agentID, label, value string) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		return m.strip(agentID, label, value, true)
	}
}

// Wipe is an operator's DESTROY_VOLUMES alone: the reservations stay.
func Wipe(agentID, label, value string) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		return m.strip(agentID, label, value, false)
	}
}

// RescindOffers takes back what is on offer of an agent, of all when agentID is empty.
func RescindOffers(agentID string) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		return m.rescindOffers(agentID)
	}
}

// RescindNext has the next n offers taken back as soon as they are made: the framework finds OFFERS and RESCIND together,
// and an ACCEPT comes too late. Zero ends it.
func RescindNext(n int) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		m.snatch = n
		return nil
	}
}

// LoseUpdates has the next n statuses get lost between agent and master, repeated ones too. The agents send them again, as long as
// they are not acknowledged, and hold back what comes after. Zero ends it.
func LoseUpdates(n int) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		m.lose = n
		return nil
	}
}

// RepeatUpdates has agents send the last status of their tasks again with the same uuid, acknowledged or not: that of the last 16
// tasks that had one, on agents that are up.
func RepeatUpdates() Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		m.repeatUpdates()
		return nil
	}
}

// SlowOffers sets the time between two allocation passes from the next one on.
func SlowOffers(interval time.Duration) Fault {
	return func(m *Model, now time.Time) error {
		m.touch(now)
		m.slowOffers(interval)
		return nil
	}
}

// Failover replaces the master; see MasterFailover.
func Failover() Fault {
	return func(m *Model, now time.Time) error {
		m.MasterFailover(now, "")
		return nil
	}
}
