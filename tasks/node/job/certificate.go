package job

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// passport is the way to a secure database: the key of the user root, made here, and its certificate, which comes with the job's
// parameters. A nil one is for a database without certificates.
type passport struct {
	key   *certs.Key
	place *certs.Place
}

// newPassport removes the keys that killed helpers left, and makes the place for the job's, whose sandbox is dir.
func newPassport(s node.JobSettings, memory certs.Memory, dir string, journal *node.Journal) (*passport, error) {
	memory.Sweep(journal.Say)
	if !s.TLS {
		return nil, nil
	}
	key, err := certs.NewKey()
	if err != nil {
		return nil, err
	}
	place, err := memory.Open(dir, journal.Say)
	if err != nil {
		return nil, faultOf("there is no place for the job's private key", err, "look at what fills this agent's /dev/shm, then ask for the job again")
	}
	return &passport{key, place}, nil
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
	if err := p.place.InstallClient(p.key, got.Certificate, got.CA); err != nil {
		return faultOf("the certificate that came with the job cannot be used", err,
			"check the authority that the service was given (TLS_CA_CERT, TLS_CLIENT_CERT) and this agent's clock and its /dev/shm, then ask for the job again")
	}
	return nil
}

// folder is where the database's clients find it, empty without one.
func (p *passport) folder() string {
	if p == nil {
		return ""
	}
	return p.place.ClientDir()
}

// remove takes key and certificate away; nothing is installed afterwards.
func (p *passport) remove(journal *node.Journal) {
	if p == nil {
		return
	}
	if err := p.place.Close(); err != nil {
		journal.Say("WARNING: %v", err)
	}
}
