package core

import (
	"fmt"
	"log/slog"
)

// subscribed takes the framework id in (it is stored before anything else is sent), and begins reconciliation.
func (f *frame) subscribed(e Subscribed) {
	if f.Facts.FrameworkID != "" && f.Facts.FrameworkID != e.FrameworkID {
		f.rest = append(f.rest, Exit{Code: 2,
			Message: fmt.Sprintf("the master knows us as framework %s, the store says %s", e.FrameworkID, f.Facts.FrameworkID),
			Remedy:  "check that STATE_STORE and MESOS_MASTER belong to the same cluster"})
		return
	}
	f.Facts.FrameworkID = e.FrameworkID
	dialect := DialectOf(e.MasterVersion)
	f.Link = Link{Connected: true, Since: f.Now, MasterID: e.MasterID, MasterVersion: e.MasterVersion,
		Region: e.Region, Refined: dialect.Refined, Alone: !dialect.Groups}
	f.log(slog.LevelInfo, "subscribed", "framework", e.FrameworkID, "master", e.MasterID, "version", e.MasterVersion)
	f.beginReconcile()
	// Nothing counts as asked for: a SUPPRESS of the last subscription may have arrived late, and refusals may outlive it.
	f.Flow.Suppressed, f.Flow.Wanted, f.Flow.Flowed = false, nil, f.Now
	f.sweep()
}

func (f *frame) disconnected(e Disconnected) {
	if f.Link.Connected || f.Link.Reason == "" {
		f.log(slog.LevelWarn, "disconnected from the master", "reason", e.Reason)
	}
	if f.Link.Connected {
		f.Link.Since = f.Now
	}
	f.Link.Connected, f.Link.Reason = false, e.Reason
	f.Reconcile = Reconciliation{}
	f.Flow.Pending = false
}
