package plans

import "maps"

// Hand is what people did to a plan by hand. It is stored, so that it outlives the process (the SDK forgets it).
type Hand struct {
	// Interrupted holds the whole plan back, Phases those of its phases, by name.
	Interrupted bool            `json:"interrupted,omitempty"`
	Phases      map[string]bool `json:"phases,omitempty"`
	// Done are the steps that were forced to be complete, by id, with what they were complete for: the target's id for a
	// deploy step, the task's id for a recovery step. Another target, or another launch, is a new matter.
	Done map[string]string `json:"done,omitempty"`
}

// Clone is a copy that may be changed.
func (h Hand) Clone() Hand {
	h.Phases, h.Done = maps.Clone(h.Phases), maps.Clone(h.Done)
	if h.Phases == nil {
		h.Phases = map[string]bool{}
	}
	if h.Done == nil {
		h.Done = map[string]string{}
	}
	return h
}

// Empty says that nothing is left of it.
func (h Hand) Empty() bool { return !h.Interrupted && len(h.Phases) == 0 && len(h.Done) == 0 }
