package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var storedFirst = Invariant{Name: "stored-first", begin: beginStoredFirst,
	Says: "What Mesos cannot tell later is stored before the call leaves: the record of a launch before its ACCEPT, and the " +
		"end of a task before its KILL."}

func beginStoredFirst() check {
	told := map[string]bool{}
	return func(w *World, at Moment) error {
		leaving, is := at.(Leaving)
		if !is {
			return nil
		}
		switch call := leaving.Call.(type) {
		case core.Accept:
			if call.Launch == nil {
				return nil
			}
			record := call.Launch.Record
			if stored := w.records[record.Task]; stored == nil || stored.TaskID != record.TaskID {
				return fmt.Errorf("%s leaves as %s before it is stored", record.Task, record.TaskID)
			}
		case core.Kill:
			record := w.recordOf(call.TaskID)
			if !told[call.TaskID] && record != nil && !record.Stopped() && record.GivenUp.IsZero() {
				return fmt.Errorf("%s is killed, and that is not stored", record.Task)
			}
			told[call.TaskID] = true
		}
		return nil
	}
}
