package core

import (
	"maps"
	"slices"
	"strings"
)

// partMost is how many bytes one write may have, well below what a store takes (store.MaxBatch counts some hundred bytes more
// for each key).
const partMost = 400_000

// parts splits a write that is too large for one batch of the store: a hundred launches at once, or a new target that a hundred
// tasks count as launched under. Every part leaves before any call, so a process that dies between two has stored launches that
// never left, as one that dies behind the last. Targets come first, because records name them, and with
// them the mark of a removal, so that a start after such a death goes on with it, what the records that follow hold no more,
// and that all of them stop; what a start looks at first
// (the target in force) comes last, so that a start after such a death judges the new target again.
func (w Write) parts() []Write {
	if w.size() <= partMost {
		return []Write{w}
	}
	var list []Write
	part, room := Write{Set: map[string][]byte{}}, partMost
	last := Write{Set: map[string][]byte{}, Delete: w.Delete}
	keys := slices.Sorted(maps.Keys(w.Set))
	slices.SortStableFunc(keys, func(a, b string) int { return rank(a) - rank(b) })
	for _, key := range keys {
		if rank(key) == 2 {
			last.Set[key] = w.Set[key]
			continue
		}
		if cost := len(key) + len(w.Set[key]); cost > room && len(part.Set) > 0 {
			list = append(list, part)
			part, room = Write{Set: map[string][]byte{}}, partMost
		}
		part.Set[key] = w.Set[key]
		room -= len(key) + len(w.Set[key])
	}
	if len(part.Set) > 0 {
		list = append(list, part)
	}
	if len(last.Set) > 0 || len(last.Delete) > 0 {
		list = append(list, last)
	}
	return list
}

func rank(key string) int {
	switch {
	case strings.HasPrefix(key, keyTargets), strings.HasPrefix(key, keyVacated), key == keyFullStop, key == keyRemoval:
		return 0
	case strings.HasPrefix(key, keyRecords):
		return 1
	}
	return 2
}

func (w Write) size() (bytes int) {
	for key, value := range w.Set {
		bytes += len(key) + len(value)
	}
	return bytes
}
