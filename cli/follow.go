package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// follower shows events as they come, over restarts of the scheduler: the numbers of events go on.
type follower struct {
	// ask gives the events after a number, and waits a while for one.
	ask     func(ctx context.Context, after uint64) (wire.Events, error)
	show    func([]wire.Event) error
	note    func(string)
	explain func(error) string
}

const (
	// askAgain is the pause after an answer without events: an answer that comes at once, from something that does not
	// wait, must not make a storm of queries.
	askAgain = time.Second
	// longestRetry is the longest pause after queries that failed.
	longestRetry = 8 * time.Second
)

// run goes on until ctx is done, which is no failure, or until a query fails for a cause that does not pass.
func (f follower) run(ctx context.Context, after uint64) error {
	failures := 0
	for ctx.Err() == nil {
		events, err := f.ask(ctx, after)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !passes(err):
			return err
		case err != nil:
			if failures == 0 {
				f.note("No answer now: " + f.explain(err) + ". Asking again until there is one; Ctrl-C ends this.")
			}
			pause(ctx, min(time.Second<<min(failures, 10), longestRetry))
			failures++
			continue
		}
		if failures > 0 {
			f.note("The scheduler answers again.")
			failures = 0
		}
		if after, err = f.take(events, after); err != nil {
			return err
		}
		if len(events.Events) == 0 {
			pause(ctx, askAgain)
		}
	}
	return nil
}

// take shows what is new and gives the number to go on from.
func (f follower) take(events wire.Events, after uint64) (uint64, error) {
	if events.Last < after {
		f.note(fmt.Sprintf("The scheduler restarted and lost the events %d to %d of its memory.", events.Last+1, after))
		return events.Last, nil
	}
	if len(events.Events) == 0 {
		return events.Last, nil
	}
	if first := events.Events[0].Seq; first > after+1 {
		f.note(fmt.Sprintf("The events %d to %d were overwritten before they could be shown.", after+1, first-1))
	}
	return events.Last, f.show(events.Events)
}

// passes says whether asking again can help: the scheduler restarts, or the way to it is broken for a moment.
func passes(err error) bool {
	if _, ok := errors.AsType[*client.ReachError](err); ok {
		return true
	}
	if e, ok := errors.AsType[*client.StatusError](err); ok {
		return e.Status >= http.StatusInternalServerError || e.Status == http.StatusNotFound && e.FromRouter
	}
	return false
}

// pause waits, shorter when ctx is done.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
