package job

import "time"

// pace is how often and how long things are tried; only tests change it.
type pace struct {
	// report lies between two reports of progress.
	report time.Duration
	// first and longest are the pauses between tries, doubled from one to the other.
	first, longest time.Duration
	// collect and connect are how long is tried to collect the job, and to reach a node.
	collect, connect time.Duration
	// end is the longest pause between two tries to tell the end, which have no end themselves.
	end time.Duration
	// answer limits a small query, poll lies between two questions about a job of the database.
	answer, poll time.Duration
	// cleanup limits what is tidied after a cancelled or failed job.
	cleanup time.Duration
}

var usual = pace{
	report: 2 * time.Second, first: 500 * time.Millisecond, longest: 10 * time.Second,
	collect: 5 * time.Minute, end: time.Minute, connect: 2 * time.Minute,
	answer: 2 * time.Minute, poll: 2 * time.Second, cleanup: 5 * time.Minute,
}
