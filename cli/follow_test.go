package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// step is what the scheduler of the tests answers to one query.
type step struct {
	seqs []uint64 // of the events
	last uint64   // 0 for the last of seqs
	err  error
}

func (s step) events() wire.Events {
	events := wire.Events{Last: s.last}
	for _, seq := range s.seqs {
		events.Events, events.Last = append(events.Events, wire.Event{Seq: seq}), seq
	}
	return events
}

// TestFollowing runs against answers in a row; with the last one the person presses Ctrl-C. Time is virtual.
func TestFollowing(t *testing.T) {
	gone := &client.ReachError{Query: "GET x", Err: errors.New("connection reset")}
	badGateway := &client.StatusError{Status: 502, FromRouter: true}
	noService := &client.StatusError{Status: 404, FromRouter: true}
	noLogin := &client.StatusError{Status: 401}
	tests := []struct {
		name  string
		steps []step
		asked []uint64 // numbers to go on from
		shown []uint64
		notes []string
		took  time.Duration
		fails error
	}{
		{name: "events come", steps: []step{{seqs: []uint64{6, 7}}, {seqs: []uint64{8}}, {}}, asked: []uint64{5, 7, 8}, shown: []uint64{6, 7, 8}},
		{name: "answers without events make no storm", steps: []step{{last: 5}, {last: 5}, {}}, asked: []uint64{5, 5, 5}, took: 2 * time.Second},
		{name: "the scheduler restarts", steps: []step{{err: gone}, {err: badGateway}, {err: noService}, {seqs: []uint64{6}}, {}},
			asked: []uint64{5, 5, 5, 5, 6}, shown: []uint64{6}, took: 7 * time.Second, notes: []string{"No answer now: reset", "answers again"}},
		{name: "it restarts twice", steps: []step{{err: gone}, {seqs: []uint64{6}}, {err: gone}, {seqs: []uint64{7}}, {}},
			asked: []uint64{5, 5, 6, 6, 7}, shown: []uint64{6, 7}, took: 2 * time.Second,
			notes: []string{"No answer now: reset", "answers again", "No answer now: reset", "answers again"}},
		{name: "it stays away", steps: []step{{err: gone}, {err: gone}, {err: gone}, {err: gone}, {err: gone}, {}},
			asked: []uint64{5, 5, 5, 5, 5, 5}, took: 23 * time.Second, notes: []string{"No answer now: reset"}},
		{name: "it lost events", steps: []step{{last: 3}, {seqs: []uint64{4}}, {}}, asked: []uint64{5, 3, 4}, shown: []uint64{4},
			took: time.Second, notes: []string{"lost the events 4 to 5"}},
		{name: "events were overwritten", steps: []step{{seqs: []uint64{9}}, {}}, asked: []uint64{5, 9}, shown: []uint64{9}, notes: []string{"The events 6 to 8 were overwritten"}},
		{name: "the login ends", steps: []step{{seqs: []uint64{6}}, {err: noLogin}}, asked: []uint64{5, 6}, shown: []uint64{6}, fails: noLogin},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var asked, shown []uint64
				var notes []string
				f := follower{
					ask: func(ctx context.Context, after uint64) (wire.Events, error) {
						at := len(asked)
						asked = append(asked, after)
						if at == len(tt.steps)-1 && tt.fails == nil {
							cancel()
							return wire.Events{}, ctx.Err()
						}
						return tt.steps[at].events(), tt.steps[at].err
					},
					show: func(events []wire.Event) error {
						for _, event := range events {
							shown = append(shown, event.Seq)
						}
						return nil
					},
					note:    func(text string) { notes = append(notes, text) },
					explain: func(error) string { return "reset" },
				}
				start := time.Now()
				if err := f.run(ctx, 5); !errors.Is(err, tt.fails) {
					t.Errorf("ends with %v, want %v", err, tt.fails)
				}
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %s, want %s", took, tt.took)
				}
				if !slices.Equal(asked, tt.asked) || !slices.Equal(shown, tt.shown) {
					t.Errorf("asked %d, shown %d; want %d and %d", asked, shown, tt.asked, tt.shown)
				}
				if fits := func(got, want string) bool { return strings.Contains(got, want) }; !slices.EqualFunc(notes, tt.notes, fits) {
					t.Errorf("notes %q, want %q", notes, tt.notes)
				}
			})
		})
	}
}

func TestCtrlCEndsAPauseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		start := time.Now()
		f := follower{
			ask: func(context.Context, uint64) (wire.Events, error) {
				return wire.Events{}, fmt.Errorf("x: %w", &client.ReachError{})
			},
			note: func(string) {}, explain: func(error) string { return "" },
		}
		if err := f.run(ctx, 0); err != nil || time.Since(start) != 300*time.Millisecond {
			t.Errorf("ends with %v after %s", err, time.Since(start))
		}
	})
}

func TestOutputThatCannotBeWrittenEndsFollowing(t *testing.T) {
	full := errors.New("full")
	f := follower{
		ask:  func(context.Context, uint64) (wire.Events, error) { return step{seqs: []uint64{1}}.events(), nil },
		show: func([]wire.Event) error { return full },
	}
	if err := f.run(t.Context(), 0); !errors.Is(err, full) {
		t.Errorf("ends with %v", err)
	}
}
