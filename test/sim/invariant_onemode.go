package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var oneMode = Invariant{Name: "one-mode", begin: beginOneMode,
	Says: "No node is launched with TLS while one without may run, nor the other way round, as far as the scheduler was told. Of a node " +
		"that cannot be reached a person may say that it does not run."}

func beginOneMode() check {
	// word is the last word on each node that was launched.
	word := map[string]tasks.State{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Coming:
			if update, is := at.Event.(core.Updated); is {
				if _, node := w.modes[update.TaskID]; node {
					word[update.TaskID] = update.Status.State
				}
			}
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if !is || accept.Launch == nil || !isNode(&accept.Launch.Record) {
				return nil
			}
			launch := accept.Launch
			w.modes[launch.Record.TaskID] = launch.Target.Service.Secure
			if w.StoreLost {
				return nil
			}
			for _, name := range w.names() {
				record := w.records[name]
				if !isNode(record) {
					continue
				}
				ids := []string{record.TaskID}
				for _, former := range record.Former {
					ids = append(ids, former.TaskID)
				}
				for _, id := range ids {
					secure, launched := w.modes[id]
					state := word[id]
					if launched && secure != launch.Target.Service.Secure && !state.Ended() && (state != tasks.Unreachable || !w.conceded) {
						return fmt.Errorf("%s is launched, TLS %v, while %s may run the other way, the last word on it: %q",
							launch.Record.Task, !secure, id, state)
					}
				}
			}
		}
		return nil
	}
}

// turns says that a node is to be launched in the other mode, so that all of them stop together.
func (w *World) turns(record *tasks.Record) bool {
	secure, launched := w.modes[record.TaskID]
	return launched && secure != w.state.Facts.Target().Service.Secure
}

// secure asks for nodes with TLS, or without, by a full stop.
func secure(l *Life, _ Op) (bool, error) {
	l.wish.Secure = !l.wish.Secure
	l.retarget()
	l.Kill()
	return true, nil
}

// concede is what a person says in the end of nodes on agents that never come back: a full stop needs not wait for them.
func (l *Life) concede() error {
	if len(l.state.Plans) == 0 {
		return nil
	}
	for _, phase := range l.state.Plans[0].Phases {
		for _, step := range phase.Steps {
			record := l.records[step.Task]
			if phase.Name != plans.FullStopPhase || step.Status == plans.Complete || record == nil {
				continue
			}
			lost := l.gone[record.Agent.ID] && !record.Status.State.Alive()
			for _, former := range record.Former {
				lost = lost || l.gone[former.AgentID]
			}
			if !lost {
				continue
			}
			l.conceded = true
			if _, _, err := l.ask("concede", core.PlanOrder{Verb: core.PlanForceComplete, Plan: plans.DeployPlan, Phase: phase.Name, Step: step.Name}); err != nil {
				return err
			}
		}
	}
	return nil
}
