package api

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// orders are what was asked for pods and is not done, one a pod.
func orders(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			if record.Asked != nil {
				list = append(list, orderOf(state, record))
				break
			}
		}
	}
	return list
}

func orderOf(state core.State, record *tasks.Record) wire.Waiting {
	asked, pod := record.Asked, record.Pod.String()
	waiting := wire.Waiting{Kind: wire.WaitsOrder, Subject: pod, Since: second(asked.At),
		Text:  fmt.Sprintf("%s of %s is wanted (%s) and not done", asked.Verb, pod, asked.By),
		Order: &wire.Order{Verb: string(asked.Verb), Pod: pod, By: asked.By, At: second(asked.At), Force: asked.Force}}
	// That it is to be restarted is said already.
	if reason := waitsFor(state, record); reason.Why != plans.WhyNothing && reason.Why != plans.WhyRestart {
		waiting.Text += ": " + reason.String()
	}
	return waiting
}

// pausedTasks are those that idle, or are about to, because somebody paused them.
func pausedTasks(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			if !record.Paused {
				continue
			}
			waiting := wire.Waiting{Kind: wire.WaitsPaused, Subject: record.Task, Status: wire.Status(taskStatus(*record)),
				Text:   "paused by hand: the task idles in place of its command",
				Remedy: fmt.Sprintf("Let it run again (debug pod resume %s).", pod)}
			if waiting.Status == wire.StatusPaused {
				waiting.Since = second(record.Status.Since)
			}
			list = append(list, waiting)
		}
	}
	return list
}

// awayAgents are the agents that the master cannot reach, with the pods on them.
func awayAgents(state core.State) []wire.Waiting {
	byAgent := map[string][]*tasks.Record{}
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			if !record.Away.IsZero() {
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
	var pods []string
	for _, record := range records {
		pods = append(pods, record.Pod.String())
		if record.Away.Before(since) {
			since = record.Away
		}
	}
	pods = slices.Compact(pods)
	waiting := wire.Waiting{Kind: wire.WaitsAgent, Subject: agent.ID, Since: second(since),
		Text:   fmt.Sprintf("the master cannot reach agent %s (%s), where %s is", agent.Hostname, agent.ID, strings.Join(pods, ", ")),
		Remedy: fmt.Sprintf("Bring the agent back, or give the place and the data on it up (pod replace %s).", pods[0])}
	if policy := state.Settings.Replace; policy.Enabled {
		waiting.Text += fmt.Sprintf("; ENABLE_AUTOMATIC_POD_REPLACEMENT may replace what is there once it is away for %s", policy.After)
		if end := since.Add(policy.After); end.After(state.Now) {
			waiting.Until = second(end)
		}
	}
	return waiting
}
