package certs

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// passphraseRemedy is what to do about a key that is not opened.
const passphraseRemedy = "set TLS_CA_PASSPHRASE to the passphrase that it was sealed with; to change it, set the new one as TLS_CA_PASSPHRASE and the old one as TLS_CA_FORMER_PASSPHRASE"

// Begin is what the core is to be told when the scheduler starts, nil for nothing: a given authority; one that was made because none is
// stored; or stored ones whose keys were sealed anew. The error is a *Locked: going on with these settings would leave nodes
// without certificates, or make them distrust each other.
func (d *Desk) Begin(facts core.Facts) (*core.AuthorityFound, error) {
	if !d.Settings.Enabled {
		return nil, nil
	}
	if outside := d.Settings.Outside; outside != nil {
		found := core.AuthorityFound{Authorities: outside.Authorities, Issuer: outside.Authorities[0].ID, Outside: true}
		for _, authority := range outside.Authorities {
			found.Trust = append(found.Trust, authority.ID)
		}
		if outside.pair != nil {
			found.Given = serialText(outside.pair.node.leaf)
		}
		return &found, d.step(facts, found)
	}
	sealed := sealedOf(facts.Security)
	if len(sealed) == 0 || !issues(facts.Security, sealed) {
		return d.first(facts)
	}
	return d.reopen(facts.Security, sealed)
}

// first makes the first authority.
func (d *Desk) first(facts core.Facts) (*core.AuthorityFound, error) {
	made, opened, err := makeAuthority(d.Settings.Service, d.Settings.AuthorityLifetime, d.Settings.Passphrase, d.Now())
	if err != nil {
		return nil, &Locked{err.Error(), "set TLS_CA_PASSPHRASE"}
	}
	found := core.AuthorityFound{Authorities: []tasks.Authority{made}, Issuer: made.ID, Trust: []string{made.ID}}
	if err := d.step(facts, found); err != nil {
		return nil, &Locked{"the service was given its authority, and none is given now", "set TLS_CA_CERT and TLS_CA_KEY (or the finished certificates) again"}
	}
	d.keep(opened)
	return &found, nil
}

// reopen opens what is stored, and seals anew what the former passphrase opens.
func (d *Desk) reopen(security core.Security, sealed []tasks.Authority) (*core.AuthorityFound, error) {
	found := core.AuthorityFound{Issuer: security.Issuer, Trust: slices.Clone(security.Trust)}
	for _, authority := range sealed {
		opened, err := open(authority.PEM, authority.Sealed, d.Settings.Passphrase)
		if errors.Is(err, errPassphrase) && d.Settings.Former != "" {
			opened, err = open(authority.PEM, authority.Sealed, d.Settings.Former)
			if err == nil {
				authority.Sealed, err = seal(opened.key, d.Settings.Passphrase)
				found.Authorities = append(found.Authorities, authority)
			}
		}
		switch {
		case errors.Is(err, errPassphrase):
			return nil, &Locked{fmt.Sprintf("the key of the certificate authority %s is in the store, and no passphrase that is set opens it", authority.ID), passphraseRemedy}
		case err != nil:
			return nil, &Locked{fmt.Sprintf("the certificate authority %s cannot be used: %v", authority.ID, err), "restore the state from before, or give an authority (TLS_CA_CERT, TLS_CA_KEY)"}
		}
		d.keep(opened)
	}
	if len(found.Authorities) == 0 {
		return nil, nil
	}
	return &found, nil
}

// step refuses a change that nodes which run would not live through: every node has to trust the one that will sign, and those who
// signed what nodes have have to stay trusted. What expired is trusted by nobody anyway.
func (d *Desk) step(facts core.Facts, found core.AuthorityFound) error {
	var distrusting, distrusted []string
	for _, task := range slices.Sorted(maps.Keys(facts.Records)) {
		record := facts.Records[task]
		has := record.Certificate
		if has == nil || !has.NotAfter.After(d.Now()) || !record.Status.State.Alive() {
			continue
		}
		if !slices.Contains(has.Trust, found.Issuer) {
			distrusting = append(distrusting, task)
		}
		if !slices.Contains(found.Trust, has.Issuer) {
			distrusted = append(distrusted, task)
		}
	}
	what := cmp.Or(
		told("do not trust the authority of TLS_CA_CERT, %s, yet", found.Issuer, distrusting),
		told("have certificates that the authorities of TLS_CA_CERT and TLS_CA_EXTRA (%s) did not sign", strings.Join(found.Trust, ", "), distrusted))
	if what == "" {
		return nil
	}
	return &Locked{what, "change an authority in three steps, and wait between them for the plan rotate-certificates: put the new one into TLS_CA_EXTRA; " +
		"then make it TLS_CA_CERT, with the old one in TLS_CA_EXTRA; then leave the old one out"}
}

func told(text, what string, of []string) string {
	if len(of) == 0 {
		return ""
	}
	return fmt.Sprintf("nodes that run (%s) "+text, strings.Join(of, ", "), what)
}

func sealedOf(security core.Security) []tasks.Authority {
	var list []tasks.Authority
	for _, authority := range security.Authorities {
		if authority.Sealed != "" {
			list = append(list, authority)
		}
	}
	return list
}

// issues says that the one that signs is among these.
func issues(security core.Security, list []tasks.Authority) bool {
	return slices.ContainsFunc(list, func(a tasks.Authority) bool { return a.ID == security.Issuer })
}

// Expiring says that less than a sixth of a lifetime is left: what is renewed by itself was due when a third was.
func Expiring(from, until, now time.Time) bool { return until.Sub(now) < until.Sub(from)/6 }
