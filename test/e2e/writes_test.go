package e2e

import (
	"encoding/binary"
	"encoding/json"
	"regexp"
	"strings"
)

// stored is what the tests read of a record in the store.
type stored struct {
	TaskID   string `json:"task_id"`
	Stopping string `json:"stopping"`
	GivenUp  string `json:"given_up"`
	Asked    *struct {
		Verb string `json:"verb"`
	} `json:"asked"`
	Status struct {
		State string `json:"state"`
	} `json:"status"`
}

// change is one atomic write: the records in it, and as they were before.
type change struct {
	was, now map[string]stored
	raw      string
}

var recordPath = regexp.MustCompile(`/records/([a-z0-9-]+)`)

// records are those that a write sets: a path, then the length of its content, then the content.
func records(frame []byte) map[string]stored {
	found := map[string]stored{}
	for _, at := range recordPath.FindAllSubmatchIndex(frame, -1) {
		rest := frame[at[1]:]
		if len(rest) < 4 {
			continue
		}
		size, rest := binary.BigEndian.Uint32(rest), rest[4:]
		var record stored
		if int64(size) <= int64(len(rest)) && json.Unmarshal(rest[:size], &record) == nil {
			found[string(frame[at[2]:at[3]])] = record
		}
	}
	return found
}

// The writes that the tests name.

func launchOf(task string) func(change) bool {
	return func(c change) bool {
		now, set := c.now[task]
		return set && now.TaskID != c.was[task].TaskID
	}
}

func orderFor(task, verb string) func(change) bool {
	return func(c change) bool {
		now := c.now[task]
		return now.Asked != nil && now.Asked.Verb == verb && c.was[task].Asked == nil
	}
}

func stopOf(task string) func(change) bool {
	return func(c change) bool { return c.now[task].Stopping != "" && c.was[task].Stopping == "" }
}

func giveUpOf(task string) func(change) bool {
	return func(c change) bool { return c.now[task].GivenUp != "" && c.was[task].GivenUp == "" }
}

func statusOf(task, state string) func(change) bool {
	return func(c change) bool {
		return c.now[task].Status.State == state && c.was[task].Status.State != state
	}
}

func initialised(c change) bool {
	return strings.Contains(c.raw, "/cluster") && strings.Contains(c.raw, `"initialised":true`)
}
