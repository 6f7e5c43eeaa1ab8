package plans

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// NodeView is what one database node says over HTTP (/_status/vars, reference: cockroachdb-versions.md, 3.2), or why it
// did not.
type NodeView struct {
	Task   string
	TaskID string
	At     time.Time
	// ClusterID is the id of the cluster that the node is in, empty when it was not asked for or not told.
	ClusterID string
	// NodeID is the number that the database gave the node, 0 when it did not say.
	NodeID int
	// Error is why the node could not be asked; the numbers mean nothing then.
	Error string
	// Live is the number of nodes that this one holds for alive, itself included (liveness_livenodes).
	Live int
	// UnderReplicated and Unavailable count the ranges that this node leads and that lack a copy, or a majority.
	UnderReplicated int
	Unavailable     int
}

// Database is the latest word of each node, by task.
type Database map[string]NodeView

// Probes says what the gate wants of the database's own word.
type Probes string

// With ProbesRequired a disruption waits until the nodes have said that all is well; with ProbesUsed only a bad word holds
// it back, silence does not; with ProbesOff nobody is asked.
const (
	ProbesRequired Probes = "required"
	ProbesUsed     Probes = "used"
	ProbesOff      Probes = "off"
)

// settle is how long after a node became ready the database's word counts again: its range metrics are made every ten
// seconds, and a word from before says nothing about now.
const settle = 12 * time.Second

// wordLasts is how long a node's word counts. The nodes are asked much more often.
const wordLasts = time.Minute

// well says whether the nodes that serve say that the database can spare one of them, and what is waited for if not.
func well(view View) (bool, Reason) {
	if view.Probes == ProbesOff || view.Probes == "" {
		return true, Reason{}
	}
	ready, latest, last := serving(view)
	if until := latest.Add(settle); view.Now.Before(until) {
		return false, Reason{Why: WhyDatabase, Until: until,
			Waits: fmt.Sprintf("its next word on its ranges, because %s has just become ready", last)}
	}
	for _, record := range ready {
		word, heard := view.Database[record.Task]
		fresh := heard && counts(view, word) && !word.At.Before(latest.Add(settle))
		switch {
		case fresh && word.Error == "":
			if reason, bad := bad(word, len(ready)); bad {
				return false, reason
			}
		case view.Probes == ProbesRequired:
			detail := word.Error
			switch {
			case !heard || !counts(view, word):
				detail = "there is no word of it that is young enough"
			case !fresh:
				detail = "it said nothing since " + last + " became ready"
			}
			return false, Reason{Why: WhyDatabase, Waits: record.Task + " to say how the database is", Detail: detail}
		}
	}
	return true, Reason{}
}

// noticed is how long the database takes to see that a node is down, and to count its ranges without it: its liveness
// expires after some ten seconds, and ranges are counted every ten.
const noticed = 30 * time.Second

// available says whether the database does without a node that is down: every other node that serves has said, since it noticed,
// that no range is unavailable.
func available(view View, down *tasks.Record) (bool, Reason) {
	if view.Probes == ProbesOff || view.Probes == "" {
		return true, Reason{}
	}
	since := down.DownAt
	if since.IsZero() {
		since = down.Status.Since
	}
	since = since.Add(noticed)
	if view.Now.Before(since) {
		return false, Reason{Why: WhyDatabase, Until: since, Waits: "its word on its ranges without " + down.Task}
	}
	ready, _, _ := serving(view)
	for _, record := range ready {
		word, heard := view.Database[record.Task]
		fresh := heard && counts(view, word) && !word.At.Before(since) && word.Error == ""
		switch {
		case fresh && word.Unavailable > 0:
			return false, Reason{Why: WhyDatabase, Waits: fmt.Sprintf("%d ranges are unavailable, %s says, and the volume that would go may hold a copy of them",
				word.Unavailable, record.Task)}
		case !fresh && view.Probes == ProbesRequired:
			return false, Reason{Why: WhyDatabase, Waits: record.Task + " to say how the database is without " + down.Task, Detail: word.Error}
		}
	}
	return true, Reason{}
}

// counts says that a word is of the task that runs, and young enough.
func counts(view View, word NodeView) bool {
	record := view.Records[word.Task]
	return record != nil && word.TaskID == record.TaskID && view.Now.Sub(word.At) < wordLasts
}

// serving are the ready database nodes, and which of them became ready last, and when.
func serving(view View) (ready []*tasks.Record, latest time.Time, last string) {
	for _, name := range view.digest.order {
		record := view.Records[name]
		if record.Pod.Type != tasks.NodePod || !record.Ready() {
			continue
		}
		ready = append(ready, record)
		if record.ReadyAt.After(latest) {
			latest, last = record.ReadyAt, name
		}
	}
	return ready, latest, last
}

// copies is what the database keeps of everything. With fewer nodes it says for ever that copies are lacking.
const copies = 3

func bad(word NodeView, ready int) (Reason, bool) {
	reason := func(text string) (Reason, bool) {
		return Reason{Why: WhyDatabase, Waits: text + ", " + word.Task + " says"}, true
	}
	switch {
	case word.Unavailable > 0:
		return reason(fmt.Sprintf("%d ranges are unavailable", word.Unavailable))
	case word.UnderReplicated > 0 && ready >= copies:
		return reason(fmt.Sprintf("%d ranges lack a copy", word.UnderReplicated))
	case word.Live < ready:
		return reason(fmt.Sprintf("the database holds %d nodes for alive, and %d are ready", word.Live, ready))
	}
	return Reason{}, false
}
