package node

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// portLimit is how long the ports may stay taken: the node's predecessor may be closing its sockets.
const portLimit = 15 * time.Second

// portWait waits until the ports are free. It is not for the database's sake, which would say so itself: a stranger's
// database on our port would answer our questions in its place, and this helper would take the stranger's cluster for
// ours, initialise it, and tell the scheduler so.
type portWait struct {
	limit   time.Duration
	pause   time.Duration
	journal *Journal
}

// run returns when every address can be listened on, or a *Fault that names those that cannot.
func (w portWait) run(ctx context.Context, addresses ...cockroach.Address) error {
	deadline := time.Now().Add(w.limit)
	notice := newNotice(w.journal)
	for {
		taken := takenPorts(ctx, addresses)
		if len(taken) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return &Fault{Code: tasks.ExitPort, Problem: "another process listens on " + strings.Join(taken, " and "),
				Remedy: "Stop it, or give the service other ports (CONTAINER_PG_PORT, CONTAINER_HTTP_PORT)"}
		}
		notice.say("waiting for %s to be free", strings.Join(taken, " and "))
		if !sleep(ctx, w.pause) {
			return fmt.Errorf("wait for free ports: %w", ctx.Err())
		}
	}
}

// takenPorts lists the addresses that cannot be listened on, with the system's reason.
func takenPorts(ctx context.Context, addresses []cockroach.Address) []string {
	var taken []string
	for _, address := range addresses {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address.String())
		if err != nil {
			taken = append(taken, fmt.Sprintf("%s (%v)", address, err))
			continue
		}
		listener.Close()
	}
	return taken
}
