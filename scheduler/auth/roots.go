package auth

import (
	"crypto/x509"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// CASetting is the variable that names the file of the cluster's CA; faults name it.
const CASetting = "DCOS_CA_FILE"

// SandboxCA is where DC/OS Enterprise puts the cluster's CA into a task's sandbox.
const SandboxCA = ".ssl/ca-bundle.crt"

// Roots reads CA certificates in PEM, and says whose file it was when there are none. These alone count then, so that no
// other CA of the world can vouch for a master. The error is a tasks.Fault.
func Roots(path string, text []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, tasks.Fault{Field: CASetting, Value: path, Message: "holds no certificate in PEM",
			Remedy: "name the file of the cluster's CA: curl -k https://<master>/ca/dcos-ca.crt"}
	}
	return pool, nil
}

// RootsAndSystem are the system's CAs and those of a sandbox.
func RootsAndSystem(text []byte) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's CA certificates: %w", err)
	}
	pool.AppendCertsFromPEM(text)
	return pool, nil
}
