package probe

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// via is how a node is asked: over which scheme, with which client.
type via struct {
	scheme string
	client *http.Client
}

// way is the one to a node: over TLS when it was launched for a secure cluster. It is checked by the authorities that nodes trust, and
// by the task's own name, which every certificate of a node has, whatever address is dialled.
func (p Prober) way(state core.State, record tasks.Record) via {
	target := state.Facts.Targets[record.TargetID]
	if !target.Service.Secure {
		return via{p.Scheme, p.Client}
	}
	pod, _ := target.Pod(record.Pod.Type)
	client := Client()
	client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots(state.Facts.Security, record.Certificate),
		ServerName: tasks.CertificateNames(target.Service, pod, record)[0]}
	return via{"https", client}
}

// addFirst adds the authority itself: those behind it sign for others too. What cannot be read was refused where it came in.
func addFirst(pool *x509.CertPool, text string) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		if certificate, err := x509.ParseCertificate(block.Bytes); err == nil {
			pool.AddCert(certificate)
		}
	}
}

// roots are the authorities that nodes trust by now, and those that signed what this one has: it may be before its turn in a change.
func roots(security core.Security, has *tasks.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, authority := range security.Authorities {
		trusted := has != nil && authority.ID == has.Issuer
		for _, id := range security.Trust {
			trusted = trusted || authority.ID == id
		}
		if trusted {
			addFirst(pool, authority.PEM)
		}
	}
	return pool
}
