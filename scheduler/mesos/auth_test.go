package mesos

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth/authtest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// cluster is a master in strict mode and the identity manager whose tokens it wants.
type cluster struct {
	*master
	manager *authtest.Manager
	config  Config
	// login is the address of the manager.
	login *httptest.Server
	log   *logLines
}

func newCluster(t *testing.T, tokens time.Duration) *cluster {
	c := &cluster{master: newMaster(t), manager: authtest.New("crdb-principal", tokens), log: &logLines{}}
	c.admits = c.manager.Admits
	c.login = httptest.NewServer(c.manager)
	t.Cleanup(c.login.Close)
	c.config = testConfig(c.URL)
	account, err := auth.Parse(c.manager.Credential(c.login.URL))
	if err != nil {
		t.Fatal(err)
	}
	plain := Transport(nil)
	c.config.Transport = auth.NewSession(account, auth.Options{Transport: plain, Log: slog.New(slog.NewTextHandler(c.log, nil))}).Transport(plain)
	return c
}

// TestStrictMode: the look for a namesake, SUBSCRIBE and calls all bring the token, after one login.
func TestStrictMode(t *testing.T) {
	m := newCluster(t, time.Hour)
	m.frameworks = `{"frameworks": []}`
	c := start(t, m.config)
	m.next()
	wait[core.Subscribed](c)
	if err := c.Send(context.Background(), core.Revive{}); err != nil {
		t.Error(err)
	}
	if call := receive(t, m.asked); call.Type != scheduler.Call_REVIVE {
		t.Errorf("got %s", call.Type)
	}
	if m.pages != 1 || m.manager.Logins() != 1 {
		t.Errorf("%d looks for a namesake and %d logins, want one each: %q", m.pages, m.manager.Logins(), m.manager.Refusals())
	}
}

// TestATokenThatEndsDuringAStream is replaced for the next call; the stream goes on.
func TestATokenThatEndsDuringAStream(t *testing.T) {
	m := newCluster(t, time.Second)
	c := start(t, m.config)
	s := m.next()
	wait[core.Subscribed](c)
	for m.manager.Logins() < 2 {
		if err := c.Send(context.Background(), core.Revive{}); err != nil {
			t.Fatal(err)
		}
		receive(t, m.asked) // or the master would stop answering once it remembers a thousand
	}
	s.send(rescind("o"))
	wait[core.Rescinded](c)
	if m.subscribed != 1 {
		t.Errorf("%d subscriptions, want one", m.subscribed)
	}
}

// TestWithoutALogin: a master in strict mode refuses, and the reason says what to do.
func TestWithoutALogin(t *testing.T) {
	m := newCluster(t, time.Hour)
	m.config.Transport = nil
	c := start(t, m.config)
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "401") || !strings.Contains(got.Reason, "DCOS_SERVICE_ACCOUNT_CREDENTIAL") {
		t.Errorf("reason %q", got.Reason)
	}
}

// TestALoginThatFailsIsTheReasonOfAnOutage, told once; after it ends the scheduler subscribes by itself.
func TestALoginThatFailsIsTheReasonOfAnOutage(t *testing.T) {
	m := newCluster(t, time.Hour)
	m.config.Framework.ID = framework // no look for a namesake
	m.manager.Answer(401)
	c := start(t, m.config)
	got := wait[core.Disconnected](c)
	if !strings.Contains(got.Reason, "service account crdb-principal cannot log in at "+m.login.URL) || !strings.Contains(got.Reason, "it answered 401") {
		t.Errorf("reason %q", got.Reason)
	}
	m.manager.Answer(0)
	m.next()
	wait[core.Subscribed](c) // no other Disconnected before it
	if n := c.log.count("not connected"); n != 1 {
		t.Errorf("%d lines about one trouble", n)
	}
	for _, log := range []*logLines{c.log, m.log} {
		for _, line := range m.manager.KeyLines() {
			if log.count(line) > 0 {
				t.Error("the private key is in the log")
			}
		}
		if log.count("token=") > 0 || log.count("eyJ") > 0 {
			t.Error("a token is in the log")
		}
	}
}

// TestAManagerThatIsAway: its address and the remedy are in the reason.
func TestAManagerThatIsAway(t *testing.T) {
	m := newCluster(t, time.Hour)
	m.config.Framework.ID = framework
	m.login.Close()
	c := start(t, m.config)
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "connection refused") || !strings.Contains(got.Reason, "check the credential's login_endpoint") {
		t.Errorf("reason %q", got.Reason)
	}
}

// TestTLSToTheMaster: a certificate counts only when the CA is ours.
func TestTLSToTheMaster(t *testing.T) {
	m := masterOn(t, httptest.NewTLSServer)
	config := testConfig(m.URL)
	c := start(t, config)
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "unknown authority") || !strings.Contains(got.Reason, "DCOS_CA_FILE") {
		t.Errorf("reason %q", got.Reason)
	}
	c.stop()

	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.Certificate().Raw})
	pool, err := auth.Roots("ca.crt", authority)
	if err != nil {
		t.Fatal(err)
	}
	config.Transport = Transport(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})
	c = start(t, config)
	m.next()
	wait[core.Subscribed](c)
	if err := c.Send(context.Background(), core.Revive{}); err != nil {
		t.Error(err)
	}

	config.Transport = Transport(&tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12})
	stranger := start(t, config)
	if got := wait[core.Disconnected](stranger); !strings.Contains(got.Reason, "unknown authority") {
		t.Errorf("reason %q", got.Reason)
	}
}

// TestTLSToAMasterWithoutIt says so.
func TestTLSToAMasterWithoutIt(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(strings.Replace(m.URL, "http:", "https:", 1)))
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "this master speaks no TLS") {
		t.Errorf("reason %q", got.Reason)
	}
}
