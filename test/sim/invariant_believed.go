package sim

import (
	"fmt"
	"slices"
)

var believed = Invariant{Name: "believed", begin: beginBelieved,
	Says: "Of any two nodes that run, as far as the scheduler was told, each trusts the issuer of what the other one serves, unless that has expired."}

func beginBelieved() check {
	return func(w *World, at Moment) error {
		if _, is := at.(Turned); !is {
			return nil
		}
		for _, one := range w.tls.nodes {
			if !w.talks(one) || !one.shown.NotAfter.After(w.Now()) {
				continue
			}
			for _, other := range w.tls.nodes {
				if other != one && w.talks(other) && !slices.Contains(other.trusts, one.shown.Issuer) {
					return fmt.Errorf("%s trusts %v, and %s serves a certificate of %s", other.id, other.trusts, one.id, one.shown.Issuer)
				}
			}
		}
		return nil
	}
}

// talks says that a node serves, and that the scheduler was not told, or did not say itself, that it does not run.
func (w *World) talks(one *secureNode) bool {
	if one.shown == nil {
		return false
	}
	record := w.records[one.task]
	return record != nil && record.TaskID == one.id && !record.Status.State.Ended()
}
