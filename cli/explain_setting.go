package cli

import (
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// adviseFaults words settings that cannot be used, all of them at once; no text
// when the error holds none.
func adviseFaults(err error) advice {
	faults := faultsIn(err)
	switch len(faults) {
	case 0:
		return advice{}
	case 1:
		f := *faults[0]
		remedy := f.Remedy
		f.Remedy = ""
		return advice{text: f.Error(), try: []string{remedy}}
	}
	a := advice{text: fmt.Sprintf("%d settings cannot be used", len(faults))}
	for _, f := range faults {
		a.try = append(a.try, f.Error())
	}
	return a
}

func faultsIn(err error) []*cluster.Fault {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*cluster.Fault
		for _, e := range joined.Unwrap() {
			all = append(all, faultsIn(e)...)
		}
		return all
	}
	if f, ok := errors.AsType[*cluster.Fault](err); ok {
		return []*cluster.Fault{f}
	}
	return nil
}
