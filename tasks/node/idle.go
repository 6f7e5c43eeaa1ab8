package node

import (
	"context"
	"os"
)

// Idle waits in place of a paused task's command until the context or a signal ends it. People get into the container with
// `dcos task exec`; the volume is mounted as it is for the database, which does not run.
func Idle(ctx context.Context, journal *Journal, signals <-chan os.Signal) {
	journal.Say("this pod is paused: its command does not run, its volume and files are here; " +
		"`dcos cockroachdb debug pod resume` starts it again")
	select {
	case <-ctx.Done():
	case got := <-signals:
		journal.Say("got %s, the pause ends", got)
	}
}
