package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// missing stands for a word that the answer lacks (sdk: cli/queries/plan.go).
const missing = "<UNKNOWN>"

// Plan draws a plan as a tree, then its errors, if any. The name is the one the
// user asked for: the answer carries none. A step that is not COMPLETE has its
// reason under it. Errors are those of w.
func Plan(w io.Writer, name string, p wire.Plan, opt Options) error {
	root := branch{label: element(name, p.Strategy, p.Status)}
	for _, phase := range p.Phases {
		node := branch{label: element(phase.Name, phase.Strategy, phase.Status)}
		for _, step := range phase.Steps {
			node.children = append(node.children, branch{
				label: fmt.Sprintf("%s (%s)", word(step.Name), word(string(step.Status))),
				notes: why(step),
			})
		}
		root.children = append(root.children, node)
	}
	if err := root.write(w, opt); err != nil {
		return err
	}
	return planErrors(w, p.Errors)
}

func element(name, strategy string, status wire.Status) string {
	return fmt.Sprintf("%s (%s strategy) (%s)", word(name), word(strategy), word(string(status)))
}

func word(s string) string {
	if s = clean(s); s != "" {
		return s
	}
	return missing
}

// why gives the reason of a step that is not COMPLETE. A scheduler of the SDK
// sends none; its message is shown then, unless it only repeats the line above.
func why(s wire.Step) []string {
	if s.Status == wire.StatusComplete {
		return nil
	}
	if s.Reason != "" {
		return []string{s.Reason}
	}
	if s.Message == "" || repeats(s) {
		return nil
	}
	return []string{s.Message}
}

// repeats recognises the SDK's formula "<class>: <name> [<id>] with status: <S>".
func repeats(s wire.Step) bool {
	_, rest, found := strings.Cut(s.Message, s.Name+" [")
	return found && strings.Contains(rest, "] with status: ")
}

func planErrors(w io.Writer, errors []string) error {
	if len(errors) == 0 {
		return nil
	}
	var out strings.Builder
	out.WriteString("\nErrors:\n")
	for _, e := range errors {
		out.WriteString("- " + strings.ReplaceAll(Text(strings.TrimSpace(e)), "\n", "\n  ") + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}
