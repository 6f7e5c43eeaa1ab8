package certs

import (
	"crypto/x509"
	"errors"
	"fmt"
)

// nodeUser is whom a node's certificate is for, and rootUser whom the helper's commands act as (cockroachdb-versions.md, 5.2).
const (
	nodeUser = "node"
	rootUser = "root"
)

// verifyNode says whether a chain, leaf first, is a node of the cluster that trusts roots. Our own task is checked under its name;
// an empty name takes any node, which only the cluster's own authority makes: a certificate of the user node may act as every node.
func verifyNode(chain []*x509.Certificate, roots *x509.CertPool, name string) error {
	if len(chain) == 0 {
		return errors.New("the other side shows no certificate")
	}
	if err := verify(chain, roots, x509.ExtKeyUsageServerAuth, name); err != nil {
		return err
	}
	if !isFor(chain[0], nodeUser) {
		return fmt.Errorf("the certificate is for %q, and not for the user %s", shorten(chain[0].Subject.CommonName), nodeUser)
	}
	return nil
}

// verify traces a chain to roots, for a purpose and, unless it is empty, under a name.
func verify(chain []*x509.Certificate, roots *x509.CertPool, purpose x509.ExtKeyUsage, name string) error {
	options := x509.VerifyOptions{Roots: roots, Intermediates: pool(chain[1:]), DNSName: name, KeyUsages: []x509.ExtKeyUsage{purpose}}
	_, err := chain[0].Verify(options)
	return err
}

// isFor says whether the database takes a certificate for that of a user: by its common name, or, from v20.1 on, a DNS name.
func isFor(c *x509.Certificate, user string) bool {
	if c.Subject.CommonName == user {
		return true
	}
	for _, name := range c.DNSNames {
		if name == user {
			return true
		}
	}
	return false
}
