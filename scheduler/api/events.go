package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// A caller that follows the journal waits for at most longestWait; the snapshot is looked at every lookAgain.
const (
	longestWait = time.Minute
	lookAgain   = 250 * time.Millisecond
)

// events answers what happened, oldest first. With wait it answers as soon as there is something, at the latest when the
// wait is over; a wait ends with its request.
func (h handlers) events(w http.ResponseWriter, r *http.Request) {
	q := queryOf(r)
	after, given := q.number("after", math.MaxUint64)
	limit, limited := q.number("limit", math.MaxInt32)
	wait := q.duration("wait", longestWait)
	if q.refused(w) {
		return
	}
	if !limited {
		limit = math.MaxInt32
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	journal := h.source.Snapshot().Facts.Journal
	// A journal that is behind what the caller knows is news as well: see wire.Events.
	if wait > 0 && journal.Last == after {
		journal = h.newer(ctx, after)
	}
	answer(w, http.StatusOK, eventsOf(journal, after, int(limit), given))
}

// newer is the first journal that is not at this number any more, or the one at the end of the wait.
func (h handlers) newer(ctx context.Context, after uint64) core.Journal {
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return h.source.Snapshot().Facts.Journal
		case <-again.C:
		}
		if journal := h.source.Snapshot().Facts.Journal; journal.Last != after {
			return journal
		}
	}
}

// eventsOf are the oldest entries behind a number when one is given, so that a caller can go on from the last, and else
// the newest of all.
func eventsOf(journal core.Journal, after uint64, limit int, given bool) wire.Events {
	entries := journal.Since(min(after, journal.Last))
	if len(entries) > limit {
		if given {
			entries = entries[:limit]
		} else {
			entries = entries[len(entries)-limit:]
		}
	}
	shown := wire.Events{Last: journal.Last}
	if given && limit == 0 {
		shown.Last = min(after, journal.Last)
	}
	for _, entry := range entries {
		event := wire.Event{Seq: entry.Seq, At: entry.At, Level: entry.Level, Message: entry.Message}
		for _, fact := range entry.Facts {
			event.Facts = append(event.Facts, wire.Named{Name: fact.Name, Value: fact.Value})
		}
		shown.Events, shown.Last = append(shown.Events, event), entry.Seq
	}
	return shown
}
