package metrics

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

// secureNode serves a page as a secure node does; ca is its authority in PEM.
func secureNode(t *testing.T, user string) (address, ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: user}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"node-0.example"}} // not the address that is dialled
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "# TYPE m gauge\nm 7\n")
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// TestSecureNodesAreReadWithTheAuthoritiesOfTheScheduler: they are asked for once, and again when a node cannot be verified.
func TestSecureNodesAreReadWithTheAuthoritiesOfTheScheduler(t *testing.T) {
	statsd, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer statsd.Close()
	a, ca := secureNode(t, "node")
	b, otherCA := secureNode(t, "node")
	stranger, strangerCA := secureNode(t, "web")
	var asked atomic.Int64
	var bundle atomic.Pointer[string]
	bundle.Store(new(string))
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/endpoints/http", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"address": [%q, %q, %q]}`, a, b, stranger)
	})
	mux.HandleFunc("/v1/certificates/ca", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.RawQuery != "nodes=true" {
			t.Errorf("asked for more than what nodes are verified with: %s", r.URL)
		}
		_, _ = io.WriteString(w, *bundle.Load())
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	said := &lockedBuffer{}
	f := New(Settings{node.SchedulerAccess{URL: server.URL}, "cockroachdb", statsd.LocalAddr().String(), true}, node.NewJournal(said, time.Now), time.Hour)
	f.round(t.Context())
	receive(t, statsd, line("up", 0, "", a))
	if text := said.String(); !strings.Contains(text, "WARNING: authorities: read the cluster's authorities: there is no certificate in it") {
		t.Errorf("said:\n%s", text)
	}
	text := ca + strangerCA
	bundle.Store(&text)
	f.round(t.Context())
	receive(t, statsd, line("m", 7, "", a), line("up", 0, "", b), line("up", 0, "", stranger))
	text = ca + strangerCA + otherCA
	f.round(t.Context()) // b could not be verified: the authorities are asked for again
	receive(t, statsd, line("m", 7, "", b))
	before := asked.Load()
	f.round(t.Context())
	if got := asked.Load(); got != before {
		t.Errorf("asked %d times, and then %d: the stranger is no node, whatever the authorities are", before, got)
	}
}

func TestTLSSettings(t *testing.T) {
	good := []string{"CRDB_SCHEDULER=https://s:80/", "CRDB_SERVICE=cockroachdb", "CRDB_TLS=true"}
	if s, err := ParseSettings(good); err != nil || !s.TLS {
		t.Errorf("%+v, %v", s, err)
	}
	_, err := ParseSettings([]string{"CRDB_SCHEDULER=https://s:80/", "CRDB_SERVICE=cockroachdb", "CRDB_TLS=2", "CRDB_SCHEDULER_CA=x"})
	if err == nil || !strings.Contains(err.Error(), "CRDB_TLS") || !strings.Contains(err.Error(), "CRDB_SCHEDULER_CA") {
		t.Error(err)
	}
}
