package security

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// TestHosts: which certificate is good for which host, by version. Up to 20.2 the common name
// counts where there are no other names. Source: cockroachdb-versions.md, 5.2.
func TestHosts(t *testing.T) {
	cn := &x509.Certificate{Subject: pkix.Name{CommonName: "db.example"}}
	star := &x509.Certificate{Subject: pkix.Name{CommonName: "*.example"}}
	san := &x509.Certificate{Subject: pkix.Name{CommonName: "db.example"}, DNSNames: []string{"other.example", "*.svc"}, IPAddresses: []net.IP{net.ParseIP("10.0.0.1")},
		Extensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}}}}
	for _, c := range []struct {
		tag   string
		cert  *x509.Certificate
		host  string
		fault string // empty: good
	}{
		{"v2.0.7", cn, "db.example", ""}, {"v20.2.19", cn, "DB.example", ""}, {"v20.1.5", star, "a.example", ""},
		{"v20.1.5", star, "a.b.example", "x509: certificate is valid for *.example, not a.b.example"},
		{"v20.1.5", cn, "127.0.0.1", "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"},
		{"v21.1.21", cn, "db.example", "x509: certificate "},
		{"v23.2.30", cn, "db.example", "tls: failed to verify certificate: x509: certificate "},
		{"v20.1.5", san, "db.example", "x509: certificate is valid for other.example, *.svc, not db.example"},
		{"v20.1.5", san, "a.svc", ""}, {"v24.1.6", san, "10.0.0.1", ""},
		{"v24.1.6", san, "10.0.0.2", "tls: failed to verify certificate: x509: certificate is valid for 10.0.0.1, not 10.0.0.2"},
	} {
		err := Rules{Version: version.MustParse(c.tag)}.hostError(c.cert, c.host)
		if (err == nil) != (c.fault == "") || (err != nil && !strings.HasPrefix(err.Error(), c.fault)) {
			t.Errorf("%s, %v for %s: %v; want %q", c.tag, c.cert.Subject, c.host, err, c.fault)
		}
	}
}

func TestPrincipals(t *testing.T) {
	c := &x509.Certificate{Subject: pkix.Name{CommonName: "n1.example"}, DNSNames: []string{"node"}}
	for _, x := range []struct {
		tag, mapped, want string
	}{
		{"v19.2.12", "", "n1.example"}, {"v20.1.5", "", "n1.example node"}, {"v20.1.5", "n1.example:root", "root node"},
	} {
		r := Rules{Version: version.MustParse(x.tag), Principals: strings.Fields(x.mapped)}
		if got := strings.Join(r.PrincipalsOf(c), " "); got != x.want {
			t.Errorf("%s: %q; want %q", x.tag, got, x.want)
		}
	}
}
