package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Why writes what does not move, why, until when and what to do, in the order of the answer; steps that only wait for steps
// before them come last, in one paragraph. Errors are those of w.
func Why(w io.Writer, answer wire.Why) error {
	if len(answer.Waiting) == 0 {
		_, err := io.WriteString(w, "Nothing is waiting.\n")
		return err
	}
	var out strings.Builder
	out.WriteString(fmt.Sprintf("%s, %s\n", word(answer.Service), Moment(answer.At)))
	var queued []string
	for _, waiting := range withOrders(answer.Waiting) {
		if waiting.Kind == wire.WaitsStep && waiting.Why == queuedReason && waiting.Remedy == "" {
			queued = append(queued, word(waiting.Subject))
			continue
		}
		out.WriteString("\n")
		paragraph(&out, waiting, answer.At)
	}
	if len(queued) > 0 {
		out.WriteString("\n" + inLine(queued) + "\n")
	}
	views(&out, answer.Database)
	_, err := io.WriteString(w, out.String())
	return err
}

// withOrders puts what people asked of a pod beside the steps that carry it out. An order of its own stays where there is no
// such step.
func withOrders(waits []wire.Waiting) []wire.Waiting {
	orders := map[string]*wire.Order{}
	for _, waiting := range waits {
		if waiting.Kind == wire.WaitsOrder && waiting.Order != nil {
			orders[waiting.Order.Pod] = waiting.Order
		}
	}
	told := map[string]bool{}
	var list []wire.Waiting
	for _, waiting := range waits {
		pod, _, _ := strings.Cut(waiting.Subject, ":[")
		if order := orders[pod]; waiting.Kind == wire.WaitsStep && waiting.Why != queuedReason && order != nil {
			waiting.Order, told[pod] = order, true
		}
		list = append(list, waiting)
	}
	return slices.DeleteFunc(list, func(w wire.Waiting) bool { return w.Kind == wire.WaitsOrder && w.Order != nil && told[w.Order.Pod] })
}

// queuedReason is the kind of reason of a step whose turn has not come.
const queuedReason = "earlier-step"

// mostQueued is how many steps are named that only wait for their turn.
const mostQueued = 5

// inLine says that steps wait for those before them.
func inLine(steps []string) string {
	verb, rest := "waits", ""
	if len(steps) > 1 {
		verb = "wait"
	}
	if more := len(steps) - mostQueued; more > 0 {
		steps, rest = steps[:mostQueued], fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%s%s %s for the steps before.", strings.Join(steps, ", "), rest, verb)
}

// views is what the database's nodes say of it.
func views(out *strings.Builder, nodes []wire.NodeView) {
	if len(nodes) == 0 {
		return
	}
	var rows [][]string
	for _, node := range nodes {
		age := (time.Duration(node.Age) * time.Second).String()
		if node.Error != "" {
			rows = append(rows, []string{node.Task, age, "-", "-", "-", node.Error})
			continue
		}
		rows = append(rows, []string{node.Task, age, fmt.Sprint(node.Live), fmt.Sprint(node.UnderReplicated), fmt.Sprint(node.Unavailable)})
	}
	out.WriteString("\nWhat the nodes say of the database:\n")
	table(out, "  ", []string{"node", "age", "live nodes", "ranges short of copies", "ranges unavailable", "error"}, rows)
}
