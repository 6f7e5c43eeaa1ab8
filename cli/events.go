package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// standardEvents is how many events are shown when nobody says how many.
const standardEvents = 100

func newEvents(s *session) *cobra.Command {
	var follow bool
	var since time.Duration
	var most int
	c := &cobra.Command{
		Use:   "events",
		Short: "Show what the scheduler did and what happened to it",
		Long: `Show what the scheduler did, what happened to the service, and why, the oldest
first, as the scheduler remembers it: about the last thousand events, also from
before its restarts. Times are UTC.

With --follow, go on with new events until Ctrl-C, also when the scheduler restarts.
With --json, print the scheduler's answer; with --follow --json, one event a line.`,
		Example: "  " + s.program + " events -n 20\n  " + s.program + " events --since 1h\n  " + s.program + " events --follow",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			flags := c.Flags()
			switch {
			case flags.Changed("count") && most < 1:
				return &usageError{fmt.Sprintf("--count is %d, it must be 1 or more", most)}
			case flags.Changed("since") && since <= 0:
				return &usageError{fmt.Sprintf("--since is %s, it must be more than nothing", since)}
			case flags.Changed("since") && !flags.Changed("count"):
				most = 0
			}
			return s.showEvents(c.Context(), most, since, follow)
		},
	}
	flags := c.Flags()
	flags.BoolVarP(&follow, "follow", "f", false, "go on with new events until Ctrl-C")
	flags.DurationVar(&since, "since", 0, "only events of the last `time`: 90s, 15m, 2h")
	flags.IntVarP(&most, "count", "n", standardEvents, "the newest `number` of events (with --since: all)")
	return c
}

func (s *session) showEvents(ctx context.Context, most int, since time.Duration, follow bool) error {
	c, err := s.connect()
	if err != nil {
		return err
	}
	query := url.Values{}
	if most > 0 {
		query.Set("limit", strconv.Itoa(most))
	}
	answer, events, err := askEvents(ctx, c, query)
	if err != nil {
		return s.older(err)
	}
	if since > 0 {
		events.Events = youngerThan(events.Events, answer.Date.Add(-since))
	}
	if s.json && !follow {
		raw, err := wire.Marshal(events)
		if err != nil {
			return err
		}
		return s.printRaw(raw)
	}
	if err := s.printEvents(events.Events); err != nil {
		return err
	}
	if len(events.Events) == 0 {
		s.note(noEvents(answer.Date, since))
	}
	if !follow {
		return nil
	}
	f := follower{
		ask: func(ctx context.Context, after uint64) (wire.Events, error) {
			query := url.Values{"after": {strconv.FormatUint(after, 10)}, "wait": {longPoll(s.target.Timeout).String()}}
			_, events, err := askEvents(ctx, c, query)
			return events, err
		},
		show:    s.printEvents,
		note:    s.note,
		explain: func(err error) string { return s.advise(err).text },
	}
	return f.run(ctx, events.Last)
}

// noEvents says that there was nothing to show, by the scheduler's clock.
func noEvents(now time.Time, since time.Duration) string {
	if since > 0 {
		return "No events since " + render.Moment(now.Add(-since)) + "."
	}
	return "No events yet."
}

func askEvents(ctx context.Context, c *client.Client, query url.Values) (client.Answer, wire.Events, error) {
	path := client.Path("events")
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	answer, err := c.Get(ctx, path)
	if err != nil {
		return answer, wire.Events{}, err
	}
	events, err := client.Decode[wire.Events](answer)
	return answer, events, err
}

// longPoll is how long the scheduler may wait for an event before it answers, well below the time-out of a query.
func longPoll(timeout time.Duration) time.Duration { return min(20*time.Second, timeout/2) }

// youngerThan keeps events from a time on. The time is the scheduler's: the clock of this machine may differ.
func youngerThan(events []wire.Event, from time.Time) []wire.Event {
	for i, event := range events {
		if !event.At.Before(from) {
			return events[i:]
		}
	}
	return nil
}

// printEvents prints lines of text, or with --json one object a line.
func (s *session) printEvents(events []wire.Event) error {
	return s.print(func(w io.Writer) error {
		if !s.json {
			return render.Events(w, events)
		}
		lines := json.NewEncoder(w)
		lines.SetEscapeHTML(false)
		for _, event := range events {
			if err := lines.Encode(event); err != nil {
				return err
			}
		}
		return nil
	})
}
