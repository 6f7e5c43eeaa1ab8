package sim

import (
	"maps"
	"slices"
)

// operation is one kind of thing that can happen.
type operation struct {
	// weight is how often it is chosen, zero for what is not chosen by itself.
	weight int
	// wish says that it is what a person asks for; else it is a fault, or time passing.
	wish bool
	// do does it, and says whether there was anything to do it to. The error is a broken invariant.
	do func(l *Life, op Op) (bool, error)
}

// Operations are all kinds by name.
var Operations = map[string]operation{}

func init() {
	for _, group := range []map[string]operation{wishes, ofJobs, ofTLS, faultsOfTasks, faultsOfAgents, faultsOfMaster, faultsOfProcess} {
		maps.Copy(Operations, group)
	}
}

func operationNames() []string { return slices.Sorted(maps.Keys(Operations)) }
