package certs

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	// patience is how long the core may take to answer.
	patience = 30 * time.Second
	// tries bounds how often something is signed anew because the authority changed meanwhile.
	tries = 5
	// jobLifetime is for the certificate of a job, which asks for one each time.
	jobLifetime = 30 * 24 * time.Hour
)

// Core is what decides who gets a certificate: run.Loop.
type Core interface {
	Snapshot() core.State
	Ask(ctx context.Context, event core.Asking) (core.Reply, error)
}

// Settings are how certificates are made.
type Settings struct {
	// Enabled says that the service is to be secure; without it nothing is made at the start, and what is stored is opened at need.
	Enabled bool
	// Service is the service's name.
	Service string
	// Passphrase seals the keys of made authorities; Former is the one before it.
	Passphrase, Former wire.Secret
	// Outside is nil where the service makes its own authority.
	Outside *Outside

	AuthorityLifetime, NodeLifetime, ClientLifetime time.Duration
}

// Desk signs certificates, and hands them out when the core has noted them. It may be used from any goroutine.
type Desk struct {
	Core     Core
	Settings Settings
	Now      func() time.Time

	lock sync.Mutex
	// opened are authorities whose keys were unsealed, by id.
	opened map[string]*signer
	counts map[Count]uint64
}

// Count is what is counted: certificates of a kind (node, client, job) that were issued, or refused.
type Count struct {
	Kind    string
	Refused bool
}

// Counts are the certificates since the process started.
func (d *Desk) Counts() map[Count]uint64 {
	d.lock.Lock()
	defer d.lock.Unlock()
	counts := map[Count]uint64{}
	for kind, n := range d.counts {
		counts[kind] = n
	}
	return counts
}

func (d *Desk) count(kind string, err error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.counts == nil {
		d.counts = map[Count]uint64{}
	}
	d.counts[Count{kind, err != nil}]++
}

// signer is the authority that signs by this state. The error is a *Refusal.
func (d *Desk) signer(security core.Security) (*signer, error) {
	if security.Issuer == "" {
		return nil, &Refusal{http.StatusServiceUnavailable, "the service has no certificate authority yet; ask again later"}
	}
	if outside := d.Settings.Outside; outside != nil && outside.signer != nil && outside.signer.id == security.Issuer {
		return outside.signer, nil
	}
	if security.Given != "" {
		return nil, &Refusal{http.StatusConflict, "the service was given finished certificates and signs none: have this one signed by the authority of TLS_CA_CERT"}
	}
	for _, authority := range security.Authorities {
		if authority.ID == security.Issuer {
			return d.unsealed(authority)
		}
	}
	return nil, &Refusal{http.StatusServiceUnavailable, "the authority that signs is missing from the state"}
}

// unsealed opens a stored authority once.
func (d *Desk) unsealed(authority tasks.Authority) (*signer, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if known := d.opened[authority.ID]; known != nil {
		return known, nil
	}
	if authority.Sealed == "" {
		return nil, &Refusal{http.StatusServiceUnavailable, "the authority that signs (" + authority.ID + ") is not the one of the settings: set TLS_CA_CERT and TLS_CA_KEY to it, or ask again later"}
	}
	var found *signer
	err := errPassphrase
	for _, passphrase := range []wire.Secret{d.Settings.Passphrase, d.Settings.Former} {
		if found, err = open(authority.PEM, authority.Sealed, passphrase); !errors.Is(err, errPassphrase) {
			break
		}
	}
	if errors.Is(err, errPassphrase) {
		return nil, &Refusal{http.StatusServiceUnavailable, "the key of the authority cannot be opened: " + passphraseRemedy}
	}
	if err != nil {
		return nil, &Refusal{http.StatusServiceUnavailable, err.Error()}
	}
	d.keepLocked(found)
	return found, nil
}

func (d *Desk) keep(opened *signer) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.keepLocked(opened)
}

func (d *Desk) keepLocked(opened *signer) {
	if d.opened == nil {
		d.opened = map[string]*signer{}
	}
	d.opened[opened.id] = opened
}

// ask asks the core. The error is a *Refusal: 503, nobody knows whether it counted.
func (d *Desk) ask(ctx context.Context, event core.Asking) (core.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := d.Core.Ask(ctx, event)
	if err != nil {
		return core.Reply{}, &Refusal{http.StatusServiceUnavailable, err.Error()}
	}
	return reply, nil
}

// signing signs by the newest state and asks the core, again when the authority changed meanwhile. The error is a *Refusal.
func (d *Desk) signing(ctx context.Context, sign func(core.State) (core.Asking, error)) error {
	var last *Refusal
	for range tries {
		event, err := sign(d.Core.Snapshot())
		if err != nil {
			return err
		}
		reply, err := d.ask(ctx, event)
		if err != nil {
			return err
		}
		if reply.Code == http.StatusOK {
			return nil
		}
		if last = (&Refusal{reply.Code, reply.Message}); reply.Code != http.StatusConflict {
			return last
		}
	}
	return last
}

// pair are the finished certificates that were given, nil where they are signed by these facts.
func (d *Desk) pair(security core.Security) *pair {
	outside := d.Settings.Outside
	if outside == nil || outside.pair == nil || serialText(outside.pair.node.leaf) != security.Given {
		return nil
	}
	return outside.pair
}
