package metrics

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// families are all metrics that are read, in the order of the page.
func families() []group {
	return []group{
		{"Plans", planFamilies()},
		{"Offers", offerFamilies()},
		{"Tasks and pods", podFamilies()},
		{"The database's own word", databaseFamilies()},
		{"Backups, restores and verifications", jobFamilies()},
		{"Certificates", certificateFamilies()},
		{"The master", masterFamilies()},
		{"The API", accessFamilies()},
		{"The scheduler", processFamilies()},
	}
}

// group is a heading of the page.
type group struct {
	title    string
	families []family
}

// all are the families of all groups, and those of counters that the core has and that are in no table yet.
func (f *facts) all() []family {
	var list []family
	known := map[string]bool{}
	for _, group := range families() {
		for _, family := range group.families {
			list = append(list, family)
			known[family.name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Counters)) {
		if !known[name] && !hasParent(name, list) {
			list = append(list, family{name: name, prom: flat(name), kind: counter,
				help: "Counted by the scheduler since it started.", read: count(name)})
		}
	}
	return list
}

// hasParent says that a counter's name is that of a family with the value of its label.
func hasParent(name string, list []family) bool {
	return slices.ContainsFunc(list, func(f family) bool {
		_, ok := cutDot(name, f.name)
		return ok && f.kind == counter && len(f.labels) > 0
	})
}

// cutDot is what follows a name and a dot.
func cutDot(key, name string) (string, bool) {
	rest, ok := strings.CutPrefix(key, name+".")
	return rest, ok && rest != ""
}

// byLabel makes samples of one label, sorted.
func byLabel[K ~string](values map[K]float64) []sample {
	list := make([]sample, 0, len(values))
	for label, value := range values {
		list = append(list, sample{labels: []string{string(label)}, value: value})
	}
	slices.SortFunc(list, func(a, b sample) int { return cmp.Compare(a.labels[0], b.labels[0]) })
	return list
}
