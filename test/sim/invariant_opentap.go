package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

var openTap = Invariant{Name: "open-tap", begin: beginOpenTap,
	Says: "Offers are not shut at the master for long while a launch is wanted, whatever the core believes of the tap."}

// longestShut is how long offers may be shut while something is wanted: a REVIVE may get lost, and then another.
const longestShut = 5 * time.Minute

func beginOpenTap() check {
	var since time.Time
	return func(w *World, at Moment) error {
		if _, is := at.(Turned); !is {
			return nil
		}
		if !w.shut || !w.alive || !w.state.Link.Connected || w.Now().Before(w.Slow) || !w.wants() {
			since = time.Time{}
			return nil
		}
		if since.IsZero() {
			since = w.Now()
		}
		if shut := w.Now().Sub(since); shut > longestShut {
			return fmt.Errorf("offers have been shut for %s while a launch is wanted", shut)
		}
		return nil
	}
}

// wants says that a launch waits for an offer.
func (w *World) wants() bool {
	if w.state.Settings.Uninstall {
		return false // that the removal ends shows it
	}
	stop := w.state.Facts.FullStop
	view := plans.View{Now: w.state.Now, Target: w.state.Facts.Target(), Records: w.state.Facts.Records, Delays: w.state.Delays,
		Jobs: w.state.Facts.Jobs, Targets: w.state.Facts.Targets, FullStop: stop != nil && stop.Secure == w.state.Facts.Target().Service.Secure, Hands: w.state.Facts.Hands}
	return slices.ContainsFunc(plans.Next(view, w.state.Plans).Launches, func(l plans.Launch) bool {
		return !l.Scout || !l.Step.FullStop // whether a full stop has room is for the core to ask
	})
}
