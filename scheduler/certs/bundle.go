package certs

import (
	"crypto/x509"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ClientBundle is the ca.crt of people and their clients: the trusted authorities in PEM, the newest first, each followed by those that it is
// traced to, because many TLS libraries believe a chain only when it ends at one that signed itself. Each certificate is there once. It is empty for
// a service that has none.
func ClientBundle(security core.Security) string {
	return bundle(security, func(chain []*x509.Certificate) []*x509.Certificate { return chain })
}

// Bundle is the ca.crt of nodes and jobs: the trusted authorities alone. The database lets in whoever has a certificate of any of these,
// as the user that it names. So those above an authority may not be in it: they sign for others too. Go, which the database and this
// service's own programs are written in, believes a chain that ends at one between.
func Bundle(security core.Security) string {
	return bundle(security, func(chain []*x509.Certificate) []*x509.Certificate { return chain[:1] })
}

func bundle(security core.Security, pick func([]*x509.Certificate) []*x509.Certificate) string {
	var text strings.Builder
	seen := map[string]bool{}
	for _, authority := range trusted(security) {
		chain, problem := readCertificates(authority.PEM)
		if problem != "" {
			continue // it was refused where it came in
		}
		for _, one := range pick(chain) {
			if block := certificatePEM(one); !seen[block] {
				seen[block] = true
				text.WriteString(block)
			}
		}
	}
	return text.String()
}

// trusted are the authorities of the ca.crt, in its order.
func trusted(security core.Security) []tasks.Authority {
	var list []tasks.Authority
	for _, id := range security.Trust {
		for _, authority := range security.Authorities {
			if authority.ID == id {
				list = append(list, authority)
				break
			}
		}
	}
	return list
}
