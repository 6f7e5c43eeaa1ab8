package flags

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Store is one --store value. Size is in bytes, 0 when not given.
type Store struct {
	Path   string
	Attrs  []string
	Size   int64
	Memory bool
}

// ParseStore reads a --store value: a bare path, or comma-separated fields.
// Source: cockroachdb-versions.md, 1.2.
func ParseStore(s string, v version.Version) (Store, error) {
	if s == "" {
		return Store{}, fmt.Errorf("no value specified")
	}
	var st Store
	seen := map[string]bool{}
	for _, part := range strings.Split(s, ",") {
		field, value, ok := strings.Cut(part, "=")
		if !ok {
			field, value = "path", part
		}
		if seen[field] {
			return Store{}, fmt.Errorf("%s field was used twice in store definition", field)
		}
		seen[field] = true
		if value == "" {
			return Store{}, fmt.Errorf("no value specified for %s", field)
		}
		switch {
		case field == "path":
			st.Path = value
		case field == "size":
			n, err := parseSize(value, 0)
			if err != nil {
				return Store{}, fmt.Errorf("could not parse store size (%s): %w", value, err)
			}
			st.Size = n
		case field == "attrs":
			st.Attrs = strings.Split(value, ":")
		case field == "type" && value == "mem":
			st.Memory = true
		case field == "type":
			return Store{}, fmt.Errorf("%s is not a valid store type", value)
		case field == "ballast-size" && v.AtLeast(21, 2, 0), field == "provisioned-rate" && v.AtLeast(22, 2, 0):
			// Accepted: the stand-in keeps no ballast and limits no rate.
		default:
			return Store{}, fmt.Errorf("%s is not a valid store field", field)
		}
	}
	switch {
	case st.Memory && st.Path != "":
		return Store{}, fmt.Errorf("path specified for in memory store")
	case st.Memory && !seen["size"]:
		return Store{}, fmt.Errorf("size must be specified for an in memory store")
	case !st.Memory && st.Path == "":
		return Store{}, fmt.Errorf("no path specified")
	}
	return st, nil
}
