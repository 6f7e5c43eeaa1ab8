package mesos

import (
	"log/slog"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// outage is the time without a subscription: the core hears of it once, the log each time the reason changes.
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
	if !o.on {
		o.inbox(core.Disconnected{Reason: reason})
	}
	o.on, o.reason = true, reason
}

func (o *outage) over() { o.on, o.reason = false, "" }
