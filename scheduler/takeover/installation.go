package takeover

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Nodes of the SDK's layout, relative to the service's root (its classes SchemaVersionStore, FrameworkStore, ConfigStore,
// StateStore, CuratorUtils).
const (
	nodeSchema    = "SchemaVersion"
	nodeFramework = "FrameworkID"
	nodeTarget    = "ConfigTarget"
	nodeConfigs   = "Configurations/"
	nodeTasks     = "Tasks/"
	nodeName      = "servicename"
	nodeServices  = "Services"
	propUninstall = "Properties/uninstalling"
	propCompleted = "Properties/last-completed-update-type"
	nodeInfo      = "TaskInfo"
	nodeStatus    = "TaskStatus"
	nodeOverride  = "Metadata/goal-state-override"
)

// Found is what lies under a service's root.
type Found struct {
	// Nodes are the nodes of the former scheduler with their content, by path relative to the root.
	Nodes map[string][]byte
	// Holders are those who hold the former scheduler's lock; empty when it does not run.
	Holders []string
}

// spec is what is needed of a stored ServiceSpec.
type spec struct {
	Name      string    `json:"name"`
	Role      string    `json:"role"`
	Principal string    `json:"principal"`
	User      string    `json:"user"`
	Pods      []podSpec `json:"pod-specs"`
}

type podSpec struct {
	Type  string   `json:"type"`
	User  string   `json:"user"`
	Count int      `json:"count"`
	URIs  []string `json:"uris"`
}

func (s spec) pod(podType string) podSpec {
	for _, pod := range s.Pods {
		if pod.Type == podType {
			return pod
		}
	}
	return podSpec{}
}

// stored is one entry under Tasks.
type stored struct {
	name     string
	info     mesos.TaskInfo
	status   *mesos.TaskStatus
	override string
	// config is the id of the configuration that it was launched with.
	config string
}

// installation is the tree, decoded.
type installation struct {
	framework string
	configID  string
	config    spec
	specs     map[string]spec
	tasks     []stored
	completed bool
}

// decode reads the tree. Each part that cannot be read is a fault of its own.
func decode(found Found) (in installation, faults []tasks.Fault) {
	bad := func(node, message string) {
		faults = append(faults, tasks.Fault{Field: node, Message: message,
			Remedy: "bring the node back from a copy of ZooKeeper, or let the former scheduler repair it"})
	}
	var id mesos.FrameworkID
	switch text, there := found.Nodes[nodeFramework]; {
	case !there:
		bad(nodeFramework, "is missing: the former scheduler never registered, or its state is damaged")
	case id.Unmarshal(text) != nil || id.Value == "":
		bad(nodeFramework, "is no framework id")
	}
	in.framework, in.configID, in.specs = id.Value, string(found.Nodes[nodeTarget]), map[string]spec{}
	for path, text := range found.Nodes {
		name, is := strings.CutPrefix(path, nodeConfigs)
		if !is || strings.Contains(name, "/") {
			continue
		}
		var one spec
		if err := json.Unmarshal(text, &one); err != nil {
			if name == in.configID {
				bad(path, fmt.Sprintf("is no configuration: %v", err))
			}
			continue // an old one that nobody can read is ignored, as the SDK does
		}
		in.specs[name] = one
	}
	config, there := in.specs[in.configID]
	if !there && in.configID == "" {
		bad(nodeTarget, "is missing: the former scheduler never had a valid configuration")
	} else if _, broken := found.Nodes[nodeConfigs+in.configID]; !there && !broken {
		bad(nodeTarget, "names configuration "+in.configID+", which is missing")
	}
	in.config = config
	// The SDK writes the kind of the deployment that was first completed; NONE is none.
	in.completed = !slices.Contains([]string{"", "NONE"}, string(found.Nodes[propCompleted]))
	for _, name := range taskNames(found.Nodes) {
		one := stored{name: name, override: string(found.Nodes[nodeTasks+name+"/"+nodeOverride])}
		text, there := found.Nodes[nodeTasks+name+"/"+nodeInfo]
		if !there {
			bad(nodeTasks+name, "has no "+nodeInfo)
			continue
		}
		if err := one.info.Unmarshal(text); err != nil || one.info.Name != name {
			bad(nodeTasks+name+"/"+nodeInfo, "is no TaskInfo of Mesos, or that of another task")
			continue
		}
		one.config = label(one.info.Labels, "target_configuration")
		if text, there := found.Nodes[nodeTasks+name+"/"+nodeStatus]; there {
			one.status = &mesos.TaskStatus{}
			if err := one.status.Unmarshal(text); err != nil {
				bad(nodeTasks+name+"/"+nodeStatus, "is no TaskStatus of Mesos")
				continue
			}
		}
		in.tasks = append(in.tasks, one)
	}
	slices.SortFunc(faults, func(a, b tasks.Fault) int { return strings.Compare(a.Field, b.Field) })
	return in, faults
}

func taskNames(nodes map[string][]byte) []string {
	names := map[string]bool{}
	for path := range nodes {
		if rest, is := strings.CutPrefix(path, nodeTasks); is {
			name, _, _ := strings.Cut(rest, "/")
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func label(labels *mesos.Labels, key string) string {
	if labels == nil {
		return ""
	}
	for i := range labels.Labels {
		if labels.Labels[i].Key == key {
			return labels.Labels[i].GetValue()
		}
	}
	return ""
}
