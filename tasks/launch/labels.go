package launch

import (
	"strconv"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// labels are those of the SDK (LabelConstants), by which its tools find a task's target and place.
func labels(l Launch, pod tasks.PodSpec) *mesos.Labels {
	agent := l.Record.Agent
	list := []mesos.Label{
		label("target_configuration", l.Record.TargetID),
		label("task_type", pod.Type),
		label("index", strconv.Itoa(l.Record.Pod.Index)),
		label("offer_hostname", agent.Hostname),
	}
	if len(agent.Attributes) > 0 {
		list = append(list, label("offer_attributes", attributes(agent.Attributes)))
	}
	if agent.Zone != "" {
		list = append(list, label("offer_zone", agent.Zone))
	}
	if agent.Region != "" {
		list = append(list, label("offer_region", agent.Region))
	}
	return &mesos.Labels{Labels: list}
}

// attributes is name:value;name:value, the SDK's form.
func attributes(list []tasks.Attribute) string {
	parts := make([]string, len(list))
	for i, attribute := range list {
		parts[i] = attribute.Name + ":" + attribute.Value
	}
	return strings.Join(parts, ";")
}

func label(key, value string) mesos.Label { return mesos.Label{Key: key, Value: &value} }
