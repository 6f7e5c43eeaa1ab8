package tasks

import "strconv"

// Pod types of the service.
const (
	NodePod    = "cockroachdb"
	MetricsPod = "metrics"
	AdminPod   = "admin"
)

// Pod is one instance of a pod type: cockroachdb-2.
type Pod struct {
	Type  string `json:"type"`
	Index int    `json:"index"`
}

// String is the instance's name, as users and tools know it.
func (p Pod) String() string { return p.Type + "-" + strconv.Itoa(p.Index) }

// Task is the full name of a task of this pod: cockroachdb-2-node-join.
func (p Pod) Task(spec string) string { return p.String() + "-" + spec }
