package core

import "maps"

// Counters count what happened since the process started, by the names that the SDK's metrics have.
type Counters map[string]uint64

func (c Counters) clone() Counters {
	if c == nil {
		return Counters{}
	}
	return maps.Clone(c)
}

func (c Counters) add(name string, n int) {
	if n > 0 {
		c[name] += uint64(n)
	}
}

func offerCount(e Offered) int {
	n := 0
	for _, offer := range e.Offers {
		n += len(offer.IDs)
	}
	return n
}
