package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// A change of an authority is not for its last day: clients take their time, and what is said depends on whether it is over.
func TestWhatIsSaidOfAnAuthorityThatEnds(t *testing.T) {
	for _, tt := range []struct {
		sealed string
		issuer string
		left   time.Duration
		want   string
	}{
		{"s", "old", time.Hour, "Change it before: certs rotate --authority. That takes as long as the slowest client"},
		{"", "old", time.Hour, "in three steps: TLS_CA_EXTRA, then TLS_CA_CERT, then without the old one. That takes as long as the slowest client"},
		{"s", "old", -time.Hour, "Change it now, and give all clients the new ca.crt"},
		{"", "old", -time.Hour, "Give another one now, TLS_CA_CERT"},
		{"", "new", -time.Hour, "Leave it out of TLS_CA_EXTRA"},
	} {
		got := entries(secureState(func(s *core.State) {
			s.Facts.Security.Change, s.Facts.Security.Issuer = nil, tt.issuer
			s.Facts.Security.Authorities[1].Sealed, s.Facts.Security.Authorities[1].NotAfter = tt.sealed, noon.Add(tt.left)
		}), wire.WaitsCertificate)
		if len(got) != 1 || got[0].Subject != "authority old" || !strings.Contains(got[0].Remedy, tt.want) {
			t.Errorf("%+v: %+v", tt, got)
		}
	}
}

// A certificate of root that was given is in no record, and why tells of it all the same.
func TestWhyTellsOfAGivenClientThatEnds(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	of := func(name string, end time.Time, ca bool) *x509.Certificate {
		c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: noon.Add(-100 * time.Hour), NotAfter: end, BasicConstraintsValid: true, IsCA: ca,
			DNSNames: []string{"n"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
		if ca {
			c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageCertSign, nil
		}
		return c
	}
	ca := of("CA", noon.Add(1000*time.Hour), true)
	written := func(c *x509.Certificate) string {
		der, err := x509.CreateCertificate(rand.Reader, c, ca, key.Public(), key)
		return encode("CERTIFICATE", der, err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	secret := wire.Secret(encode("PRIVATE KEY", der, err))
	outside, faults := certs.ReadOutside(certs.Given{Cert: written(ca), NodeCert: written(of("node", noon.Add(900*time.Hour), false)), NodeKey: secret,
		ClientCert: written(of("root", noon.Add(10*time.Hour), false)), ClientKey: secret, Names: []string{"n"}}, noon)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for given, want := range map[string]bool{"7": true, "": false} {
		source := &fakeSource{state: secureState(func(s *core.State) { s.Facts.Security.Given = given })}
		options := testOptions()
		options.Certificates = &certs.Desk{Core: source, Settings: certs.Settings{Enabled: true, Outside: outside}}
		got := do(t, http.MethodGet, serve(t, source, options)+"/v1/debug/why", "")
		if strings.Contains(got.body, "the certificate of root that was given expires at 2026-11-22T22:00:00Z") != want || got.status != 200 {
			t.Errorf("%q: %v", given, got)
		}
	}
}
