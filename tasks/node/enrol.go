package node

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// certificateLimit bounds one request about certificates: the scheduler stores what it signs before it answers.
const certificateLimit = 30 * time.Second

// security is what a start knows of its certificates; the zero value is a node without.
type security struct {
	issued *certs.Issued
	roots  *certs.Roots
}

// names are what the node's certificate is good for, empty without one.
func (s security) names() string {
	if s.issued == nil {
		return ""
	}
	return s.issued.Names()
}

func certificateDesk(s Settings, client *http.Client, journal *Journal) certs.Desk {
	return certs.Desk{Client: client, URL: s.Scheduler.URL, TaskID: s.TaskID, Name: s.TLS.Name, Say: journal.Say, Now: time.Now}
}

// openPlace removes the keys that killed helpers left, and makes the place for this launch's, nil for a node without.
func openPlace(memory certs.Memory, dir string, s Settings, journal *Journal) (*certs.Place, error) {
	memory.Sweep(journal.Say)
	if !s.TLS.On {
		return nil, nil
	}
	place, err := memory.Open(dir, journal.Say)
	if err != nil {
		return nil, &Fault{Code: tasks.ExitCertificate, Problem: "there is no place for the node's private keys", Err: err,
			Remedy: "Look at what fills this agent's /dev/shm; the task will be started again"}
	}
	return place, nil
}

// closePlace removes the keys of this launch.
func closePlace(place *certs.Place, journal *Journal) {
	if place == nil {
		return
	}
	if err := place.Close(); err != nil {
		journal.Say("WARNING: %v", err)
	}
}

// enrol gets the node's certificates and writes them to their place. It waits for as long as the scheduler is away.
func enrol(ctx context.Context, s Settings, journal *Journal) (security, error) {
	desk := certificateDesk(s, s.Scheduler.Client(certificateLimit), journal)
	issued, err := desk.Enrol(ctx, s.TLS.Token)
	if ctx.Err() != nil {
		return security{}, context.Cause(ctx)
	}
	if err != nil {
		return security{}, enrolmentFault(err)
	}
	if err := s.TLS.Place.Install(issued); err != nil {
		return security{}, &Fault{Code: tasks.ExitCertificate, Problem: "cannot keep the node's certificates", Err: err,
			Remedy: "Look at the agent's disk and at what fills its /dev/shm; the task will be started again"}
	}
	journal.Say("got the certificate %s, for %s", issued, issued.Names())
	if !issued.Covers(s.Advertise.Host) {
		journal.Say("WARNING: the certificate lacks %s, which this node advertises: other nodes and the node itself cannot connect to it there, and it will not become ready",
			s.Advertise.Host)
	}
	roots := &certs.Roots{}
	roots.Use(issued)
	return security{issued, roots}, nil
}

// enrolmentFault ends the task: its token is of no more use.
func enrolmentFault(err error) *Fault {
	fault := &Fault{Code: tasks.ExitCertificate, Problem: "this node gets no certificate", Err: err}
	var refused *certs.RefusedError
	var unfit *certs.UnfitError
	switch {
	case errors.As(err, &refused) && refused.Used:
		fault.Remedy = "The next launch has a new token. If no earlier start of this very task can have used this one, somebody else did: find out who reads this agent's environments, and renew the authority"
	case errors.As(err, &refused):
		fault.Remedy = "The next launch has a new token. Check that CRDB_SCHEDULER leads to this service's scheduler"
	case errors.As(err, &unfit):
		fault.Remedy = "Check the certificates that were given to the service (TLS_CA_CERT, TLS_NODE_CERT, TLS_CLIENT_CERT), their names, and this agent's clock"
	default:
		fault.Remedy = "Run the scheduler and the task's helper of one version"
	}
	return fault
}

// keepCertificates looks after them for as long as the database runs.
func keepCertificates(ctx context.Context, s Settings, p prepared, db *Process, journal *Journal) {
	if p.security.issued == nil {
		return
	}
	keeper := certs.Keeper{
		Desk: certificateDesk(s, s.Scheduler.Client(certificateLimit), journal), Place: s.TLS.Place, SQL: s.Listen.Dial().String(), HTTP: s.HTTP.Dial().String(),
		Hangup: func() error { return hangUp(ctx, db) }, Trouble: func() string { return reloadTrouble(p.volume, time.Now()) }, Roots: p.security.roots,
	}
	keeper.Run(ctx, p.security.issued)
}

// hangUp has the database read its certificates. One that is being stopped gets no more signals from here.
func hangUp(ctx context.Context, db *Process) error {
	if ctx.Err() != nil {
		return fmt.Errorf("the database is being stopped: %w", ctx.Err())
	}
	return db.Signal(hangup)
}
