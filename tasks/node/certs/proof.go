package certs

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// prove signs body with the key of the present certificate, for one purpose and moment.
func (i *Issued) prove(purpose, taskID string, at time.Time, body []byte) (wire.Proof, error) {
	sum := sha256.Sum256(tasks.ProofText(purpose, taskID, at, body))
	signature, err := i.node.signer.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return wire.Proof{}, fmt.Errorf("sign for the scheduler: %w", err)
	}
	leaf := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.node.leaf().Raw})
	return wire.Proof{Certificate: string(leaf), Time: at.Unix(), Signature: signature}, nil
}
