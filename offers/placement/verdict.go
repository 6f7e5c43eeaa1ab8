package placement

import (
	"fmt"
	"strconv"
)

// Reason is why a row refuses an agent.
type Reason string

// Reasons.
const (
	// Missing: the agent has no zone, no region, or no such attribute.
	Missing Reason = "missing"
	// Full: as many pods as allowed stand at the agent's value.
	Full Reason = "full"
	// Differs: the agent's value is not the wanted one, or does not match.
	Differs Reason = "differs"
	// Excluded: the agent's value is one that is ruled out.
	Excluded Reason = "excluded"
	// Uneven: another value has fewer pods and comes first.
	Uneven Reason = "uneven"
)

// Verdict is one row's refusal of an agent, with the numbers in it.
type Verdict struct {
	// Row is the row as text.
	Row    string `json:"row"`
	Field  Field  `json:"field"`
	Reason Reason `json:"reason"`
	// Value is what the agent has, empty if Missing.
	Value string `json:"value,omitempty"`
	// Want is the value or pattern of the row, for Differs, Excluded and some of Missing.
	Want string `json:"want,omitempty"`
	// PodType and Count say how many pods of which type stand at Value, for Full and Uneven.
	PodType string `json:"pod_type,omitempty"`
	Count   int    `json:"count,omitempty"`
	// Limit is how many may stand there: the row's limit if Full, the least filled value's count if Uneven.
	Limit int `json:"limit,omitempty"`
	// Values and Wanted are, for Uneven, how many values are in use and how many the row speaks of (0: not given).
	Values int `json:"values,omitempty"`
	Wanted int `json:"wanted,omitempty"`
}

// String is the reason in words, without the row: already 1 cockroachdb pod on host a.
func (v Verdict) String() string {
	switch v.Reason {
	case Missing:
		text := "the agent has no " + v.Field.words()
		if v.Field.attribute() {
			text = fmt.Sprintf("the agent has no attribute %s", v.Field)
		}
		if v.Want != "" {
			text += ", " + v.Want + " is wanted"
		}
		return text
	case Full:
		text := fmt.Sprintf("already %s %s", pods(v.Count, v.PodType), v.place())
		if v.Limit > 1 {
			text += fmt.Sprintf(", %d allowed", v.Limit)
		}
		return text
	case Differs:
		return fmt.Sprintf("the agent's %s is %s, %s is wanted", v.Field.words(), v.Value, v.Want)
	case Excluded:
		return fmt.Sprintf("the agent's %s is %s, which %s rules out", v.Field.words(), v.Value, v.Want)
	case Uneven:
		text := fmt.Sprintf("already %s %s, other values have %d", pods(v.Count, v.PodType), v.place(), v.Limit)
		if v.Wanted > v.Values {
			text = fmt.Sprintf("already %s %s, and only %d of %d values are in use",
				pods(v.Count, v.PodType), v.place(), v.Values, v.Wanted)
		}
		return text
	}
	return string(v.Reason)
}

// Remedy says what to change, in one sentence.
func (v Verdict) Remedy() string {
	where := v.Field.words()
	switch v.Reason {
	case Missing:
		if v.Field.attribute() {
			return fmt.Sprintf("Give the agents the attribute %s, or take %s out of the placement constraint.", v.Field, v.Row)
		}
		return fmt.Sprintf("Give the agents a %s in their fault domain, or take %s out of the placement constraint.", where, v.Row)
	case Full:
		return fmt.Sprintf("Add an agent with another %s, ask for fewer pods, or loosen %s.", where, v.Row)
	case Uneven:
		return fmt.Sprintf("Add an agent with room in another %s, or loosen %s.", where, v.Row)
	}
	return fmt.Sprintf("Add an agent whose %s fits, or change %s.", where, v.Row)
}

// place is where the pods stand: on host a, in zone z, at rack r1.
func (v Verdict) place() string {
	switch v.Field {
	case Hostname:
		return "on host " + v.Value
	case Zone, Region:
		return "in " + v.Field.words() + " " + v.Value
	}
	return "at " + string(v.Field) + " " + v.Value
}

func pods(count int, podType string) string {
	if count == 1 {
		return "1 " + podType + " pod"
	}
	return strconv.Itoa(count) + " " + podType + " pods"
}
