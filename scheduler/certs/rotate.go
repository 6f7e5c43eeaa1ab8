package certs

import (
	"context"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Rotate asks for new certificates of nodes, for another authority, or for the next stage of such a change. The answer is the core's, a
// status of HTTP and a sentence: 200 begun, 208 it is under way, 409 not now. Errors: Faults, or *Refusal.
func (d *Desk) Rotate(ctx context.Context, r wire.RotateRequest) (code int, message string, err error) {
	if r.Authority && r.Proceed {
		var faults Faults
		faults.add("proceed", "true", "goes on with a change of the authority, and authority begins one", "send one of them")
		return 0, "", faults
	}
	state := d.Core.Snapshot()
	if !state.Facts.Target().Service.Secure {
		return 0, "", &Refusal{http.StatusServiceUnavailable, "the service is not secure: there are no certificates to rotate (TLS_ENABLED)"}
	}
	order := core.RotationOrder{Proceed: r.Proceed, Unattended: r.Unattended}
	if r.Authority {
		switch {
		case d.Settings.Outside != nil:
			return 0, "", &Refusal{http.StatusConflict, "the authority was given: change it by TLS_CA_EXTRA and TLS_CA_CERT, in three steps (docs/secure-cluster.md)"}
		case d.Settings.Passphrase == "":
			return 0, "", &Refusal{http.StatusServiceUnavailable, "the key of a new authority cannot be sealed: set TLS_CA_PASSPHRASE"}
		case state.Facts.Security.Change != nil && !state.Facts.Security.Expired(d.Now()):
			return http.StatusAlreadyReported, "a change of the authority is under way, in the stage " + string(state.Facts.Security.Change.Stage), nil
		}
		made, opened, err := makeAuthority(d.Settings.Service, d.Settings.AuthorityLifetime, d.Settings.Passphrase, d.Now())
		if err != nil {
			return 0, "", &Refusal{http.StatusInternalServerError, err.Error()}
		}
		d.keep(opened)
		order.Next = &made
	}
	reply, err := d.ask(ctx, order)
	if err != nil {
		return 0, "", err
	}
	return reply.Code, reply.Message, nil
}
