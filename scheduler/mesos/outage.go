package mesos

import (
	"log/slog"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// outage is the time without a subscription: core and log hear of it each time the reason changes, not with each try.
type outage struct {
	log    *slog.Logger
	inbox  func(core.Event)
	on     bool
	reason string
}

func (o *outage) note(err error) {
	reason := stable(err)
	if reason != o.reason {
		o.log.Warn("not connected to Mesos, trying again", "reason", reason)
	}
	if !o.on || reason != o.reason {
		o.inbox(core.Disconnected{Reason: reason})
	}
	o.on, o.reason = true, reason
}

func (o *outage) over() { o.on, o.reason = false, "" }
