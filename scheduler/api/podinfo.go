package api

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// podInfo answers each task as Mesos knows it, made again from its record.
func (h handlers) podInfo(w http.ResponseWriter, r *http.Request) {
	state, name := h.source.Snapshot(), r.PathValue("pod")
	pod, ok := podNamed(state, name)
	if !ok {
		plain(w, http.StatusNotFound, fmt.Sprintf("Pod %s not found", name))
		return
	}
	info := wire.PodInfo{}
	for _, record := range recordsOf(state, pod) {
		shown, err := taskInfo(state, *record)
		if err != nil {
			plain(w, http.StatusInternalServerError, fmt.Sprintf("Couldn't show task %s: %v", record.Task, err))
			return
		}
		info = append(info, shown)
	}
	answer(w, http.StatusOK, info)
}

func taskInfo(state core.State, record tasks.Record) (wire.TaskInfoStatus, error) {
	task, err := launch.Info(launch.Launch{FrameworkID: state.Facts.FrameworkID,
		Target: state.Facts.Targets[record.TargetID], Record: record, Refined: state.Link.Refined, Alone: state.Link.Alone})
	if err != nil {
		return wire.TaskInfoStatus{}, fmt.Errorf("make its info again: %w", err)
	}
	if labels := task.Labels; !record.GivenUp.IsZero() && labels != nil && len(labels.Labels) > 0 {
		// As the SDK marks a pod that is being replaced. No task is ever launched with it.
		mark, yes := labels.Labels[0], "true"
		mark.Key, mark.Value = "permanently-failed", &yes
		labels.Labels = append(labels.Labels, mark)
	}
	info, err := protobufJSON(&task)
	if err != nil {
		return wire.TaskInfoStatus{}, fmt.Errorf("encode its info: %w", err)
	}
	// One-time tokens stand in the environment of their tasks, and whoever has one first gets a job's keys, or a node's certificate.
	for _, token := range tokensOf(record) {
		info = bytes.ReplaceAll(info, []byte(token), []byte(redacted))
	}
	last := launch.Status(record)
	status, err := protobufJSON(&last)
	if err != nil {
		return wire.TaskInfoStatus{}, fmt.Errorf("encode its status: %w", err)
	}
	return wire.TaskInfoStatus{Info: info, Status: status}, nil
}

func tokensOf(record tasks.Record) []string {
	var tokens []string
	if record.Job != nil && record.Job.Token != "" {
		tokens = append(tokens, record.Job.Token)
	}
	if record.Enrolment != nil && record.Enrolment.Token != "" {
		tokens = append(tokens, record.Enrolment.Token)
	}
	return tokens
}
