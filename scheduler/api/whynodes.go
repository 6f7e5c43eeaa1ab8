package api

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// unreadyNodes are the database nodes that run and are not ready, where no step of a plan says so: once a node was ready its
// steps are complete, and what comes later holds the others back all the same.
func unreadyNodes(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			serves := pod.Type == tasks.NodePod && record.Status.State == tasks.Running && !record.Paused && !record.Idling
			if serves && !record.Ready() && !record.Stopped() && !toldByAStep(state, record) {
				list = append(list, unreadyNode(record))
			}
		}
	}
	return list
}

// toldByAStep says that a step tells of the node's state, or that it is about to be ended.
func toldByAStep(state core.State, record *tasks.Record) bool {
	for _, plan := range state.Plans {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if step.Task != record.Task || step.Status == plans.Complete {
					continue
				}
				switch step.Reason.Why {
				case plans.WhyReadiness, plans.WhyStopping, plans.WhyRestart:
					return true
				}
			}
		}
	}
	return false
}

// unreadyNode tells of one.
func unreadyNode(record *tasks.Record) wire.Waiting {
	text := "runs on " + record.Agent.Hostname
	if record.Reached {
		text += " and was ready, but"
	} else {
		text += ", but"
	}
	if exit := record.Status.CheckExit; exit != nil {
		text += fmt.Sprintf(" its readiness check says no (exit code %d)", *exit)
	} else {
		text += " its readiness check has no result"
	}
	waiting := wire.Waiting{Kind: wire.WaitsUnready, Subject: record.Task, Status: wire.Status(taskStatus(*record)),
		Text: text, Since: second(record.DownAt)}
	read := fmt.Sprintf("Read %s.", whatToRead(record.Pod))
	switch healthy := record.Status.Healthy; {
	case healthy != nil && !*healthy:
		waiting.Text += ", and its health check fails too"
		waiting.Remedy = fmt.Sprintf("Wait: Mesos ends a node that hangs after about a minute, and it is started again. "+
			"To do it at once: pod restart %s. %s", record.Pod, read)
	default:
		waiting.Remedy = fmt.Sprintf("%s A node that hangs is ended by its health check after about a minute; "+
			"one that waits for its peers is ready once they are. pod restart %s starts it again.", read, record.Pod)
	}
	return waiting
}
