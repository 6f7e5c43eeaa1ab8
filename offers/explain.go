package offers

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Explain folds refusals into the answer to "why is it not deploying". Of several refusals of one agent the last one
// counts. What comes out does not depend on the order of the agents.
func Explain(req tasks.Requirement, refusals []Refusal) Explanation {
	latest := latestOf(refusals)
	explanation := Explanation{
		Pod: req.Pod.String(), AgentID: req.AgentID, Agents: len(latest), Counts: countsOf(latest),
	}
	if len(latest) > 0 {
		nearest := *slices.MinFunc(latest, nearer)
		explanation.Nearest = &nearest
	}
	return explanation
}

// latestOf keeps the last refusal of each agent.
func latestOf(refusals []Refusal) []*Refusal {
	latest := make([]*Refusal, 0, len(refusals))
	seen := make(map[string]bool, len(refusals))
	for i := len(refusals) - 1; i >= 0; i-- {
		if id := refusals[i].AgentID; !seen[id] {
			seen[id] = true
			latest = append(latest, &refusals[i])
		}
	}
	return latest
}

// nearer orders refusals by how little keeps the agent from being taken: fewest causes, then smallest shortfall.
func nearer(a, b *Refusal) int {
	return cmp.Or(
		cmp.Compare(len(a.Causes), len(b.Causes)),
		cmp.Compare(shortfall(a), shortfall(b)),
		cmp.Compare(a.Hostname, b.Hostname),
		cmp.Compare(a.AgentID, b.AgentID),
	)
}

func shortfall(refusal *Refusal) (sum int64) {
	for i := range refusal.Causes {
		sum += refusal.Causes[i].Shortfall()
	}
	return sum
}

// group is what makes causes count as the same.
type group struct {
	kind     Kind
	resource string
	port     uint64
	text     string
}

func groupOf(c *Cause) group {
	switch c.Kind {
	case Short:
		return group{kind: c.Kind, resource: c.Resource}
	case PortTaken:
		return group{kind: c.Kind, port: c.Port}
	case Misplaced:
		return group{kind: c.Kind, resource: c.Verdict.Row, text: string(c.Verdict.Reason)}
	case VolumeDiffers, Malformed:
		return group{kind: c.Kind, text: c.Detail}
	}
	return group{kind: c.Kind}
}

// countsOf counts agents by cause, the most frequent first. An agent counts once for each of its causes.
func countsOf(refusals []*Refusal) []Count {
	var counts []Count
	// There are few groups, and a look along them is quicker than a map.
	var groups []group
	var last []int
	for i := range refusals {
		for j := range refusals[i].Causes {
			cause := &refusals[i].Causes[j]
			key := groupOf(cause)
			at := slices.Index(groups, key)
			if at < 0 {
				at = len(counts)
				groups = append(groups, key)
				counts = append(counts, Count{Best: *cause})
				last = append(last, -1)
			}
			counts[at].add(cause, last[at] != i)
			last[at] = i
		}
	}
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Agents, a.Agents), cmp.Compare(rank(a.Best.Kind), rank(b.Best.Kind)), cmp.Compare(a.sortKey(), b.sortKey()))
	})
	return counts
}

// add counts one more agent, or one more cause of the same agent.
func (c *Count) add(cause *Cause, agent bool) {
	if agent {
		c.Agents++
	}
	if before(cause, &c.Best) {
		c.Best = *cause
	}
	if cause.Kind == Lacking && !slices.Contains(c.Lacking, cause.Resource) {
		c.Lacking = append(c.Lacking, cause.Resource)
	}
}

// before says that a cause comes nearer to a match than another of its group. Equally near ones are told apart by what
// they say, so that the same one is shown whatever the order of the agents.
func before(a, b *Cause) bool {
	if order := cmp.Compare(a.Shortfall(), b.Shortfall()); order != 0 {
		return order < 0
	}
	if a.Verdict != nil && b.Verdict != nil {
		return a.Verdict.Value < b.Verdict.Value
	}
	if a.Have != b.Have {
		return a.Have > b.Have
	}
	return a.Name+a.ID+a.Detail < b.Name+b.ID+b.Detail
}

// kinds in the order in which equally frequent causes are told.
var kinds = []Kind{Malformed, Lacking, VolumeLost, VolumeDiffers, Misplaced, Leaving, Short, NoMount, PortTaken, NoPort}

func rank(kind Kind) int { return slices.Index(kinds, kind) }

func (c Count) sortKey() string {
	key := groupOf(&c.Best)
	return key.resource + key.text + strconv.FormatUint(key.port, 10)
}
