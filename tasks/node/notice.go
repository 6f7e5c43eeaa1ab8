package node

import "time"

// notice says something about a wait at most every noticeEvery, and not in its first seconds.
type notice struct {
	journal *Journal
	last    time.Time
}

func newNotice(j *Journal) *notice { return &notice{j, time.Now()} }

func (n *notice) say(format string, args ...any) {
	if time.Since(n.last) >= noticeEvery {
		n.last = time.Now()
		n.journal.Say(format, args...)
	}
}
