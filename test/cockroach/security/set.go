package security

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"
)

// Set is a folder in use. It does not change; a reload makes another one.
type Set struct {
	*Folder
	ca, clientCA, uiCA, node, nodeClient, ui *File

	// Server is the node's configuration for RPC and SQL, Web that for HTTP.
	Server, Web *tls.Config

	sessions tls.ClientSessionCache
}

// NeedError is a folder that a node cannot serve with.
type NeedError struct {
	What string
	Err  error
}

func (e *NeedError) Error() string { return "problem " + e.What + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *NeedError) Unwrap() error { return e.Err }

func (r Rules) load(path string) (*Set, error) {
	f, err := r.Read(path)
	if err != nil {
		return nil, err
	}
	s := &Set{
		Folder: f, ca: f.find(CA, ""), clientCA: f.find(ClientCA, ""), uiCA: f.find(UICA, ""), node: f.find(Node, ""),
		nodeClient: f.find(Client, "node"), ui: f.find(UI, ""), sessions: tls.NewLRUClientSessionCache(64),
	}
	if s.nodeClient == nil && s.node != nil {
		// The one certificate serves both ends of a connection between nodes.
		if s.node.Err != nil {
			return s, s.node.Err
		}
		if err := r.belongs(s.node.Certs[0], "node", "client/server node"); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Open reads the folder of a node, and fails when a node cannot serve with it.
func (r Rules) Open(path string) (*Set, error) {
	s, err := r.load(path)
	if err != nil {
		return nil, &NeedError{"using security settings", err}
	}
	return s, s.serve()
}

// serve makes the configurations of a server.
func (s *Set) serve() error {
	if err := usable(s.ca); err != nil {
		return &NeedError{"with CA certificate", err}
	}
	if err := usable(s.node); err != nil {
		return &NeedError{"with node certificate", err}
	}
	if s.nodeClient != nil && s.nodeClient.Err != nil {
		return &NeedError{"with client cert for user node", s.nodeClient.Err}
	}
	var err error
	if s.Server, err = s.server(s.node); err != nil {
		return &NeedError{"using security settings", err}
	}
	clients := s.ca
	if s.clientCA != nil {
		if s.clientCA.Err != nil {
			return &NeedError{"with client CA certificate", s.clientCA.Err}
		}
		clients = s.clientCA
	}
	s.admit(s.Server, pool(clients))
	web := s.node
	if s.ui != nil {
		if s.ui.Err != nil {
			return &NeedError{"with UI certificate", s.ui.Err}
		}
		web = s.ui
	}
	if s.Web, err = s.server(web); err != nil {
		return &NeedError{"using security settings", err}
	}
	if s.nodeClient != nil {
		if _, err := tls.X509KeyPair(s.nodeClient.pem, s.nodeClient.key); err != nil {
			return &NeedError{"using security settings", err}
		}
	}
	return nil
}

func pool(c *File) *x509.CertPool {
	p := x509.NewCertPool()
	for _, x := range c.Certs {
		p.AddCert(x)
	}
	return p
}

// keeps says why a reload would lose something that is in use.
func (s *Set) keeps(next *Set) error {
	for _, c := range []struct {
		old, now *File
		what     string
	}{
		{s.ca, next.ca, "CA cert"}, {s.node, next.node, "node cert"}, {s.nodeClient, next.nodeClient, "client cert for 'node'"},
		{s.clientCA, next.clientCA, "CA certificate for client verification"}, {s.uiCA, next.uiCA, "CA certificate for UI"},
		{s.ui, next.ui, "UI certificate"},
	} {
		if err := usable(c.now); usable(c.old) == nil && err != nil {
			return fmt.Errorf("reload would lose valid %s: %w", c.what, err)
		}
	}
	return nil
}

// Expiry gives when each kind of certificate ends, in seconds of the Unix epoch, 0
// for one that is not there: the metrics security.certificate.expiration.*.
func (s *Set) Expiry() map[string]float64 {
	m := map[string]float64{}
	for name, c := range map[string]*File{
		"ca": s.ca, "client-ca": s.clientCA, "ui-ca": s.uiCA, "node": s.node, "node-client": s.nodeClient, "ui": s.ui,
	} {
		if usable(c) == nil && c.Expires.After(time.Unix(0, 0)) {
			m[name] = float64(c.Expires.Unix())
		}
	}
	return m
}
