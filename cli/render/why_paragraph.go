package render

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// paragraph is the heading of a thing that waits, and below it, indented, all that is known.
func paragraph(out *strings.Builder, waiting wire.Waiting, now time.Time) {
	out.WriteString(heading(waiting) + "\n")
	for line := range strings.SplitSeq(strings.TrimSpace(waiting.Text), "\n") {
		out.WriteString("  " + word(strings.TrimSpace(line)) + "\n")
	}
	if order := waiting.Order; order != nil {
		forced := ""
		if order.Force {
			forced = ", with force"
		}
		detail(out, "asked", fmt.Sprintf("%s by %s%s, %s", order.Verb, order.By, forced, ago(order.At, now)))
	}
	if asked := waiting.Order != nil && waiting.Since.Equal(waiting.Order.At); !waiting.Since.IsZero() && !asked {
		detail(out, "since", ago(waiting.Since, now))
	}
	if !waiting.Until.IsZero() {
		detail(out, "until", ahead(waiting.Until, now))
	}
	if waiting.Refusals != nil {
		refusals(out, *waiting.Refusals, now)
	}
	if waiting.Remedy != "" && !shown(waiting) {
		detail(out, "try", Sentence(waiting.Remedy))
	}
}

// shown says that the remedy is that of a cause, beside which it stands already.
func shown(waiting wire.Waiting) bool {
	return waiting.Refusals != nil && slices.ContainsFunc(waiting.Refusals.Causes, func(c wire.Cause) bool { return c.Remedy == waiting.Remedy })
}

// heading names what waits and where it is in the plans.
func heading(waiting wire.Waiting) string {
	head := word(waiting.Subject)
	if order := waiting.Order; order != nil && waiting.Kind != wire.WaitsStep {
		head = word(order.Verb) + " of " + word(order.Pod)
	} else if label := labelOf(waiting); label != "" {
		head = label + " " + head
	}
	if waiting.Status != "" {
		head += " (" + clean(string(waiting.Status)) + ")"
	}
	for _, part := range []struct{ label, name string }{{"plan", waiting.Plan}, {"phase", waiting.Phase}} {
		if part.name != "" && part.name != waiting.Subject {
			head += ", " + part.label + " " + clean(part.name)
		}
	}
	return head
}

// labels say what a subject is, where its name does not.
var labels = map[string]string{
	wire.WaitsTarget:  "refused setting",
	wire.WaitsHand:    "paused plan",
	wire.WaitsPaused:  "paused task",
	wire.WaitsAgent:   "agent",
	wire.WaitsUnready: "unready task",
	wire.WaitsAbsence: "absence of agent",
}

func labelOf(waiting wire.Waiting) string {
	if waiting.Kind == wire.WaitsHand && waiting.Phase != "" {
		return "paused phase"
	}
	return labels[waiting.Kind]
}

// detail writes a word and, beside it, lines of text, below a heading.
func detail(out *strings.Builder, label, text string) {
	label += ":"
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		fmt.Fprintf(out, "    %-9s %s\n", label, clean(strings.TrimSpace(line)))
		label = ""
	}
}

// refusals says how many agents were refused and for which causes, each with what to change.
func refusals(out *strings.Builder, refused wire.Refusals, now time.Time) {
	agents := "1 agent"
	if refused.Agents != 1 {
		agents = fmt.Sprintf("%d agents", refused.Agents)
	}
	if refused.AgentID != "" {
		agents += ", and it has to be " + refused.AgentID
	}
	if !refused.Last.IsZero() {
		agents += ", last " + ago(refused.Last, now)
	}
	if refused.Agents > 0 {
		detail(out, "refused", agents)
	}
	for _, cause := range refused.Causes {
		detail(out, "cause", cause.Text)
		if cause.Remedy != "" {
			detail(out, "try", Sentence(cause.Remedy))
		}
	}
	if near := refused.Nearest; near != nil {
		detail(out, "nearest", fmt.Sprintf("%s (%s): %s", near.Hostname, near.AgentID, strings.Join(near.Causes, "; ")))
	}
}
