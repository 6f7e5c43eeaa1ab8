package diff

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Text writes the result for a terminal.
func (r Result) Text(w io.Writer) error {
	var page strings.Builder
	switch {
	case len(r.Bad) > 0:
		page.WriteString("The environment has faults; a scheduler would not start with it.\n\n")
		faults(&page, r.Bad)
	case len(r.Refused) > 0:
		fmt.Fprintf(&page, "The change would be refused; %s stays as it is (target %s), and goes on recovering.\n\n", r.Service, r.TargetID)
		faults(&page, r.Refused)
	case r.TargetID == "":
		fmt.Fprintf(&page, "Nothing is deployed yet as %s: everything would be new.\n", r.Service)
		r.rollout(&page)
	case len(r.Preview.Changes) == 0 && !r.moves():
		fmt.Fprintf(&page, "Nothing would change: %s is as this environment asks for.\n", r.Service)
	default:
		r.changes(&page)
		r.rollout(&page)
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// moves says that some task would be added or restarted.
func (r Result) moves() bool {
	steps := r.steps()
	return len(steps) > 0 && steps[0].Action != tasks.ActionKeep
}

func faults(page *strings.Builder, list []tasks.Fault) {
	for _, fault := range list {
		value := fmt.Sprintf("=%q", fault.Value)
		if fault.Value == "" {
			value = " (not set)"
		}
		fmt.Fprintf(page, "%s%s: %s\n    remedy: %s\n", fault.Field, value, fault.Message, fault.Remedy)
	}
}

func (r Result) changes(page *strings.Builder) {
	if len(r.Preview.Changes) == 0 {
		page.WriteString("No setting differs; an earlier change is not rolled out yet.\n")
		return
	}
	page.WriteString("Changes:\n")
	var rows [][]string
	for _, change := range r.Preview.Changes {
		rows = append(rows, []string{"", change.String(), change.Effect})
	}
	table(page, rows)
}

// table writes rows in columns, without blanks at the ends of lines.
func table(page *strings.Builder, rows [][]string) {
	var text strings.Builder
	columns := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(columns, strings.Join(row, "\t"))
	}
	_ = columns.Flush() // a strings.Builder takes everything
	for line := range strings.Lines(text.String()) {
		page.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
}

func (r Result) rollout(page *strings.Builder) {
	if !r.moves() {
		page.WriteString("\nNo task would be restarted or added.\n")
		return
	}
	if r.FullStop {
		page.WriteString("\nEvery node is stopped, then all are started; the database is down meanwhile. Other tasks follow, one at a time:\n")
	} else {
		page.WriteString("\nRollout, in this order; restarts one at a time, each behind the readiness of the one before:\n")
	}
	var rows [][]string
	kept := 0
	for i, step := range r.steps() {
		if step.Action == tasks.ActionKeep {
			kept++
			continue
		}
		why := make([]string, len(step.Why))
		for j, change := range step.Why {
			why[j] = change.String()
		}
		rows = append(rows, []string{"", strconv.Itoa(i + 1), string(step.Action), step.Task, strings.Join(why, ", ")})
	}
	table(page, rows)
	if kept > 0 {
		fmt.Fprintf(page, "\nTasks that go on untouched: %d.\n", kept)
	}
}
