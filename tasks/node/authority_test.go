package node

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// authority signs what it is asked to, as the scheduler's does.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string

	mu sync.Mutex
	// status, when not 0, is answered in place of a certificate.
	status int
	renew  bool
	names  []string
	serial int64
	served []wire.Served
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{t: t, cert: cert, key: key, pem: inPEM(der), serial: 100}
}

func inPEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// sign makes a user's certificate for a signing request.
func (a *authority) sign(user, request string) (text, serial string) {
	block, _ := pem.Decode([]byte(request))
	if block == nil {
		a.t.Errorf("no signing request: %q", request)
		return "", ""
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		a.t.Error(err)
		return "", ""
	}
	a.serial++
	template := &x509.Certificate{SerialNumber: big.NewInt(a.serial), Subject: pkix.Name{CommonName: user}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}}
	if user == "node" {
		template.DNSNames = append([]string{"localhost"}, a.names...)
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, csr.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
	}
	return inPEM(der), template.SerialNumber.Text(16)
}

// handle adds the authority's part to the scheduler's API.
func (a *authority) handle(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/certificates/node", func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		var asked wire.NodeRequest
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Token == "" && asked.Proof == nil {
			a.t.Errorf("%+v, %v", asked, err)
		}
		if a.status != 0 {
			w.WriteHeader(a.status)
			return
		}
		a.renew = false
		answer := map[string]any{"ca": a.pem, "trust": []string{"a1"}}
		answer["certificate"], answer["serial"] = a.sign("node", asked.Request)
		answer["client"], _ = a.sign("root", asked.Client)
		_ = json.NewEncoder(w).Encode(answer)
	})
	mux.HandleFunc("POST /v1/certificates/served", func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		var said wire.Served
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
			a.t.Error(err)
		}
		a.served = append(a.served, said)
		_ = json.NewEncoder(w).Encode(wire.ServedAnswer{Renew: a.renew, Again: 1})
	})
}

func (a *authority) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

// lastServed is the last word on what is served.
func (a *authority) lastServed() wire.Served {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.served) == 0 {
		return wire.Served{}
	}
	return a.served[len(a.served)-1]
}
