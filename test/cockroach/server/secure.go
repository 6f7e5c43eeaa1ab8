package server

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// dialer connects to other nodes.
func dialer(cfg Config) wire.Dialer {
	if cfg.Certs == nil {
		return wire.Dialer{}
	}
	return wire.Dialer{TLS: cfg.Certs.Client}
}

// handshakeFailed logs each kind of failure once per host until another kind comes.
func (n *Node) handshakeFailed() func(net.Addr, error) {
	var mu sync.Mutex
	last := map[string]string{}
	return func(from net.Addr, err error) {
		host, _, _ := net.SplitHostPort(from.String())
		mu.Lock()
		defer mu.Unlock()
		if last[host] != err.Error() {
			last[host] = err.Error()
			n.cfg.Log.Warn("grpc: Server.Serve failed to complete security handshake from \"" + from.String() + "\": " + err.Error())
		}
	}
}

// Secure says whether the node has certificates.
func (n *Node) Secure() bool { return n.cfg.Certs != nil }

// Expiry gives when the certificates in force end; see security.Set. Without any it is empty.
func (n *Node) Expiry() map[string]float64 {
	if n.cfg.Certs == nil {
		return nil
	}
	return n.cfg.Certs.Set().Expiry()
}

// Loopback says why the node cannot reach itself by the address that it advertises: what
// the HTTP port asks of the node goes that way. A connection that was made once stays.
// Source: 11b, a certificate for the wrong host.
func (n *Node) Loopback() error {
	if n.cfg.Certs == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.reached {
		return nil
	}
	host, _, _ := net.SplitHostPort(n.self.Address)
	if err := n.cfg.Certs.Set().Serves(host); err != nil {
		return errors.New("all SubConns are in TransientFailure, latest connection error: " + wire.Latest(&wire.HandshakeError{Err: err}))
	}
	n.reached = true
	return nil
}

// principals gives whom the caller's certificate is for, none without one.
func (n *Node) principals(ctx context.Context) (names []string, c *x509.Certificate) {
	tls := wire.CallerOf(ctx).TLS
	if tls == nil || len(tls.PeerCertificates) == 0 {
		return nil, nil
	}
	c = tls.PeerCertificates[0]
	return n.cfg.Certs.Set().PrincipalsOf(c), c
}

// mayCall holds who may call what is no SQL: nodes and root.
func (n *Node) mayCall(ctx context.Context, op string) *wire.Fault {
	switch op {
	case OpSQL, OpStatus, OpDump:
		return nil
	}
	if n.cfg.Certs == nil {
		return nil
	}
	names, c := n.principals(ctx)
	switch {
	case c == nil:
		return &wire.Fault{Code: "Unauthenticated", Message: "no client certificates in request"}
	case !slices.Contains(names, "root") && !slices.Contains(names, "node"):
		return &wire.Fault{Message: "user " + strings.Join(names, ",") + " is not allowed to perform this RPC"}
	}
	return nil
}

// logIn decides whether a client may be the user that it says it is: by certificate
// if it has one, else by password, which root cannot have.
func (n *Node) logIn(ctx context.Context, q SessionRequest) error {
	failed := &wire.Fault{Message: "password authentication failed for user " + q.User}
	if n.cfg.Certs == nil {
		if q.User != "" && !n.state.HasUser(q.User) {
			return failed
		}
		return nil
	}
	names, c := n.principals(ctx)
	if c == nil {
		if q.Password == "" || !n.state.HasPassword(q.User, q.Password) {
			return failed
		}
		return nil
	}
	tenant := n.cfg.Version.AtLeast(20, 2, 0) && slices.Contains(c.Subject.OrganizationalUnit, "Tenants")
	if tenant || (!slices.Contains(names, q.User) && !slices.Contains(names, "node")) {
		return &wire.Fault{Message: "requested user is " + q.User + ", but certificate is for " + strings.Join(names, ",")}
	}
	if q.User == "node" || !n.state.HasUser(q.User) {
		return failed
	}
	return nil
}
