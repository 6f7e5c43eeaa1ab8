package certs

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Given are the texts in PEM of settings, empty where a setting is not set.
type Given struct {
	Cert, Extra          string
	Key                  wire.Secret
	NodeCert, ClientCert string
	NodeKey, ClientKey   wire.Secret
	// Names are those of the nodes' tasks, by which everybody checks the one certificate that was given for all of them.
	Names []string
}

// Outside is an authority whose key is not kept in the store.
type Outside struct {
	// Authorities are the one that signs, and those that are trusted beside it.
	Authorities []tasks.Authority
	// signer is nil where finished certificates were given.
	signer *signer
	// pair is nil where certificates are signed.
	pair *pair
}

// pair is one certificate with its key for all nodes, and one for the user root.
type pair struct{ node, client finished }

type finished struct {
	leaf *x509.Certificate
	text string
	key  wire.Secret
}

// ReadOutside reads what was given in settings, and finds everything that is wrong with it. No fault shows a value.
func ReadOutside(given Given, now time.Time) (*Outside, []tasks.Fault) {
	r := &reading{now: now}
	chain := r.authority(given.Cert)
	outside := &Outside{}
	if len(chain) > 0 {
		outside.Authorities = append(outside.Authorities, described(chain[0], chain[1:]...))
	}
	for _, extra := range r.extra(given.Extra) {
		known := func(a tasks.Authority) bool { return a.ID == ID(extra[0]) }
		if !slices.ContainsFunc(outside.Authorities, known) {
			outside.Authorities = append(outside.Authorities, described(extra[0], extra[1:]...))
		}
	}
	switch {
	case given.Key != "":
		key := r.key("TLS_CA_KEY", "TLS_CA_CERT", given.Key, chain)
		if len(chain) > 0 && key != nil {
			outside.signer = &signer{ID(chain[0]), chain, key}
		}
	default:
		node := r.finished("TLS_NODE_CERT", "TLS_NODE_KEY", given.NodeCert, given.NodeKey, chain)
		client := r.finished("TLS_CLIENT_CERT", "TLS_CLIENT_KEY", given.ClientCert, given.ClientKey, chain)
		if node.leaf != nil {
			r.forNodes(node.leaf, given.Names)
		}
		if client.leaf != nil && !principal(client.leaf, rootUser) {
			r.add("TLS_CLIENT_CERT", "is not of the user root", "make it with the common name root: cockroach cert create-client root")
		}
		if node.leaf != nil && client.leaf != nil {
			outside.pair = &pair{node, client}
		}
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return outside, nil
}

// reading collects faults.
type reading struct {
	now    time.Time
	faults []tasks.Fault
}

func (r *reading) add(field, message, remedy string) {
	r.faults = append(r.faults, tasks.Fault{Field: field, Message: message, Remedy: remedy})
}

// What to do about faults.
const (
	caRemedy   = "give certificates in PEM, or the path of a file with them: the authority that signs first, then those that it is traced to"
	leafRemedy = "give the certificate in PEM, or the path of a file with it, followed by those that it is traced to"
	keyRemedy  = "give the key in PEM, or the path of a file with it, without a passphrase, from a secret: ECDSA (P-256, P-384) or RSA with 2048 bits or more"
)

// certificates reads a setting that may be empty.
func (r *reading) certificates(field, text string) []*x509.Certificate {
	if text == "" {
		return nil
	}
	list, problem := readCertificates(text)
	if problem != "" {
		r.add(field, problem, caRemedy)
		return nil
	}
	r.usable(field, list)
	return list
}

// usable finds certificates that are out of date, but for trusted ones that are over, and those whose signature releases from v22.2 on refuse.
func (r *reading) usable(field string, list []*x509.Certificate) {
	for i, one := range list {
		which := ""
		if len(list) > 1 {
			which = fmt.Sprintf(" (certificate %d)", i+1)
		}
		if field != "TLS_CA_EXTRA" && !one.NotAfter.After(r.now) {
			r.add(field, fmt.Sprintf("expired at %s%s", one.NotAfter.UTC().Format(time.RFC3339), which), "give one that is valid")
		}
		if one.NotBefore.After(r.now) {
			r.add(field, fmt.Sprintf("is not valid before %s%s", one.NotBefore.UTC().Format(time.RFC3339), which), "give one that is valid, and look at the clock of this machine")
		}
		switch one.SignatureAlgorithm {
		case x509.MD5WithRSA, x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1:
			// Nobody checks the signature of one that signed itself: it is trusted as it is.
			if string(one.RawSubject) != string(one.RawIssuer) {
				r.add(field, "is signed with SHA-1 or MD5, which is not believed any more"+which, "have it signed with SHA-256")
			}
		}
	}
}

// authority reads the one that signs: the first block, and those that it is traced to, each signed by the next.
func (r *reading) authority(text string) []*x509.Certificate {
	const field = "TLS_CA_CERT"
	if text == "" {
		r.add(field, "is needed beside the other settings of a given authority", caRemedy)
		return nil
	}
	chain := r.certificates(field, text)
	for i, one := range chain {
		if !one.IsCA || one.KeyUsage != 0 && one.KeyUsage&x509.KeyUsageCertSign == 0 {
			r.add(field, fmt.Sprintf("holds a certificate that is not of an authority (number %d: CA:TRUE and keyCertSign are needed)", i+1), caRemedy)
			return nil
		}
		if weak := weakness(one.PublicKey); weak != "" {
			r.add(field, weak, "use an authority with a key of P-256, P-384 or RSA with 2048 bits or more")
			return nil
		}
		if i+1 < len(chain) && !signedByNext(one, chain[i+1]) {
			r.add(field, fmt.Sprintf("is in another order: certificate %d is not signed by the next", i+1), caRemedy+"; further authorities belong into TLS_CA_EXTRA")
			return nil
		}
	}
	return chain
}

// extra reads the authorities that are trusted beside the one that signs. One may be followed by those that it is traced to, each signed by
// the next, as in TLS_CA_CERT: those are handed out with it and not trusted by nodes.
func (r *reading) extra(text string) (chains [][]*x509.Certificate) {
	var before *x509.Certificate
	for _, one := range r.certificates("TLS_CA_EXTRA", text) {
		switch {
		case !one.IsCA:
			r.add("TLS_CA_EXTRA", "holds a certificate that is not of an authority", caRemedy)
			before = nil
			continue
		case before != nil && !selfSigned(before) && signedByNext(before, one):
			last := &chains[len(chains)-1]
			*last = append(*last, one)
		default:
			chains = append(chains, []*x509.Certificate{one})
		}
		before = one
	}
	return chains
}

// signedByNext leaves signatures that nobody believes any more to a fault of their own.
func signedByNext(one, next *x509.Certificate) bool {
	err := one.CheckSignatureFrom(next)
	var old x509.InsecureAlgorithmError
	return err == nil || errors.As(err, &old)
}

// key reads a key and holds it against the certificate that it belongs to.
func (r *reading) key(field, of string, text wire.Secret, chain []*x509.Certificate) crypto.Signer {
	if text == "" {
		r.add(field, "is needed with "+of, keyRemedy)
		return nil
	}
	key, problem := readKey(string(text))
	if problem != "" {
		r.add(field, problem, keyRemedy)
		return nil
	}
	if len(chain) > 0 && !belongs(key, chain[0]) {
		r.add(field, "does not belong to the first certificate of "+of, "give the key that belongs to it, or put its certificate first")
		return nil
	}
	return key
}

// finished reads a certificate with its key, which clients and nodes will trace to the authority.
func (r *reading) finished(field, keyField, text string, secret wire.Secret, authority []*x509.Certificate) finished {
	if text == "" {
		r.add(field, "is needed where TLS_CA_KEY is not given", leafRemedy)
	}
	chain := r.certificates(field, text)
	key := r.key(keyField, field, secret, chain)
	if len(chain) == 0 || key == nil {
		return finished{}
	}
	if len(authority) > 0 {
		if err := trace(chain, authority[:1], r.now); err != nil {
			r.add(field, "cannot be traced to the first certificate of TLS_CA_CERT: "+err.Error(),
				"put the authority that signed it first in TLS_CA_CERT, and those between behind the certificate")
			return finished{}
		}
	}
	encoded, err := keyPEM(key)
	if err != nil {
		r.add(keyField, "cannot be used", keyRemedy)
		return finished{}
	}
	whole := ""
	for _, one := range chain {
		whole += certificatePEM(one)
	}
	// Clients that know only the root need those above the authority that are not in the text already.
	for _, above := range authority {
		if !selfSigned(above) && !slices.ContainsFunc(chain, above.Equal) {
			whole += certificatePEM(above)
		}
	}
	return finished{chain[0], whole, encoded}
}

// forNodes checks what the database and those who call it insist on.
func (r *reading) forNodes(leaf *x509.Certificate, names []string) {
	const field = "TLS_NODE_CERT"
	if leaf.Subject.CommonName != nodeUser {
		r.add(field, "is not of the principal node", "make it with the common name node: cockroach cert create-node")
	}
	if !has(leaf, x509.ExtKeyUsageServerAuth) || !has(leaf, x509.ExtKeyUsageClientAuth) {
		r.add(field, "is not good for server and client at once", "make it with the extended key usages serverAuth and clientAuth")
	}
	var missing []string
	for _, name := range names {
		if leaf.VerifyHostname(name) != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		r.add(field, fmt.Sprintf("is not good for %d of %d names of nodes, %s among them", len(missing), len(names), missing[0]),
			"make it for each of these names, or for one with an asterisk in place of their first part")
	}
}

func has(certificate *x509.Certificate, usage x509.ExtKeyUsage) bool {
	for _, one := range certificate.ExtKeyUsage {
		if one == usage || one == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

// principal says that a certificate is of a user. Releases from v20.1 on take a DNS name for it too, older ones the common name alone.
func principal(leaf *x509.Certificate, user string) bool { return leaf.Subject.CommonName == user }

// trace follows a leaf to one of the authorities.
func trace(chain, authorities []*x509.Certificate, at time.Time) error {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, one := range authorities {
		roots.AddCert(one)
	}
	for _, one := range chain[1:] {
		between.AddCert(one)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return errors.New("it is signed by another authority")
	}
	return err
}
