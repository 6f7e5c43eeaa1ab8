package certs

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
)

var errNoRoots = errors.New("the cluster's authorities are not known yet")

// Roots are the authorities that nodes are verified with. They may change while connections are made.
type Roots struct{ pool atomic.Pointer[x509.CertPool] }

// Set takes the authorities of a PEM text from now on. On an error those of before stay.
func (r *Roots) Set(text string) error {
	certificates, err := Certificates(text)
	if err != nil {
		return fmt.Errorf("read the cluster's authorities: %w", err)
	}
	r.pool.Store(pool(certificates))
	return nil
}

// Use takes those that came with a certificate.
func (r *Roots) Use(i *Issued) { r.pool.Store(pool(i.authorities)) }

// ReadRoots reads those that Install left in the sandbox dir, for the checks of a task: they may see another /dev/shm than the database.
func ReadRoots(dir string) (*Roots, error) {
	text, err := os.ReadFile(filepath.Join(dir, caFile))
	if err != nil {
		return nil, fmt.Errorf("read the cluster's authorities: %w", err)
	}
	r := &Roots{}
	return r, r.Set(string(text))
}

// Client is how to connect to the node of a name, or to any node of the cluster where name is empty, whatever address was dialled:
// a node may be reached by more addresses than are known when its certificate is made.
func (r *Roots) Client(name string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		ServerName: name,
		// Go's own check knows one name for all connections: VerifyConnection does it in its place, and completely.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			roots := r.pool.Load()
			if roots == nil {
				return errNoRoots
			}
			return verifyNode(state.PeerCertificates, roots, name)
		},
	}
}

// Blind connects to a process on this machine without checking who it is, to learn whether it lives: an expired certificate
// does not make it dead.
func Blind() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true} }

// IsUnverified says whether a connection came to nothing because the other side could not be verified.
func IsUnverified(err error) bool {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &unknown) || errors.As(err, &invalid) || errors.Is(err, errNoRoots)
}
