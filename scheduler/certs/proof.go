package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// skew is how far the clocks of a task and the scheduler may be apart. A proof that was overheard can be sent again for as long: what
// comes of it is of use to nobody but the holder of the key.
const skew = 10 * time.Minute

// prover is whose key a proof was made with.
type prover struct {
	serial string
	key    string
}

// prove checks a proof: it was made now, with the key of a certificate that one of these authorities signed. A certificate that has expired
// counts: its node was down or could not reach us, and is who it was. Errors say what is wrong.
func prove(purpose, taskID string, body []byte, proof wire.Proof, authorities []tasks.Authority, now time.Time) (prover, error) {
	made := time.Unix(proof.Time, 0)
	if made.Before(now.Add(-skew)) || made.After(now.Add(skew)) {
		return prover{}, fmt.Errorf("it was made at %s by the task's clock, and it is %s here: set the clocks", made.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	chain, problem := readCertificates(proof.Certificate)
	if problem != "" {
		return prover{}, errors.New("its certificate " + problem)
	}
	leaf := chain[0]
	if !signedBy(leaf.PublicKey, tasks.ProofText(purpose, taskID, made, body), proof.Signature) {
		return prover{}, errors.New("its signature is not of the certificate's key")
	}
	known, err := certificatesOf(authorities)
	if err != nil {
		return prover{}, err
	}
	at := now
	if leaf.NotAfter.Before(now) {
		at = leaf.NotAfter
	}
	if err := trace(chain, known, at); err != nil {
		return prover{}, fmt.Errorf("its certificate cannot be traced to an authority of this service: %w", err)
	}
	return prover{serial: serialText(leaf), key: keyHash(leaf.RawSubjectPublicKeyInfo)}, nil
}

// signedBy checks a signature over a text's SHA-256: ECDSA, or RSA with PKCS #1 v1.5.
func signedBy(key crypto.PublicKey, text, signature []byte) bool {
	if weakness(key) != "" {
		return false
	}
	sum := sha256.Sum256(text)
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, sum[:], signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) == nil
	}
	return false
}

// certificatesOf are all certificates of authorities.
func certificatesOf(authorities []tasks.Authority) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for _, authority := range authorities {
		list, problem := readCertificates(authority.PEM)
		if problem != "" {
			return nil, fmt.Errorf("the stored authority %s %s", authority.ID, problem)
		}
		all = append(all, list...)
	}
	return all, nil
}

// renewal checks the proof that comes with a request, and gives the serial of the certificate that it was made with: the one that
// the task got last, or, when the answer with that was lost, the one that it serves. Keys are compared and not serials, because an
// answer that was lost and asked for again is another certificate of the same key.
func renewal(record tasks.Record, r wire.NodeRequest, authorities []tasks.Authority, now time.Time) (former string, err error) {
	if record.Certificate == nil {
		return "", errors.New("the task has no certificate yet: a first one needs the token of its launch")
	}
	by, err := prove(tasks.ProveRenewal, r.TaskID, tasks.RenewalBody(r.Request, r.Client), *r.Proof, authorities, now)
	if err != nil {
		return "", err
	}
	for _, known := range []*tasks.Certificate{record.Certificate, record.Serving} {
		if known != nil && by.key == known.Key {
			return known.Serial, nil
		}
	}
	return "", errors.New("it was made with another key than the task got a certificate for last")
}
