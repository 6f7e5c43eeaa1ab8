package wire

import "encoding/json"

// ServicePods is the answer to GET /v1/pod/status: every pod of the service,
// grouped by pod type. Types are sorted by name, instances by number.
type ServicePods struct {
	Service string        `json:"service"`
	Pods    List[PodType] `json:"pods"`
}

// PodType groups the instances of one kind of pod, for example "cockroachdb".
type PodType struct {
	Name      string    `json:"name"`
	Instances List[Pod] `json:"instances"`
}

// Pod is one pod instance, and the answer to GET /v1/pod/{pod}/status.
type Pod struct {
	Name  string     `json:"name"` // "cockroachdb-2"
	Tasks List[Task] `json:"tasks"`
}

// Task is one task of a pod instance.
type Task struct {
	ID   string `json:"id"` // empty for a task that was never launched
	Name string `json:"name"`
	// Status is the Mesos state without TASK_ ("RUNNING"); or PAUSING or PAUSED
	// where a person paused it, and STARTING from the wish to resume until it is
	// launched anew. Left out for a task that was never launched.
	Status string `json:"status,omitempty"`
	// Reason says why the task does not run. It is ours, not the SDK's, and left
	// out when there is nothing to say.
	Reason string `json:"reason,omitempty"`
}

// PodInfo is the answer to GET /v1/pod/{pod}/info: one entry a task.
type PodInfo = List[TaskInfoStatus]

// TaskInfoStatus is a task as Mesos knows it. Both parts are Mesos messages in
// protobuf JSON (camelCase names: taskId.value, slaveId.value).
type TaskInfoStatus struct {
	Info   json.RawMessage `json:"info"`   // TaskInfo
	Status json.RawMessage `json:"status"` // TaskStatus; null before the first one
}

// PodCommand answers a command to a pod (restart, replace, pause, resume): the
// pod and the full names of the tasks it is about.
//
//	{"pod": "cockroachdb-1", "tasks": ["cockroachdb-1-node-join"], "message": "waits until …"}
type PodCommand struct {
	Pod   string       `json:"pod"`
	Tasks List[string] `json:"tasks"`
	// Message says what the order waits for. It is ours, not the SDK's, and left
	// out when it is carried out at once.
	Message string `json:"message,omitempty"`
}
