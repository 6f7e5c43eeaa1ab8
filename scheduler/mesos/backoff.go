package mesos

import "time"

// Backoff doubles the wait between two tries from First (500 ms) to Most (30 s). Half of each wait is random, so that the
// frameworks of a cluster do not all come back to a new master in the same instant.
type Backoff struct {
	First time.Duration
	Most  time.Duration
	// Random gives numbers from 0 to 1 (math/rand).
	Random func() float64
}

// leaderless bounds the wait while everything but a leading master is there: an election takes seconds, and asking for
// its result is cheap.
const leaderless = 2 * time.Second

// wait is the pause before try n, counted from 0.
func (b Backoff) wait(n int) time.Duration {
	pause := b.First
	for ; n > 0 && pause < b.Most; n-- {
		pause *= 2
	}
	pause = min(pause, b.Most)
	return pause/2 + time.Duration(b.Random()*float64(pause/2))
}
