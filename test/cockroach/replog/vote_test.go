package replog

import (
	"encoding/json"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// TestVotes: who gets a vote from a node whose log ends at index 3 of term 2 and
// that has seen term 5. A vote for a staler log would lose committed entries.
func TestVotes(t *testing.T) {
	for _, c := range []struct {
		name string
		q    VoteRequest
		want bool
	}{
		{"same log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 3, LastTerm: 2}, true},
		{"longer log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 9, LastTerm: 2}, true},
		{"newer term, shorter log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 1, LastTerm: 3}, true},
		{"shorter log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 2, LastTerm: 2}, false},
		{"older term, longer log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 9, LastTerm: 1}, false},
		{"old term of office", VoteRequest{Term: 4, Candidate: 2, LastIndex: 9, LastTerm: 4}, false},
		{"voted for another in this term", VoteRequest{Term: 5, Candidate: 2, LastIndex: 3, LastTerm: 2}, false},
		{"voted for it in this term", VoteRequest{Term: 5, Candidate: 3, LastIndex: 3, LastTerm: 2}, true},
		{"pre-vote of a stale log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 2, LastTerm: 2, Pre: true}, false},
		{"pre-vote of a fresh log", VoteRequest{Term: 6, Candidate: 2, LastIndex: 3, LastTerm: 2, Pre: true}, true},
		{"forced, but stale", VoteRequest{Term: 6, Candidate: 2, LastIndex: 2, LastTerm: 2, Force: true}, false},
	} {
		voters, _ := json.Marshal([]int{2, 3, 4})
		d := &disk{vote: store.Vote{Term: 5, For: 3}, log: []store.Entry{
			{Index: 1, Term: 1, Kind: kindVoters, Data: voters}, {Index: 2, Term: 2, Kind: kindNoop}, {Index: 3, Term: 2, Kind: kindNoop}}}
		g, err := New(Config{
			ID: 1, Storage: d, Machine: &tape{}, Transport: wire{&world{}, 1}, Members: func() []int { return nil },
			Heartbeat: time.Second, Election: time.Second, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		}, d.load())
		if err != nil {
			t.Fatal(err)
		}
		if r := g.HandleVote(c.q); r.Granted != c.want {
			t.Errorf("%s: %+v; want %v", c.name, r, c.want)
		}
		if kept := d.load().Vote; c.want && !c.q.Pre && kept != (store.Vote{Term: c.q.Term, For: c.q.Candidate}) {
			t.Errorf("%s: the promise on disk is %+v", c.name, kept)
		}
		g.Close()
	}
}
