package launch

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func task(l Launch, pod tasks.PodSpec, spec tasks.TaskSpec) mesos.TaskInfo {
	if l.Record.Idling {
		spec = idle(spec)
	}
	variables := environment(l, pod, spec)
	return mesos.TaskInfo{
		Name:        l.Record.Task,
		TaskID:      mesos.TaskID{Value: l.Record.TaskID},
		AgentID:     mesos.AgentID{Value: l.Record.Agent.ID},
		Resources:   resources(l, tasks.ForTask),
		Command:     command(l, pod, spec, variables),
		Container:   container(nil),
		Check:       readiness(spec.Readiness, variables),
		HealthCheck: health(spec.Health, variables),
		KillPolicy:  &mesos.KillPolicy{GracePeriod: &mesos.DurationInfo{Nanoseconds: spec.KillGrace.Nanoseconds()}},
		Labels:      labels(l, pod),
		Discovery:   discovery(l, pod, spec),
	}
}

func command(l Launch, pod tasks.PodSpec, spec tasks.TaskSpec, variables *mesos.Environment) *mesos.CommandInfo {
	info := &mesos.CommandInfo{
		Shell:       new(true),
		Value:       new(spec.Command),
		Environment: variables,
	}
	if user := l.Target.Service.User; user != "" {
		info.User = &user
	}
	for _, uri := range pod.URIs {
		fetched := mesos.CommandInfo_URI{
			Value:      l.Target.Service.Fetch(uri),
			Extract:    new(uri.Extract),
			Executable: new(uri.Executable),
			Cache:      new(uri.Cache),
		}
		if uri.OutputFile != "" {
			fetched.OutputFile = new(uri.OutputFile)
		}
		info.URIs = append(info.URIs, fetched)
	}
	return info
}
