package plans

import (
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Turn is a node whose turn it is, as a launch, and since when. A relaunch ends it.
type Turn struct {
	Task   string
	TaskID string
	Since  time.Time
	// Late are the nodes whose turn went on to others, because they did not serve what they should in time, and that still do not:
	// one entry for a node, with the time of the first turn. A list that was handed out never changes.
	Late []Late
}

// Late is a launch of a node that has had its turn, and since when it is expected to serve a new certificate.
type Late struct {
	Task   string
	TaskID string
	Since  time.Time
}

// ServeWithin is how long a node may take from the beginning of its turn until it serves a new certificate. It asks within
// seconds, and needs less than one to load it.
const ServeWithin = 5 * time.Minute

// overdue says that whoever has the turn is to hand it on. Nobody does in a change of authority: its stages are complete when all
// nodes are, and the first node that cannot follow says to people that something is wrong before the others have gone further.
func (c Certificates) overdue(now time.Time) bool {
	return c.Stage == "" && c.Turn.TaskID != "" && now.Sub(c.Turn.Since) >= ServeWithin
}

// lateSince is from when a launch is expected to serve a new certificate, zero for one that is not, or has only just been told.
func (c Certificates) lateSince(record *tasks.Record, now time.Time) time.Time {
	if at := c.late(record); at >= 0 {
		return c.Turn.Late[at].Since
	}
	if c.Turn.TaskID != "" && c.Turn.TaskID == record.TaskID && now.Sub(c.Turn.Since) >= ServeWithin {
		return c.Turn.Since
	}
	return time.Time{}
}

func (c Certificates) late(record *tasks.Record) int {
	if c.Stage != "" {
		return -1
	}
	return slices.IndexFunc(c.Turn.Late, func(one Late) bool { return one.TaskID == record.TaskID })
}

// NextTurn is the turn as it is to be now, empty for nobody's. One at a time: a node whose turn it is keeps it until it serves what it
// should, unless it goes down or away. Then comes one that was given a certificate and does not serve it yet, then whoever has
// less than a tenth of its lifetime left, then the lowest number.
//
// Outside of a change of authority a node that is late hands its turn on to the next one, by their numbers and from the last to the first, so
// that one that cannot renew does not hold the others up until they expire. It is tried again when only late ones are left.
func NextTurn(view View) Turn {
	c := view.Certificates
	hand := view.Hands[RotatePlan]
	if !c.able() || hand.Interrupted || hand.Phases[c.phase()] {
		return Turn{}
	}
	view = view.digested()
	wanting := candidates(view)
	turn := Turn{Task: c.Turn.Task, TaskID: c.Turn.TaskID, Since: c.Turn.Since, Late: c.stillLate(wanting)}
	at := slices.IndexFunc(wanting, func(record *tasks.Record) bool { return record.TaskID == turn.TaskID })
	overdue := c.overdue(view.Now)
	if at >= 0 && !overdue {
		return turn
	}
	if at >= 0 {
		mine := wanting[at]
		wanting = slices.Concat(wanting[at+1:], wanting[:at])
		if len(wanting) == 0 {
			return turn
		}
		if c.late(mine) < 0 {
			turn.Late = append(slices.Clone(turn.Late), Late{Task: mine.Task, TaskID: mine.TaskID, Since: turn.Since})
		}
	}
	next := c.first(wanting, view.Now)
	if next == nil {
		return Turn{}
	}
	turn.Task, turn.TaskID, turn.Since = next.Task, next.TaskID, view.Now
	return turn
}

// candidates are the nodes that want a turn and may have it, by their numbers.
func candidates(view View) []*tasks.Record {
	clashes := clashes(view, "")
	var list []*tasks.Record
	for _, name := range view.digest.order {
		record := view.Records[name]
		mine := record.TaskID == view.Certificates.Turn.TaskID
		if wantsTurn(view, record) && (mine || record.Serving != nil || against(clashes, name) == "") {
			list = append(list, record)
		}
	}
	return list
}

// stillLate are those that were late and want a turn still. The list is the same one when all are.
func (c Certificates) stillLate(wanting []*tasks.Record) []Late {
	if c.Stage != "" || len(c.Turn.Late) == 0 {
		return nil
	}
	wants := make(map[string]bool, len(wanting))
	for _, record := range wanting {
		wants[record.TaskID] = true
	}
	gone := func(one Late) bool { return !wants[one.TaskID] }
	if !slices.ContainsFunc(c.Turn.Late, gone) {
		return c.Turn.Late
	}
	return slices.DeleteFunc(slices.Clone(c.Turn.Late), gone)
}

// first is the most urgent of those that are not late, the first in the list of several; when all are late, the first.
func (c Certificates) first(list []*tasks.Record, now time.Time) *tasks.Record {
	var best *tasks.Record
	for _, record := range list {
		if c.late(record) < 0 && (best == nil || urgency(record, now).Before(urgency(best, now))) {
			best = record
		}
	}
	if best == nil && len(list) > 0 {
		return list[0]
	}
	return best
}

// wantsTurn says that a node serves something, can be reached, and should serve something else. A launch that has served nothing
// yet gets what is current by itself.
func wantsTurn(view View, record *tasks.Record) bool {
	return secured(record) && record.Status.State.Alive() && !record.Stopped() && record.Serves() != nil && !view.hasServed(record)
}

// urgency orders nodes that want a turn: one that is on its way first, then by the end of what is about to expire. All others are
// alike.
func urgency(record *tasks.Record, now time.Time) time.Time {
	serves := record.Serves()
	switch {
	case record.Serving != nil:
		return time.Time{}
	case serves.NotAfter.Sub(now) < serves.Lifetime()/10:
		return serves.NotAfter
	}
	return now.AddDate(1000, 0, 0)
}
