package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// longestRemoval bounds the time in which a service is gone once trouble is over, in rounds of a minute: agents that drain come
// back one after the other, and a task takes its time to end.
const longestRemoval = 40

// uninstall asks for the removal of the service. The process is started anew with the wish, as DC/OS does.
func uninstall(l *Life, _ Op) (bool, error) {
	l.uninstalled = true
	l.retarget()
	l.Kill()
	return true, nil
}

// settleRemoval is the end of a history with that wish: agents come back, those that never will are skipped by hand, and then
// nothing may be left.
func (l *Life) settleRemoval() error {
	for range longestRemoval {
		over, err := l.Run(func() bool { return l.alive && l.state.Removing.Done }, time.Minute)
		if err != nil {
			return err
		}
		if over {
			// Tasks on agents that were away end with the framework.
			if _, err := l.Run(never, 2*time.Minute); err != nil {
				return err
			}
			return l.observe(Uninstalled{})
		}
		l.mendAgents()
		if err := l.skipGone(); err != nil {
			return err
		}
	}
	return broken(removed.Name, "the service is not gone within %d minutes", longestRemoval)
}

// skipGone leaves behind what is on agents that never come back, with the one command that the plan names.
func (l *Life) skipGone() error {
	if l.state.Facts.Removal == nil {
		return nil
	}
	for _, left := range l.state.Facts.Removal.Left {
		if !l.gone[left.Agent.ID] || left.Open() == 0 {
			continue
		}
		if _, _, err := l.ask("skip", core.PlanOrder{Verb: core.PlanForceComplete, Plan: plans.DeployPlan,
			Phase: plans.UnreservePhase + plans.HostOf(left.Agent)}); err != nil {
			return err
		}
	}
	return nil
}
