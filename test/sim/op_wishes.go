package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// wishes are what people ask for.
var wishes = map[string]operation{
	"settle":  {do: settled},
	"grow":    {weight: 1, wish: true, do: grow},
	"mem":     {weight: 3, wish: true, do: resize},
	"refused": {weight: 1, wish: true, do: refused},
	"secure":  {weight: 2, wish: true, do: secure},
	"restart": {weight: 3, wish: true, do: podOrder(tasks.Restart)},
	"replace": {weight: 3, wish: true, do: podOrder(tasks.Replace)},
	"pause":   {weight: 2, wish: true, do: podOrder(tasks.Pause)},
	"resume":  {weight: 2, wish: true, do: podOrder(tasks.Resume)},
	"plan":    {weight: 4, wish: true, do: planOrder},
	// It is the last wish of a history, see generate.go.
	"uninstall": {wish: true, do: uninstall},
}

// settled waits until the service is whole, so that what follows meets a running one.
func settled(l *Life, _ Op) (bool, error) {
	_, err := l.Run(func() bool { return l.Deployed() && l.Healthy() }, 2*time.Minute)
	return true, err
}

// grow asks for more nodes. The process is started anew with the wish, as Marathon does.
func grow(l *Life, op Op) (bool, error) {
	if l.wish.Nodes >= l.most {
		return false, nil
	}
	l.wish.Nodes += 1 + op.Arg%(l.most-l.wish.Nodes)
	l.retarget()
	l.Kill()
	return true, nil
}

// resize asks for another size of the nodes, which restarts all of them.
func resize(l *Life, op Op) (bool, error) {
	l.wish.Mem = 2500 + 500*(op.Arg%5)
	l.retarget()
	l.Kill()
	return true, nil
}

// refused asks for what may not follow: the old target stays in force. A later process has the last wish again.
func refused(l *Life, op Op) (bool, error) {
	if l.Store["target"] == nil {
		return false, nil // there is nothing yet that it could contradict
	}
	l.retarget([]string{"NODE_COUNT=1", "NODE_DISK=9000", "FRAMEWORK_USER=nobody", "NODE_DISK_TYPE=MOUNT"}[op.Arg%4])
	l.Kill()
	_, err := l.Run(func() bool { return l.alive }, time.Second)
	l.retarget()
	return true, err
}

func podOrder(verb tasks.Verb) func(*Life, Op) (bool, error) {
	return func(l *Life, op Op) (bool, error) {
		pods := l.pods()
		order := core.PodOrder{Verb: verb, Pod: pods[op.Which%len(pods)], Force: op.Force}
		reply, answered, err := l.ask(string(verb), order)
		if answered && taken(reply) && verb == tasks.Resume {
			delete(l.orders.paused, order.Pod)
		}
		return answered, err
	}
}

var planVerbs = []core.PlanVerb{core.PlanInterrupt, core.PlanContinue, core.PlanRestart, core.PlanForceComplete, core.PlanStop, core.PlanStart}

// planOrder does one of the verbs to a plan, a phase or a step of it.
func planOrder(l *Life, op Op) (bool, error) {
	if len(l.state.Plans) == 0 {
		return false, nil
	}
	return l.orderPlan(pick(l.state.Plans[:2], op), op)
}

// orderPlan does one of the verbs to a part of a plan.
func (l *Life) orderPlan(order core.PlanOrder, op Op) (bool, error) {
	order.Verb = planVerbs[op.Arg%len(planVerbs)]
	_, answered, err := l.ask(string(order.Verb), order)
	if err != nil {
		return false, err
	}
	// Whether or not the process lived to answer: the wish may have been stored.
	undo := order
	switch order.Verb {
	case core.PlanInterrupt, core.PlanStop:
		undo.Verb, undo.Step = core.PlanContinue, ""
		l.interrupted = append(l.interrupted, undo)
	case core.PlanForceComplete:
		l.conceded = l.conceded || order.Plan == plans.DeployPlan
		undo.Verb = core.PlanRestart
		l.completed = append(l.completed, undo)
	}
	return answered, nil
}

// pick names a plan, or one of its phases, or a step.
func pick(all []plans.Plan, op Op) core.PlanOrder {
	plan := all[op.Which%len(all)]
	order := core.PlanOrder{Plan: plan.Name}
	n := op.Which / len(all)
	if n%3 == 0 || len(plan.Phases) == 0 {
		return order
	}
	phase := plan.Phases[n%len(plan.Phases)]
	order.Phase = phase.Name
	if n%3 == 2 && len(phase.Steps) > 0 {
		order.Step = phase.Steps[op.Arg%len(phase.Steps)].Name
	}
	return order
}
