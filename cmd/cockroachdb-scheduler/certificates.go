package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
)

// certificates makes the desk that signs, and finds what the core is to be told of authorities, nil for nothing. An authority that cannot be
// used ends the process as a fault of the settings does: nodes go on with what they have.
func certificates(settings config.Settings, facts core.Facts, log *slog.Logger) (*certs.Desk, *core.AuthorityFound, error) {
	desk := &certs.Desk{Settings: settings.Certificates(time.Now()), Now: time.Now}
	if settings.Uninstalls() {
		return desk, nil, nil
	}
	found, err := desk.Begin(facts)
	var locked *certs.Locked
	if errors.As(err, &locked) {
		return nil, nil, &run.Ended{Code: exitConfig, Message: locked.Message, Remedy: locked.Remedy}
	}
	if err != nil {
		return nil, nil, err
	}
	if found != nil && found.Issuer != facts.Security.Issuer {
		log.Info("certificate authority", "id", found.Issuer, "given", found.Outside)
	}
	return desk, found, nil
}

// tell hands an event to the loop, which takes it once it runs: its inbox holds many.
func tell(ctx context.Context, loop *run.Loop, found *core.AuthorityFound) {
	if found != nil {
		loop.Tell(ctx, *found)
	}
}
