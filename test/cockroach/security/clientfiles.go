package security

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

// ClientOf makes a client's configuration from a folder, as user. Without pair the
// client has no certificate: that is for a password.
func (f *Folder) ClientOf(host, user string) (c *tls.Config, pair bool, err error) {
	ca := f.find(CA, "")
	if err := usable(ca); err != nil {
		return nil, false, &NeedError{"with CA certificate", err}
	}
	own := f.find(Client, user)
	if own == nil && user == "node" {
		own = f.find(Node, "")
	}
	if usable(own) != nil {
		return f.client(host, VerifyFull, pool(ca), nil), false, nil
	}
	p, err := tls.X509KeyPair(own.pem, own.key)
	if err != nil {
		return nil, false, &NeedError{"using security settings", err}
	}
	return f.client(host, VerifyFull, pool(ca), &p), true, nil
}

// Root makes the configuration of a client that calls RPCs, which root alone may.
func (f *Folder) Root(host string) (*tls.Config, error) {
	c, pair, err := f.ClientOf(host, "root")
	if err != nil {
		return nil, err
	}
	if !pair {
		return nil, &NeedError{"with client cert for user root", usable(f.find(Client, "root"))}
	}
	return c, nil
}

// Paths gives the files of a user's certificate, empty when they are not usable.
func (f *Folder) Paths(user string) (cert, key string) {
	if c := f.find(Client, user); usable(c) == nil {
		return c.Name, c.KeyName
	}
	return "", ""
}

// URL makes a client's configuration from the parameters of a connection URL.
func (r Rules) URL(host string, mode Mode, rootCert, cert, key string) (*tls.Config, error) {
	switch mode {
	case Require, VerifyCA, VerifyFull:
	default:
		return nil, fmt.Errorf("pq: unsupported sslmode %q; only \"require\" (default), \"verify-full\", \"verify-ca\", and \"disable\" supported", mode)
	}
	var roots *x509.CertPool
	if rootCert != "" {
		b, err := os.ReadFile(rootCert)
		if err != nil {
			return nil, err
		}
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("pq: couldn't parse pem in sslrootcert")
		}
	}
	if cert == "" || key == "" {
		return r.client(host, mode, roots, nil), nil
	}
	fi, err := os.Stat(key)
	if err != nil {
		return nil, err
	}
	if fi.Mode().Perm()&0o077 != 0 && r.Version.Before(22, 1, 0) {
		return nil, fmt.Errorf("pq: Private key file has group or world access. Permissions should be u=rw (0600) or less")
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	return r.client(host, mode, roots, &pair), nil
}

// Driver is what the SQL driver checks of a user's key on its own.
func (f *Folder) Driver(user string) error {
	c := f.find(Client, user)
	if c == nil || usable(c) != nil || f.Version.AtLeast(22, 1, 0) {
		return nil
	}
	fi, err := os.Stat(f.Path + "/" + c.KeyName)
	if err == nil && fi.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("pq: Private key file has group or world access. Permissions should be u=rw (0600) or less")
	}
	return err
}
