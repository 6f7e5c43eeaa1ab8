package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// marathons are the variables that Marathon makes for ports: PORT, PORTS, PORT0, PORT1, PORT_<name>. They are near to
// ours, and never ours misspelt.
var marathons = regexp.MustCompile(`^PORT(S|[0-9]+|_.*)?$`)

// misspelt warns of variables that are not ours but are nearly written like one of ours. Everything else in an
// environment belongs to somebody else.
func misspelt(values map[string]string) []string {
	known := map[string]bool{}
	for _, entry := range Table() {
		known[entry.Name] = true
	}
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if known[name] || marathons.MatchString(name) {
			continue
		}
		if likely := nearest(name); likely != "" {
			warnings = append(warnings, fmt.Sprintf("%s is not a setting and has no effect; did you mean %s?", name, likely))
		}
	}
	return warnings
}

// nearest is the setting that a name is likely meant for: at most two letters wrong, missing or too many, and at most
// one in three. Case does not count.
func nearest(name string) string {
	best, distance := "", 3
	for _, entry := range Table() {
		away := levenshtein.ComputeDistance(strings.ToUpper(name), entry.Name)
		if away < distance && away*3 <= len(entry.Name) {
			best, distance = entry.Name, away
		}
	}
	return best
}
