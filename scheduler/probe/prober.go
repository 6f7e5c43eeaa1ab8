package probe

import (
	"context"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Times of the rhythm. A round is due once this long has passed since the last one began.
const (
	// soon is for when the gate may be asked: something is being done, or waits to be done.
	soon = 5 * time.Second
	// calm is for the rest of the time, so that a wish finds a word that is not too old, and people a view of the database.
	calm = 30 * time.Second
	// look is how often it is decided anew which of them holds: a wish does not wait for the end of a calm half minute.
	look = time.Second
)

// Prober asks the nodes.
type Prober struct {
	// Snapshot gives the state after the last frame.
	Snapshot func() core.State
	// Tell hands the answers of a round to the core.
	Tell func(context.Context, core.Event)
	// Client sends the questions to nodes that are not secure, over Scheme, http. Secure ones are asked over TLS. See Client.
	Client *http.Client
	Scheme string
	// Limit is the time that one node has for its answer, 3 s when it is zero.
	Limit time.Duration
}

// Run asks in the rhythm until the context ends.
func (p Prober) Run(ctx context.Context) {
	looks := time.NewTicker(look)
	defer looks.Stop()
	var last time.Time
	for {
		state := p.Snapshot()
		if gap := interval(state); gap > 0 && time.Since(last) >= gap {
			last = time.Now()
			p.round(ctx, state)
		}
		select {
		case <-ctx.Done():
			return
		case <-looks.C:
		}
	}
}

// interval is the time between two rounds; zero means that nobody is to be asked.
func interval(state core.State) time.Duration {
	if state.Settings.Probes == core.ProbesOff && !state.Link.Alone { // alone, nodes are ready by their own word only
		return 0
	}
	for _, plan := range state.Plans {
		// A plan of jobs takes no node down, and is hardly ever complete.
		if plan.Status != plans.Complete && !plans.IsJobs(plan.Name) {
			return soon
		}
	}
	for _, record := range state.Facts.Records {
		if record.Asked != nil {
			return soon
		}
	}
	return calm
}
