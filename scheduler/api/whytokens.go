package api

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// takenShown is how long a token that somebody else used is told of: the task is launched anew within seconds, and all looks well.
const takenShown = 24 * time.Hour

const takenRemedy = "Who may read Mesos' state, or listen between agents and scheduler? If it was a stranger, what he has is good until its authority is changed: certs rotate --authority."

type takenToken struct {
	task string
	at   time.Time
}

// tokensTaken are the tokens of launches that came with two pairs of keys lately, by the journal.
func tokensTaken(state core.State) []takenToken {
	var list []takenToken
	for _, entry := range state.Facts.Journal.Since(0) {
		if state.Now.Sub(entry.At) > takenShown {
			continue
		}
		facts := map[string]string{}
		for _, fact := range entry.Facts {
			facts[fact.Name] = fact.Value
		}
		if facts["reason"] == core.TokenTaken {
			list = append(list, takenToken{facts["task"], entry.At})
		}
	}
	return list
}
