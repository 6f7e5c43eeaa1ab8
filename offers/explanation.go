package offers

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
)

// Explanation is why a pod found no place: counts by cause, the nearest miss, and what to do.
type Explanation struct {
	Pod string `json:"pod"`
	// AgentID is set when the pod waits for one agent, on which it holds its reservations.
	AgentID string `json:"agent_id,omitempty"`
	// Agents is how many different agents were looked at and refused.
	Agents int `json:"agents"`
	// Counts are the causes, the most frequent first.
	Counts []Count `json:"counts"`
	// Nearest is the agent that has the fewest and smallest shortfalls; nil when none was refused.
	Nearest *Refusal `json:"nearest,omitempty"`
}

// Count is how many agents one cause keeps away.
type Count struct {
	Agents int `json:"agents"`
	// Best is the cause as it is at the agent that comes nearest.
	Best Cause `json:"best"`
	// Lacking are the kinds of the reservations that are not offered, for the cause Lacking.
	Lacking []string `json:"lacking,omitempty"`
}

// String is the explanation on one line: 4 agents: 3 lack mem (8192 needed, best 6144), 1 refused by placement
// hostname:UNIQUE.
func (e Explanation) String() string {
	if e.Agents == 0 {
		if e.AgentID != "" {
			return fmt.Sprintf("no offer of agent %s seen yet, where %s has its reservations", e.AgentID, e.Pod)
		}
		return "no offer seen yet"
	}
	texts := make([]string, 0, len(e.Counts))
	for _, count := range e.Counts {
		texts = append(texts, count.String())
	}
	return agents(e.Agents) + ": " + strings.Join(texts, ", ")
}

// Lines is the explanation as a list: what is wrong, each cause with its remedy, and the nearest miss.
func (e Explanation) Lines() []string {
	if e.Agents == 0 {
		lines := []string{e.Pod + " waits: " + e.String() + "."}
		if e.AgentID != "" {
			lines = append(lines, fmt.Sprintf("  Bring the agent back, or replace %s (pod replace %s) if it is gone for good.", e.Pod, e.Pod))
		}
		return lines
	}
	lines := []string{e.title()}
	for _, count := range e.Counts {
		lines = append(lines, "- "+count.String()+".", "  "+count.Best.Remedy())
	}
	if e.Agents > 1 && e.Nearest != nil {
		lines = append(lines, "Nearest miss: "+e.Nearest.String()+".")
	}
	return lines
}

func (e Explanation) title() string {
	switch {
	case e.AgentID != "":
		return e.Pod + " cannot start on its agent:"
	case e.Agents == 1:
		return e.Pod + " does not fit on the only agent that was offered:"
	}
	return fmt.Sprintf("%s fits on none of %s:", e.Pod, agents(e.Agents))
}

// String is the count in words: 3 lack mem (8192 needed, best 6144).
func (c Count) String() string {
	cause := c.Best
	switch cause.Kind {
	case Short:
		what := fmt.Sprintf("%s needed", cause.Need)
		if cause.Name != "" {
			what = fmt.Sprintf("%s more needed", cause.Need)
		}
		return fmt.Sprintf("%s %s (%s, %s)", c.verb("lacks", "lack"), cause.Resource, what, c.best(cause.Have.String(), "free"))
	case PortTaken:
		return fmt.Sprintf("%s port %d%s taken or not offered", c.verb("has", "have"), cause.Port, bracketed(cause.Name))
	case NoPort:
		return c.verb("has", "have") + " no free port" + forPort(cause.Name)
	case NoMount:
		detail := cause.Detail
		if detail == "" {
			detail = c.best(cause.Have.String(), "free")
		}
		return fmt.Sprintf("%s no free MOUNT disk of %s or more (%s)", c.verb("has", "have"), cause.Need, detail)
	case Misplaced:
		text := c.verb("refused", "refused") + " by placement " + cause.Verdict.Row
		// What an agent lacks is the same for all of them.
		if c.Agents == 1 || cause.Verdict.Reason == placement.Missing {
			text += " (" + cause.Verdict.String() + ")"
		}
		return text
	case Leaving:
		return c.verb("goes", "go") + " away for maintenance"
	case Lacking:
		return fmt.Sprintf("%s not offer the reservations of %s (%s)", c.verb("does", "do"), cause.Name, strings.Join(c.Lacking, ", "))
	}
	return c.verb("refused", "refused") + ": " + cause.String()
}

func (c Count) verb(one, many string) string {
	if c.Agents == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", c.Agents, many)
}

// best names the best amount among several agents, or the one amount.
func (c Count) best(amount, word string) string {
	if c.Agents == 1 {
		return amount + " " + word
	}
	return "best " + amount
}

func agents(count int) string {
	if count == 1 {
		return "1 agent"
	}
	return fmt.Sprintf("%d agents", count)
}
