package certs

import (
	"crypto/x509"
	"fmt"
	"net"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Issued is what a node got from the scheduler, checked: it is what the database would take. It never prints its keys.
type Issued struct {
	node, client *pair
	// ca is PEM.
	ca          string
	authorities []*x509.Certificate
	// Serial and Trust are as the scheduler spells them, so that it knows them again.
	Serial string
	Trust  []string
}

// UnfitError is an answer of the scheduler that no database could use.
type UnfitError struct {
	// What names the part of the answer.
	What string
	Err  error
}

func (e *UnfitError) Error() string { return e.What + ": " + e.Err.Error() }

// Unwrap gives what is wrong with it.
func (e *UnfitError) Unwrap() error { return e.Err }

// newIssued checks an answer. Name is what the node's certificate has to be good for.
func newIssued(answer wire.NodeIssued, keys Keys, name string) (*Issued, error) {
	i := &Issued{ca: answer.CA, Serial: answer.Serial, Trust: answer.Trust}
	var err error
	if i.authorities, err = Certificates(answer.CA); err != nil {
		return nil, &UnfitError{"the authorities that came with the certificate", err}
	}
	roots := pool(i.authorities)
	if i.node, err = newPair(answer.Certificate, string(answer.Key), keys.Node, nodeUser); err == nil {
		if err = verify(i.node.chain, roots, x509.ExtKeyUsageServerAuth, name); err == nil {
			err = verify(i.node.chain, roots, x509.ExtKeyUsageClientAuth, "") // towards other nodes
		}
	}
	if err == nil && !sameSerial(answer.Serial, Serial(i.node.leaf())) {
		err = fmt.Errorf("its serial number is %s, and was said to be %s", Serial(i.node.leaf()), shorten(answer.Serial))
	}
	if err != nil {
		return nil, &UnfitError{"the node's certificate", err}
	}
	if i.client, err = newPair(answer.Client, string(answer.ClientKey), keys.Client, rootUser); err == nil {
		err = verify(i.client.chain, roots, x509.ExtKeyUsageClientAuth, "")
	}
	if err != nil {
		return nil, &UnfitError{"the certificate of the user root", err}
	}
	return i, nil
}

// Names are what the node's certificate is good for, for messages.
func (i *Issued) Names() string {
	leaf := i.node.leaf()
	names := append([]string(nil), leaf.DNSNames...)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return strings.Join(names, ", ")
}

// Covers says whether the node's certificate is good for a host: a name or an address.
func (i *Issued) Covers(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		host = ip.String()
	}
	return i.node.leaf().VerifyHostname(host) == nil
}

// String is the certificate in a few words.
func (i *Issued) String() string {
	return fmt.Sprintf("%s, good until %s, trusting %s", i.Serial, i.node.leaf().NotAfter.UTC().Format("2006-01-02 15:04"), strings.Join(i.Trust, " and "))
}

// Format hides the keys from every verb of package fmt.
func (i *Issued) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(i.String())) }
