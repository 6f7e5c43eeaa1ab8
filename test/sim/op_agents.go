package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// faultsOfAgents are what happens to agents, and what their operators do.
var faultsOfAgents = map[string]operation{
	"agent-down":     {weight: 2, do: agentDown},
	"partition":      {weight: 2, do: partition},
	"reboot":         {weight: 2, do: reboot},
	"agent-back":     {weight: 4, do: agentBack},
	"new-id":         {weight: 1, do: newID},
	"gone":           {weight: 1, do: markGone},
	"drain":          {weight: 1, do: drain},
	"reactivate":     {weight: 1, do: reactivate},
	"maintenance":    {weight: 1, do: maintenance},
	"no-maintenance": {weight: 1, do: noMaintenance},
	"unreserve":      {weight: 1, do: unreserve},
	"stranger":       {weight: 1, do: stranger},
	"add-agent":      {weight: 1, do: addAgent},
}

func (l *Life) agent(op Op) model.AgentState {
	agents := l.Model.State().Agents
	return agents[op.Which%len(agents)]
}

func (l *Life) with(do func(m *model.Model, now time.Time) error) bool { return l.With(do) == nil }

func agentDown(l *Life, op Op) (bool, error) { return l.AgentDown(l.agent(op).ID) == nil, nil }

// partition cuts an agent's machine off.
func partition(l *Life, op Op) (bool, error) {
	id := l.agent(op).ID
	if l.AgentDown(id) != nil {
		return false, nil
	}
	l.isolated[id] = true
	return true, nil
}

func reboot(l *Life, op Op) (bool, error) { return l.AgentReboot(l.agent(op).ID) == nil, nil }

// agentBack brings back the first that is away, from one on.
func agentBack(l *Life, op Op) (bool, error) {
	agents := l.Agents()
	for n := range agents {
		if l.AgentBack(agents[(op.Which+n)%len(agents)]) == nil {
			return true, nil
		}
	}
	return false, nil
}

func newID(l *Life, op Op) (bool, error) {
	_, err := l.AgentLost(l.agent(op).ID)
	return err == nil, nil
}

func markGone(l *Life, op Op) (bool, error) {
	return !l.tooFew() && l.MarkGone(l.agent(op).ID) == nil, nil
}

// tooFew says that no agent may be taken for good, for want of places.
func (l *Life) tooFew() bool { return len(l.Agents()) <= 2 }

func drain(l *Life, op Op) (bool, error) {
	agent := l.agent(op)
	if agent.Drain != "" {
		return false, nil
	}
	return l.Drain(agent.ID, time.Duration(op.Arg-20)*time.Second, op.Arg%5 == 0 && !l.tooFew()) == nil, nil
}

func reactivate(l *Life, _ Op) (bool, error) {
	any := false
	for _, id := range l.Agents() {
		any = l.Reactivate(id) == nil || any
	}
	return any, nil
}

// maintenance announces that an agent will be away: for a minute, for hours, or for ever.
func maintenance(l *Life, op Op) (bool, error) {
	away := []time.Duration{0, time.Minute, 3 * time.Hour}[op.Arg%3]
	l.schedule = append(l.schedule, l.Window(l.agent(op).ID, time.Duration(op.Arg)*time.Minute, away))
	return l.Maintain(l.schedule...) == nil, nil
}

func noMaintenance(l *Life, _ Op) (bool, error) {
	any := len(l.schedule) > 0
	l.schedule = nil
	return l.Maintain() == nil && any, nil
}

// unreserve is an operator who gives back what a pod holds where nothing runs on it: a part, or all with the volume.
func unreserve(l *Life, op Op) (bool, error) {
	agents := l.Model.State().Agents
	for n := range agents {
		if agent := agents[(op.Which+n)%len(agents)]; l.giveBack(agent, op.Arg%3 == 0) {
			l.gutted[agent.ID] = true
			return true, nil
		}
	}
	return false, nil
}

// giveBack gives back what an agent holds for us and nobody uses, and says whether that was anything.
func (l *Life) giveBack(agent model.AgentState, withVolumes bool) bool {
	did := false
	for _, resource := range agent.Total {
		if l.FrameworkID() == "" || labelOf(resource, tasks.LabelFrameworkID) != l.FrameworkID() {
			continue
		}
		if resource.GetDisk().GetPersistence() != nil {
			volume := resource
			if !withVolumes || !l.with(func(m *model.Model, now time.Time) error {
				return asError(m.DestroyVolumes(now, agent.ID, []mesos.Resource{volume}))
			}) {
				continue
			}
			resource.Disk = nil
		}
		did = l.with(func(m *model.Model, now time.Time) error {
			return asError(m.Unreserve(now, agent.ID, []mesos.Resource{resource}))
		}) || did
	}
	return did
}

// stranger has another framework hold something in our role.
func stranger(l *Life, op Op) (bool, error) {
	agent := l.agent(op)
	did := l.with(func(m *model.Model, now time.Time) error {
		return asError(m.Reserve(now, agent.ID, []mesos.Resource{Foreign()}))
	})
	if did {
		l.holds[agent.ID] = true
	}
	return did, nil
}

// Foreign is a reservation in our role that another framework made.
func Foreign() mesos.Resource {
	role, principal, value := "cockroachdb-role", "cockroachdb-principal", Stranger
	resource := model.Scalar("mem", 64)
	resource.Reservations = []mesos.Resource_ReservationInfo{{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: &role,
		Principal: &principal, Labels: &mesos.Labels{Labels: []mesos.Label{{Key: tasks.LabelFrameworkID, Value: &value}, {Key: tasks.LabelResourceID, Value: &value}}}}}
	return resource
}

func addAgent(l *Life, _ Op) (bool, error) {
	l.addAgent()
	return true, nil
}

func (l *Life) addAgent() {
	l.added++
	l.with(func(m *model.Model, now time.Time) error {
		m.AddAgent(now, virtual.Agent(l.history.Agents+l.added))
		return nil
	})
}
