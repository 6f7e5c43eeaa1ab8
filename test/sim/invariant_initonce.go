package sim

import (
	"bytes"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var initOnce = Invariant{Name: "init-once", begin: beginInitOnce,
	Says: "The cluster is initialised at most once in the life of a service: no node may initialise once the store says that " +
		"the cluster was, and no second volume is ever initialised."}

func beginInitOnce() check {
	first := ""
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Stored:
			if at.After == nil || !at.After.Init || !at.After.Ready() {
				return nil
			}
			id := at.After.VolumeID()
			if first != "" && first != id {
				return fmt.Errorf("%s initialised the volume %s, and %s was initialised before", at.After.Task, id, first)
			}
			first = id
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if is && accept.Launch != nil && accept.Launch.Record.Init && bytes.Contains(w.Store["cluster"], []byte(`"initialised":true`)) {
				return fmt.Errorf("%s may initialise although the cluster was initialised", accept.Launch.Record.Task)
			}
		}
		return nil
	}
}
