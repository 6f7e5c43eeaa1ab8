package render

import (
	"fmt"
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Pods draws every pod of the service as a tree, grouped by pod type. Errors
// are those of w.
func Pods(w io.Writer, s wire.ServicePods, opt Options) error {
	root := branch{label: word(s.Service)}
	for _, kind := range s.Pods {
		node := branch{label: word(kind.Name)}
		for _, pod := range kind.Instances {
			node.children = append(node.children, instance(pod))
		}
		root.children = append(root.children, node)
	}
	return root.write(w, opt)
}

// Pod draws a single pod as a tree. Errors are those of w.
func Pod(w io.Writer, p wire.Pod, opt Options) error {
	return instance(p).write(w, opt)
}

func instance(p wire.Pod) branch {
	node := branch{label: word(p.Name)}
	for _, task := range p.Tasks {
		leaf := branch{label: fmt.Sprintf("%s (%s)", word(task.Name), taskStatus(task))}
		if task.Reason != "" {
			leaf.notes = []string{task.Reason}
		}
		node.children = append(node.children, leaf)
	}
	return node
}

// taskStatus: the API sends neither id nor status for a task that was never
// launched.
func taskStatus(t wire.Task) string {
	if t.Status == "" && t.ID == "" {
		return "not launched"
	}
	return word(t.Status)
}
