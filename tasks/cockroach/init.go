package cockroach

import "strings"

// InitCommand is the argument list that initialises a cluster through the node at to.At, an address the other nodes
// have in their join list or one of the same process.
func InitCommand(v Version, to Access) []string {
	return append([]string{"init"}, clientFlags(v, to)...)
}

// InitOutcome is what one run of `cockroach init` came to.
type InitOutcome int

// The outcomes of `cockroach init`.
const (
	// InitFailed means that nothing is known to have changed: try again.
	InitFailed InitOutcome = iota
	// InitDone means that this run created the cluster.
	InitDone
	// InitWasDone means that the node already belongs to a cluster.
	InitWasDone
)

// initialisedTexts say in any release that there is a cluster already: the first on the node that was initialised, the
// second on one that joined (v19.1 to v20.1 only). The "with ID …" tail of v2.0 and v2.1 follows the first.
var initialisedTexts = []string{"has already been initialized", "already connected to cluster"}

// ReadInit judges a run of `cockroach init` by its exit code and its output (stdout and stderr together).
func ReadInit(exitCode int, output string) InitOutcome {
	for _, text := range initialisedTexts {
		if strings.Contains(output, text) {
			return InitWasDone
		}
	}
	if exitCode == 0 {
		return InitDone
	}
	return InitFailed
}
