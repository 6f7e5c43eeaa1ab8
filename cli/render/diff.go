package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Diff writes what would change and what it would do, in the order in which it would be done. Faults are not shown here: they
// are a failure. Errors are those of w.
func Diff(w io.Writer, diff wire.Diff) error {
	var out strings.Builder
	var steps [][]string
	var kept []string
	for _, step := range diff.Steps {
		if step.Action == wire.ActionKeep {
			kept = append(kept, word(step.Task))
			continue
		}
		steps = append(steps, []string{fmt.Sprint(step.Order), word(step.Action), word(step.Task), strings.Join(step.Why, "; ")})
	}
	if len(diff.Changes) == 0 && len(steps) == 0 {
		_, err := io.WriteString(w, "Nothing would change.\n")
		return err
	}
	if len(diff.Changes) > 0 {
		var rows [][]string
		for _, change := range diff.Changes {
			rows = append(rows, []string{change.Field, quoted(change.Old), quoted(change.New)})
		}
		table(&out, "", []string{"setting", "now", "then"}, rows)
		out.WriteString("\n")
	}
	if len(steps) == 0 {
		out.WriteString("No task would be added or restarted.\n")
	} else {
		if diff.FullStop {
			out.WriteString("Every node is stopped, then all are started: the database is down meanwhile. Other tasks follow.\n")
		} else {
			out.WriteString("It would do, in this order:\n")
		}
		table(&out, "  ", []string{"order", "action", "task", "why"}, steps)
	}
	if len(kept) > 0 && len(steps) > 0 {
		out.WriteString("\nLeft alone: " + strings.Join(kept, ", ") + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}
