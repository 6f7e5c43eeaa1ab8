package core

import (
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// FullStop is a stop of all nodes that has begun: they are to be started in the other mode, with TLS or without. It is stored before
// the first KILL leaves. From then on no node is launched in the old mode, and a successor goes on, whether or not its settings
// still allow a full stop.
type FullStop struct {
	// Since is when it began, Secure is whether nodes speak TLS afterwards.
	Since  time.Time `json:"since"`
	Secure bool      `json:"secure"`
}

// fullStopBegun says that a stop of all nodes for the target in force has begun and is not over.
func (s State) fullStopBegun() bool {
	return s.Facts.FullStop != nil && s.Facts.FullStop.Secure == s.Facts.Target().Service.Secure
}

// beginFullStop stores that all nodes are stopped.
func (f *frame) beginFullStop() {
	if f.fullStopBegun() {
		return
	}
	secure := f.Facts.Target().Service.Secure
	f.Facts.FullStop = &FullStop{Since: f.Now, Secure: secure}
	f.puts++
	f.log(slog.LevelWarn, "a full stop begins: all nodes are stopped, then started in the other mode", "tls", secure, "target", f.Facts.TargetID)
}

// endFullStop notes that every node that nobody paused is ready in the new mode.
func (f *frame) endFullStop() {
	if !f.fullStopBegun() || !plans.FullStopOver(f.view()) {
		return
	}
	message := "the full stop is over, all nodes are ready"
	facts := []any{"tls", f.Facts.FullStop.Secure, "target", f.Facts.TargetID, "took", f.Now.Sub(f.Facts.FullStop.Since).String()}
	if paused := f.pausedNodes(); len(paused) > 0 {
		message = "the full stop is over, all nodes are ready that are not paused"
		facts = append(facts, "paused", paused)
	}
	f.log(slog.LevelInfo, message, facts...)
	f.Facts.FullStop = nil
	f.derive()
}

// pausedNodes are the tasks of nodes that idle, or are to.
func (f *frame) pausedNodes() []string {
	var list []string
	for _, name := range f.order {
		if record := f.Facts.Records[name]; record != nil && record.Pod.Type == tasks.NodePod && (record.Paused || record.Idling) {
			list = append(list, name)
		}
	}
	return list
}

// turnRound forgets a full stop that a new target takes back. Stops that were decided are withdrawn: should the KILL have left, the node
// just ends, and comes back. Nodes that were launched in the other mode meanwhile are stopped by another full stop.
func (f *frame) turnRound(secure bool) {
	if f.Facts.FullStop == nil || f.Facts.FullStop.Secure == secure {
		return
	}
	f.log(slog.LevelWarn, "a full stop is taken back", "began", f.Facts.FullStop.Since, "tls", secure)
	f.Facts.FullStop = nil
	for _, record := range f.Facts.Records {
		if record.Pod.Type == tasks.NodePod && record.Stopped() && record.GivenUp.IsZero() && !record.Status.State.Ended() {
			withdrawn := *record
			withdrawn.Stopping = time.Time{}
			f.put(withdrawn)
		}
	}
}

// launchedTargets are those that nodes were launched under.
func launchedTargets(facts Facts) []tasks.Target {
	var list []tasks.Target
	seen := map[string]bool{}
	for _, record := range facts.Records {
		if record.Pod.Type == tasks.NodePod && !seen[record.TargetID] {
			seen[record.TargetID] = true
			list = append(list, facts.Targets[record.TargetID])
		}
	}
	return list
}

// runsOn is a node that is known to run, although a full stop would be complete if its step were.
func (f *frame) runsOn(about part) string {
	for _, step := range about.steps() {
		if record := f.Facts.Records[step.Task]; step.FullStop && step.Status != plans.Complete && record != nil && record.Status.State.Alive() {
			return step.Task
		}
	}
	return ""
}

// concedeFormer takes a person's word that tasks of earlier places, on agents that cannot be reached, do not run any more: a full stop
// waits for them, while the node itself runs elsewhere. It gives the agents' ids.
func (f *frame) concedeFormer(about part) []string {
	var agents []string
	secure := f.Facts.Target().Service.Secure
	for _, step := range about.steps() {
		record := f.Facts.Records[step.Task]
		if record == nil || !step.FullStop || step.Status == plans.Complete || !slices.ContainsFunc(record.Former, func(one tasks.Former) bool { return one.Secure != secure }) {
			continue
		}
		changed := *record
		changed.Former = nil
		for _, former := range record.Former {
			if former.Secure == secure {
				changed.Former = append(changed.Former, former)
				continue
			}
			agents = append(agents, former.AgentID)
			f.log(slog.LevelWarn, "a task of an earlier place counts as ended, because somebody said so", "task", record.Task, "id", former.TaskID, "agent", former.AgentID)
		}
		f.put(changed)
	}
	return agents
}
