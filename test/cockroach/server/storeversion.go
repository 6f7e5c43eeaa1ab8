package server

import (
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// upgradePath is the release lines in order. Innovation releases may be skipped.
// Source: cockroachdb-versions.md, section 8.
var upgradePath = []string{
	"2.0", "2.1", "19.1", "19.2", "20.1", "20.2", "21.1", "21.2", "22.1", "22.2", "23.1", "23.2", "24.1", "24.2", "24.3",
	"25.1", "25.2", "25.3", "25.4", "26.1", "26.2",
}

var innovation = []string{"24.2", "25.1", "25.3", "26.1"}

// checkVersion refuses a store that is too old or too new for the binary. A step
// back of one line is let through here: whether it is lawful depends on the
// finalised version, which is in the log.
func checkVersion(id store.Identity, path string, v version.Version) error {
	if id.Version == "" || id.ClusterID == "" {
		return nil
	}
	last, err := version.Parse(id.Version)
	if err != nil {
		return fmt.Errorf("store %s says it was last used with %q: %w", path, id.Version, err)
	}
	from, to := slices.Index(upgradePath, last.Line()), slices.Index(upgradePath, v.Line())
	steps := 0
	for i := from + 1; i <= to; i++ {
		if i == to || !slices.Contains(innovation, upgradePath[i]) {
			steps++
		}
	}
	if steps > 1 {
		least := to - 1
		for slices.Contains(innovation, upgradePath[least]) {
			least--
		}
		return fmt.Errorf("store %s, last used with cockroach version v%s, is too old for running version v%s (which requires data from v%s or later)",
			path, last.Line(), v.Line(), upgradePath[least])
	}
	return nil
}

// checkFinalised refuses a binary that is older than the finalised version.
func checkFinalised(finalised, path string, v version.Version) error {
	if slices.Index(upgradePath, finalised) > slices.Index(upgradePath, v.Line()) {
		return fmt.Errorf("cockroach version v%s is incompatible with data in store %s; use version v%s or later", v.Line(), path, finalised)
	}
	return nil
}
