package job

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// passport is the way to a secure database: the key of the user root, made here, and its certificate, which comes with the job's
// parameters. A nil one is for a database without certificates.
type passport struct {
	key *certs.Key
	dir string
}

func newPassport(s node.JobSettings, dir string) (*passport, error) {
	if !s.TLS {
		return nil, nil
	}
	key, err := certs.NewKey()
	if err != nil {
		return nil, err
	}
	return &passport{key, dir}, nil
}

// request is what goes with collecting the job.
func (p *passport) request() string {
	if p == nil {
		return ""
	}
	return p.key.Request()
}

// install writes what came with the job, for the database's clients.
func (p *passport) install(got order) error {
	if p == nil {
		return nil
	}
	if got.Certificate == "" {
		return fault("the database is secure, and no certificate came with the job",
			"run the scheduler and the task's helper of one version, and ask for the job again")
	}
	if err := certs.InstallClient(p.dir, p.key, got.Certificate, got.CA); err != nil {
		return faultOf("the certificate that came with the job cannot be used", err,
			"check the authority that the service was given (TLS_CA_CERT, TLS_CLIENT_CERT) and this agent's clock and disk, then ask for the job again")
	}
	return nil
}

// folder is where the database's clients find it, empty without one.
func (p *passport) folder() string {
	if p == nil {
		return ""
	}
	return certs.ClientDir
}

// remove takes key and certificate off the disk. The sandbox goes too, and later.
func (p *passport) remove(journal *node.Journal) {
	if p == nil {
		return
	}
	if err := certs.RemoveClient(p.dir); err != nil {
		journal.Say("WARNING: %v", fmt.Errorf("tidy up: %w", err))
	}
}
