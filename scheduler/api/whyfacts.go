package api

import (
	"fmt"

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
			if record.Paused {
				list = append(list, pausedTask(record))
			}
		}
	}
	return list
}

func pausedTask(record *tasks.Record) wire.Waiting {
	waiting := wire.Waiting{Kind: wire.WaitsPaused, Subject: record.Task, Status: wire.Status(taskStatus(*record)),
		Remedy: fmt.Sprintf("Let it run again (debug pod resume %s).", record.Pod)}
	switch {
	case waiting.Status == wire.StatusPaused:
		waiting.Text = "paused by hand: the task idles in place of its command"
		waiting.Since = second(record.Status.Since)
	case record.Idling:
		waiting.Text = "paused by hand: once the task is up it idles in place of its command"
	default:
		waiting.Text = "about to be paused by hand: the task is ended first, and then idles in place of its command"
		waiting.Remedy = fmt.Sprintf("To take the pause back: debug pod resume %s.", record.Pod)
	}
	return waiting
}
