package cli

import (
	"context"
	"time"
)

// patient asks until there is an answer, over restarts of the scheduler.
type patient struct {
	note    func(string)
	explain func(error) string
	// goesOn says what the scheduler's silence does not stop: "The job goes on".
	goesOn string
}

// answered looks until it gets an answer. It ends early with ctx's error, or with one that does not pass.
func answered[T any](ctx context.Context, p *patient, look func(context.Context) (T, error)) (T, error) {
	for failures := 0; ; failures++ {
		value, err := look(ctx)
		if ctx.Err() != nil {
			return value, ctx.Err()
		}
		if err == nil {
			if failures > 0 {
				p.note("The scheduler answers again.")
			}
			return value, nil
		}
		if !passes(err) {
			return value, err
		}
		if failures == 0 {
			p.note("No answer now: " + p.explain(err) + ". " + p.goesOn + "; asking again until there is an answer; Ctrl-C ends this.")
		}
		pause(ctx, min(time.Second<<min(failures, 10), longestRetry))
	}
}
