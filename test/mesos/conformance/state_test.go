package conformance

import (
	"fmt"
	"slices"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// pageState is what a recorded GET /state (or GET_AGENTS) said, cut down to what State has.
type pageState struct {
	Agents map[string]pageAgent `json:"agents"`
	Tasks  []pageTask           `json:"tasks"`
}

type pageAgent struct {
	Connection  string             `json:"connection"`
	Deactivated bool               `json:"deactivated"`
	Drain       string             `json:"drain"`
	Total       map[string]float64 `json:"total"` // cpus, mem, disk; the others too; absent for GET_AGENTS
	Used        map[string]float64 `json:"used"`
	Offered     map[string]float64 `json:"offered"`
	Reserved    map[string]float64 `json:"reserved"` // for the recorded role
}

type pageTask struct {
	ID       string   `json:"id"`
	Executor string   `json:"executor"`
	Agent    string   `json:"agent"`
	State    string   `json:"state"`
	Statuses []string `json:"statuses"`
}

// compareState compares the model's State with a recorded page.
func (r *replay) compareState(line row) {
	state := r.m.State()
	if len(state.Agents) != len(line.State.Agents) {
		r.t.Errorf("%s: %d agents, the real master's %d", line.Name, len(state.Agents), len(line.State.Agents))
	}
	for _, a := range state.Agents {
		want := line.State.Agents[a.ID]
		have := pageAgent{Connection: a.Connection, Deactivated: a.Deactivated, Drain: a.Drain}
		if want.Total != nil {
			have.Total, have.Used, have.Offered = sums(a.Total, ""), sums(a.Used, ""), sums(a.Offered, "")
			have.Reserved = sums(a.Total, "cockroachdb-role")
		}
		if fmt.Sprintf("%+v", have) != fmt.Sprintf("%+v", want) {
			r.t.Errorf("%s: agent %s\nmodel: %+v\nreal:  %+v", line.Name, a.ID, have, want)
		}
	}
	var tasks []pageTask
	for _, f := range state.Frameworks {
		for _, t := range f.Tasks {
			tasks = append(tasks, pageOf(t))
		}
	}
	if fmt.Sprint(tasks) != fmt.Sprint(line.State.Tasks) {
		r.t.Errorf("%s: tasks\nmodel: %v\nreal:  %v", line.Name, tasks, line.State.Tasks)
	}
}

func pageOf(t model.TaskState) pageTask {
	page := pageTask{ID: t.Info.TaskID.Value, Executor: t.ExecutorID, Agent: t.AgentID, State: t.State.String()}
	for _, s := range t.Statuses {
		page.Statuses = append(page.Statuses, s.GetState().String())
	}
	return page
}

// sums adds up cpus, mem and disk, of one role's reservations when a role is given.
func sums(resources []mesos.Resource, role string) map[string]float64 {
	resources = slices.DeleteFunc(slices.Clone(resources), func(r mesos.Resource) bool {
		return role != "" && (len(r.Reservations) == 0 || r.Reservations[0].GetRole() != role)
	})
	p, err := pile.Of(resources)
	if err != nil {
		return nil
	}
	return map[string]float64{"cpus": p.Scalar("cpus"), "mem": p.Scalar("mem"), "disk": p.Scalar("disk")}
}
