package cockroach_test

import (
	"context"
	"crypto/tls"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// TestRightsOfCertificates: what a server lets in, whatever its client thinks: root and node call what is no SQL,
// a user's certificate is for SQL as that user, node's for any. Source: cockroachdb-versions.md, 5.2.
func TestRightsOfCertificates(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"v19.2.12", "v24.1.6"} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			a := newAuthority(t)
			n := initialised(t, secured(a, nodes(t, tag, 1)))[0]
			n.sql("create user joe", "create user amy with password 'pw'")
			second := forUser("x")
			second.DNSNames = []string{"joe"}
			for name, c := range map[string]string{"joe": "joe", "node": "node", "root": "root"} {
				a.put(n.certs, "as-"+name, forUser(c))
			}
			a.put(n.certs, "as-second", second)
			newer := tag == "v24.1.6"
			for _, c := range []struct {
				cert, op, user, password, fault string
			}{
				{"", server.OpHealth, "", "", "no client certificates in request"},
				{"", server.OpInit, "", "", "no client certificates in request"},
				{"", "ping", "", "", "no client certificates in request"},
				{"joe", server.OpDrain, "", "", "user joe is not allowed to perform this RPC"},
				{"joe", "propose", "", "", "user joe is not allowed to perform this RPC"},
				{"root", server.OpHealth, "", "", ""},
				{"node", server.OpHealth, "", "", ""},
				{"", server.OpSQL, "root", "", "password authentication failed for user root"},
				{"", server.OpSQL, "root", "pw", "password authentication failed for user root"},
				{"", server.OpSQL, "joe", "", "password authentication failed for user joe"},
				{"", server.OpSQL, "amy", "pw", ""},
				{"", server.OpSQL, "amy", "wp", "password authentication failed for user amy"},
				{"joe", server.OpSQL, "joe", "", ""},
				{"joe", server.OpSQL, "amy", "", "requested user is amy, but certificate is for joe"},
				{"joe", server.OpStatus, "root", "", "requested user is root, but certificate is for joe"},
				{"joe", server.OpDump, "root", "", "requested user is root, but certificate is for joe"},
				{"node", server.OpSQL, "joe", "", ""},
				{"node", server.OpSQL, "bob", "", "password authentication failed for user bob"},
				{"second", server.OpSQL, "joe", "", map[bool]string{false: "requested user is joe, but certificate is for x", true: ""}[newer]},
			} {
				conf := &tls.Config{InsecureSkipVerify: true}
				if c.cert != "" {
					pair, err := tls.LoadX509KeyPair(n.certs+"/as-"+c.cert+".crt", n.certs+"/as-"+c.cert+".key")
					if err != nil {
						t.Fatal(err)
					}
					conf.Certificates = []tls.Certificate{pair}
				}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				conn, err := wire.Dialer{SQL: c.user != "", TLS: func(string) (*tls.Config, error) { return conf, nil }}.Dial(ctx, n.rpc)
				if err != nil {
					t.Fatal(err)
				}
				q := server.SQLRequest{SessionRequest: server.SessionRequest{User: c.user, Password: c.password}, Text: "select 1"}
				err = conn.Call(ctx, c.op, q, nil)
				if (err == nil) != (c.fault == "") || (err != nil && err.Error() != c.fault) {
					t.Errorf("certificate %q, %s as %q: %v; want %q", c.cert, c.op, c.user, err, c.fault)
				}
				conn.Close()
				cancel()
			}
		})
	}
}
