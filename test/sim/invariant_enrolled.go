package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var enrolled = Invariant{Name: "enrolled", begin: beginEnrolled,
	Says: "No node is launched with TLS while the service has no authority, and once faults stop each that was has a certificate."}

func beginEnrolled() check {
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if is && accept.Launch != nil && accept.Launch.Record.Enrolment != nil && w.state.Facts.Security.Issuer == "" {
				return fmt.Errorf("%s is launched, and nobody could sign its certificate", accept.Launch.Record.TaskID)
			}
		case Settled:
			return allEnrolled(w)
		}
		return nil
	}
}

// allEnrolled says which node runs with TLS and has no certificate.
func allEnrolled(w *World) error {
	for _, name := range w.names() {
		record := w.records[name]
		if !isNode(record) || record.Status.State != tasks.Running || !w.modes[record.TaskID] || record.Idling {
			continue
		}
		if w.bare(record.TaskID) {
			return fmt.Errorf("%s was launched with TLS, and has no certificate", record.TaskID)
		}
	}
	return nil
}
