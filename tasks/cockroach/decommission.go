package cockroach

import (
	"fmt"
	"strings"
)

// ReadNodeStatus judges a run of NodeStatusCommand by its exit code, its stdout and its stderr. Known is false when the
// database has no such node in its list.
func ReadNodeStatus(id, exitCode int, stdout, stderr string) (word NodeWord, known bool, err error) {
	if exitCode != 0 {
		if strings.Contains(stderr, fmt.Sprintf("node %d doesn't exist", id)) {
			return NodeWord{}, false, nil
		}
		return NodeWord{}, false, fmt.Errorf("`cockroach node status` ended with code %d", exitCode)
	}
	return nodeRow(stdout, id)
}

// DecommissionOutcome is what one run of `cockroach node decommission` came to.
type DecommissionOutcome int

// The outcomes of `cockroach node decommission`.
const (
	// DecommissionFailed means that nothing is known to have changed: try again.
	DecommissionFailed DecommissionOutcome = iota
	// DecommissionMarked means that the node counts no more and its copies are made anew elsewhere; it has to be run again
	// when that is done.
	DecommissionMarked
	// DecommissionDone means that nothing is left to do.
	DecommissionDone
)

// absentTexts say that the database has no node with the id: from v20.2 on, and before.
var absentTexts = []string{"node does not exist", "node not in the liveness table"}

// ReadDecommission judges a run of DecommissionCommand for node id by its exit code, its stdout and its stderr. Up to
// v20.1 the mark is all there is. Later releases take the node out for good in the first run that finds it without
// replicas; from v22.1 on they drain it before, which may fail with a dead node: one that is marked, dead and empty is as
// good as gone, because it counts no more (cockroachdb-versions.md, 4.2).
func ReadDecommission(v Version, id, exitCode int, stdout, stderr string) DecommissionOutcome {
	if exitCode != 0 {
		for _, text := range absentTexts {
			if strings.Contains(stderr, text) {
				return DecommissionDone
			}
		}
	}
	word, found, err := nodeRow(stdout, id)
	switch {
	case err != nil || !found || !word.Leaving:
		return DecommissionFailed
	case word.Final || !v.Has(FinalDecommission):
		return DecommissionDone
	case word.Replicas == 0 && (exitCode == 0 || !word.Alive):
		return DecommissionDone
	}
	return DecommissionMarked
}
