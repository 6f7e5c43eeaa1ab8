package api

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// absences are the announcements that agents will be away, each with the pods there and whether the scheduler agreed to it.
func absences(state core.State) []wire.Waiting {
	list := slices.SortedFunc(maps.Values(state.Absences), func(a, b core.Absence) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.AgentID, b.AgentID))
	})
	var waits []wire.Waiting
	for _, announced := range list {
		waits = append(waits, absence(state, announced))
	}
	return waits
}

func absence(state core.State, announced core.Absence) wire.Waiting {
	agent, pods := there(state, announced.AgentID)
	long := announced.Duration == 0 || announced.Duration > state.Settings.MoveOver
	length := "without an end"
	if announced.Duration > 0 {
		length = "for " + announced.Duration.String()
	}
	text := fmt.Sprintf("agent %s is announced to be away from %s on, %s", agent, announced.Start.UTC().Format("2006-01-02 15:04:05 UTC"), length)
	switch {
	case len(pods) == 0:
		text += "; no pod of the service is there"
	case long:
		text += fmt.Sprintf("; %s there and to be moved before, as for every absence longer than MAINTENANCE_MOVE_OVER (%s)", are(pods), state.Settings.MoveOver)
	default:
		text += fmt.Sprintf("; %s there and left there, as for every absence up to MAINTENANCE_MOVE_OVER (%s)", are(pods), state.Settings.MoveOver)
	}
	waiting := wire.Waiting{Kind: wire.WaitsAbsence, Subject: announced.AgentID}
	switch {
	case announced.Agreed:
		text += "; the scheduler agrees"
		waiting.Remedy = "Take the agent down when it is time."
	case len(pods) == 0:
		text += "; the scheduler does not agree yet"
		waiting.Remedy = "Leave the agent up until the scheduler agrees."
	case long:
		text += "; the scheduler does not agree yet"
		waiting.Remedy = "Leave the agent up until the scheduler agrees, which is when the pods have moved; what they wait for is in the plan recovery."
	default:
		text += "; the scheduler does not agree yet"
		waiting.Remedy = "Leave the agent up until the scheduler agrees, which is when all other nodes are ready and the database can spare what is there, for one agent with a node at a time."
	}
	waiting.Text = text
	if !announced.Start.After(state.Now) {
		waiting.Since = second(announced.Start)
	}
	if over := announced.Start.Add(announced.Duration); announced.Duration > 0 && over.After(state.Now) {
		waiting.Until = second(over)
	}
	return waiting
}

// there is an agent's name, with its host as far as it is known, and the pods on it. Jobs are not moved: they end.
func there(state core.State, agentID string) (agent string, pods []string) {
	agent = agentID
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			if record.Agent.ID == agentID && record.Job == nil {
				agent = fmt.Sprintf("%s (%s)", record.Agent.Hostname, agentID)
				pods = append(pods, pod.String())
			}
		}
	}
	return agent, slices.Compact(pods)
}
