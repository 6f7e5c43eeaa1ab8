package core

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

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

func lower(text string) string { return strings.ToLower(text) }

func appendOnce(list []string, item string) []string {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// equalStatus compares by what would be stored.
func equalStatus(a, b tasks.Status) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
