package cli

import (
	"fmt"
	"net/url"
)

// planPart is a plan, a phase of it, or a step of that.
type planPart struct{ plan, phase, step string }

func partOf(words []string) planPart {
	words = append(words, "", "")
	return planPart{words[0], words[1], words[2]}
}

func (p planPart) String() string {
	switch {
	case p.step != "":
		return fmt.Sprintf("%q plan: step %q in phase %q", p.plan, p.step, p.phase)
	case p.phase != "":
		return fmt.Sprintf("%q plan: phase %q", p.plan, p.phase)
	}
	return fmt.Sprintf("%q plan", p.plan)
}

// query names phase and step as the API wants them.
func (p planPart) query() string {
	values := url.Values{}
	if p.phase != "" {
		values.Set("phase", p.phase)
	}
	if p.step != "" {
		values.Set("step", p.step)
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}
