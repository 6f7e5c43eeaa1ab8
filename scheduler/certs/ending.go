package certs

import (
	"crypto/x509"
	"fmt"
	"time"
)

// Ending is a finished certificate that is to be replaced now.
type Ending struct {
	// Setting is what holds it.
	Setting  string
	NotAfter time.Time
}

// Ending are the finished certificates that have less than a sixth of their lifetime left, or none: nobody renews them but the operator.
func (o *Outside) Ending(now time.Time) []Ending {
	var list []Ending
	if o == nil || o.pair == nil {
		return nil
	}
	for _, one := range []struct {
		setting string
		leaf    *x509.Certificate
	}{{"TLS_NODE_CERT", o.pair.node.leaf}, {"TLS_CLIENT_CERT", o.pair.client.leaf}} {
		if Expiring(one.leaf.NotBefore, one.leaf.NotAfter, now) {
			list = append(list, Ending{one.setting, one.leaf.NotAfter.UTC()})
		}
	}
	return list
}

// Warnings tell of finished certificates that end soon, and of trusted authorities that are over: they do no harm, and are of no use.
func (o *Outside) Warnings(now time.Time) []string {
	var list []string
	for _, ending := range o.Ending(now) {
		list = append(list, fmt.Sprintf("%s expires at %s: give another one; running nodes take a new TLS_CLIENT_CERT only along with a new TLS_NODE_CERT.",
			ending.Setting, ending.NotAfter.Format(time.RFC3339)))
	}
	for _, authority := range o.Authorities[1:] {
		if !authority.NotAfter.After(now) {
			list = append(list, fmt.Sprintf("TLS_CA_EXTRA holds an authority (%s) that expired at %s: leave it out.", authority.ID, authority.NotAfter.Format(time.RFC3339)))
		}
	}
	return list
}
