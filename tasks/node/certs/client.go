package certs

import (
	"crypto/x509"
)

// InstallClient writes the folder of client certificates for the user root, from what the scheduler answered to key's request. The
// error is an *UnfitError for an answer that no client could use.
func (p *Place) InstallClient(key *Key, certificate, ca string) error {
	authorities, err := Certificates(ca)
	if err != nil {
		return &UnfitError{"the authorities that came with the certificate", err}
	}
	root, err := newPair(certificate, "", key, rootUser)
	if err == nil {
		err = verify(root.chain, pool(authorities), x509.ExtKeyUsageClientAuth, "")
	}
	if err != nil {
		return &UnfitError{"the certificate of the user root", err}
	}
	return p.write(func() error { return installPair(p.dir, clientDir, "client."+rootUser, root, ca) })
}
