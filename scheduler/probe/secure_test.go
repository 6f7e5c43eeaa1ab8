package probe

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// issued makes an authority, and a certificate of it for one name.
func issued(t *testing.T, name string) (authority string, own tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "node"}, DNSNames: []string{name}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	root, err := x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root})), tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// A secure node is asked over TLS, and believed under its task's name and by the authorities that are trusted.
func TestSecureNodes(t *testing.T) {
	const name = "cockroachdb-0-node-init.crdb.autoip.example"
	ca, own := issued(t, name)
	other, _ := issued(t, name)
	_, elsewhere := issued(t, "another.example")
	spec := tasks.PodSpec{Type: tasks.NodePod, Count: 1, Tasks: []tasks.TaskSpec{{Name: "node-init", Instances: tasks.FirstInstance, Database: true}}}
	target := func(secure bool) tasks.Target {
		return tasks.Target{Service: tasks.Service{Name: "crdb", TaskDomain: "autoip.example", Secure: secure}, Pods: []tasks.PodSpec{spec}}
	}
	for _, tt := range []struct {
		name    string
		secure  bool
		serves  *tls.Certificate
		trust   []string
		issuer  string
		trouble string
	}{
		{"good", true, &own, []string{"ours"}, "", ""},
		{"during a change", true, &own, []string{"other", "ours"}, "", ""},
		{"of the authority that was dropped, and not renewed yet", true, &own, []string{"other"}, "ours", ""},
		{"of another authority", true, &own, []string{"other"}, "other", "signed by unknown authority"},
		{"of an authority above the one that is trusted", true, &own, []string{"below"}, "", "signed by unknown authority"},
		{"for another name", true, &elsewhere, []string{"ours"}, "", "certificate"},
		{"no authority at all", true, &own, nil, "", "certificate"},
		{"a node that is not secure", true, nil, []string{"ours"}, "", "server gave HTTP response to HTTPS client"},
		{"not secure, as it was launched", false, nil, []string{"ours"}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(recorded)) }))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			if tt.serves != nil {
				server.TLS = &tls.Config{Certificates: []tls.Certificate{*tt.serves}}
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			record := at(t, server.Listener.Addr().String())
			record.TargetID = "t"
			record.Certificate = &tasks.Certificate{Issuer: tt.issuer}
			var views []plans.NodeView
			p := Prober{Client: Client(), Scheme: "http", Limit: 30 * time.Second, Tell: func(_ context.Context, event core.Event) { views = event.(core.DatabaseSeen).Nodes }}
			p.round(t.Context(), core.State{Facts: core.Facts{Targets: map[string]tasks.Target{"t": target(tt.secure)}, Records: map[string]*tasks.Record{record.Task: &record},
				Security: core.Security{Trust: tt.trust, Authorities: []tasks.Authority{{ID: "ours", PEM: ca}, {ID: "other", PEM: other}, {ID: "below", PEM: other + ca}}}}})
			if len(views) != 1 || (views[0].Error == "") != (tt.trouble == "") || !strings.Contains(views[0].Error, tt.trouble) {
				t.Errorf("%+v, want %q", views, tt.trouble)
			}
		})
	}
}
