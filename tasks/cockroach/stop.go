package cockroach

import "time"

// Signal is a Unix signal by name, without the "SIG".
type Signal string

// The signals that stop a node.
const (
	Term Signal = "TERM"
	Kill Signal = "KILL"
)

// HardStop is the signal that ends a drain at once: up to v20.1 a second SIGTERM (the log says so and is flushed), from
// v20.2 on only SIGKILL, because a second SIGTERM is ignored.
func HardStop(v Version) Signal {
	if v.Has(SecondTermKills) {
		return Term
	}
	return Kill
}

// KillGrace is how long a node may drain before it is stopped hard when nothing is configured. A settled node needs up to
// 28 s, one beside a node that was just restarted up to four minutes, and one without quorum never ends (T:06b, T:06c): five
// minutes are kind to the first two and end the third. Up to v19.2.5 the database itself stops after one minute.
func KillGrace(v Version) time.Duration {
	if v.Has(OneMinuteDrain) {
		return 90 * time.Second
	}
	return 5 * time.Minute
}

// HardStopAfter is the moment within a grace at which a drain is broken off: early enough that the process is gone, and the
// report written, before the agent's own SIGKILL.
func HardStopAfter(grace time.Duration) time.Duration {
	return grace - min(2*time.Second, grace/5)
}
