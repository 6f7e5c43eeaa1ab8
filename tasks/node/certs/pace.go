package certs

import "time"

// pace is how long everything waits; tests wait less.
type pace struct {
	// first and longest are the pauses between tries for a first certificate: doubled from one to the other.
	first, longest time.Duration
	// every lies between two looks where the scheduler does not say otherwise; again is the shortest pause before another one.
	every, again time.Duration
	// reload is how long the database may take to serve what was written (v20.1.5 takes some milliseconds), poll lies between
	// two looks meanwhile.
	reload, poll time.Duration
}

var usual = pace{first: time.Second, longest: 30 * time.Second, every: 10 * time.Second, again: time.Second,
	reload: 30 * time.Second, poll: 500 * time.Millisecond}

const (
	// longestAgain is the longest pause that the scheduler may ask for.
	longestAgain = 5 * time.Minute
	// sayAgain lies between two lines about the same trouble.
	sayAgain = 5 * time.Minute
)

// paces is the desk's own pace, or the usual one.
func (d Desk) paces() pace {
	if d.pace == (pace{}) {
		return usual
	}
	return d.pace
}
