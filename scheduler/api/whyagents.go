package api

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// awayAgents are the agents that the master cannot reach, with the pods on them.
func awayAgents(state core.State) []wire.Waiting {
	byAgent := map[string][]*tasks.Record{}
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			// What a job waits for is the job's own affair: nothing of it is left behind.
			if !record.Away.IsZero() && record.Job == nil {
				byAgent[record.Agent.ID] = append(byAgent[record.Agent.ID], record)
			}
		}
	}
	var list []wire.Waiting
	for _, records := range byAgent {
		list = append(list, awayAgent(state, records))
	}
	slices.SortFunc(list, func(a, b wire.Waiting) int {
		return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.Subject, b.Subject))
	})
	return list
}

// awayAgent tells of one agent. With automatic replacement until is when the first pod may be replaced.
func awayAgent(state core.State, records []*tasks.Record) wire.Waiting {
	agent, since := records[0].Agent, records[0].Away
	for _, record := range records {
		if record.Away.Before(since) {
			since = record.Away
		}
	}
	left, replaced := replacements(records)
	waiting := wire.Waiting{Kind: wire.WaitsAgent, Subject: agent.ID, Since: second(since),
		Text: fmt.Sprintf("the master cannot reach agent %s (%s), where %s", agent.Hostname, agent.ID, are(append(replaced[:len(replaced):len(replaced)], left...)))}
	if len(replaced) > 0 {
		waiting.Text += fmt.Sprintf("; %s to be replaced already", are(replaced))
	}
	if len(left) == 0 {
		waiting.Remedy = "The plan recovery shows how far that is."
		return waiting
	}
	commands := make([]string, len(left))
	for i, pod := range left {
		commands[i] = "pod replace " + pod
	}
	waiting.Remedy = fmt.Sprintf("Bring the agent back, or give the place and the data on it up (%s).", strings.Join(commands, ", "))
	if policy := state.Settings.Replace; policy.Enabled {
		waiting.Text += fmt.Sprintf("; ENABLE_AUTOMATIC_POD_REPLACEMENT may replace what is there once it is away for %s", policy.After)
		if end := since.Add(policy.After); end.After(state.Now) {
			waiting.Until = second(end)
		}
	}
	return waiting
}

// replacements are the pods of these records, apart: those that are to be replaced already, and the others.
func replacements(records []*tasks.Record) (left, replaced []string) {
	for _, record := range records {
		if record.Replacing() {
			replaced = append(replaced, record.Pod.String())
		} else {
			left = append(left, record.Pod.String())
		}
	}
	return slices.Compact(left), slices.Compact(replaced)
}

// are is a list with its verb: a is, a and b are, a, b and c are.
func are(names []string) string {
	slices.Sort(names)
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last] + " are"
	}
	return strings.Join(names, "") + " is"
}
