package wire

import "time"

// Events is the answer to GET /v1/events?after=N&limit=n&wait=30s, which is ours: what happened, oldest first.
//
//	{"events": [{"seq": 41, "at": "2026-11-22T12:00:00Z", "level": "INFO", "message": "launching",
//	             "facts": [{"name": "task", "value": "cockroachdb-0-node-init"}]}],
//	 "last": 41}
//
// Without after it is the newest entries (limit of them, all that are kept without a limit); with after those behind that
// number, the oldest first, at most limit. Ask again with after=last to go on. Numbers that are missing between two
// answers were overwritten: about a thousand entries are kept. A last below the after that was asked for says that the
// scheduler was restarted and has lost the newest entries; go on from last.
type Events struct {
	Events List[Event] `json:"events"`
	Last   uint64      `json:"last"`
}

// Event is one thing that happened.
type Event struct {
	Seq     uint64      `json:"seq"` // counts from 1 over the life of the service
	At      time.Time   `json:"at"`
	Level   string      `json:"level"` // INFO, WARN, ERROR
	Message string      `json:"message"`
	Facts   List[Named] `json:"facts"`
}

// Named is a name with its value.
type Named struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
