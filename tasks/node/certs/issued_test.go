package certs

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// answerOf is a scheduler's answer to keys, by an authority.
func answerOf(a *authority, keys Keys) wire.NodeIssued {
	node := a.leaf(nodeUser, keys.Node.signer.Public())
	return wire.NodeIssued{Certificate: node, Client: a.leaf(rootUser, keys.Client.signer.Public()), CA: a.pem, Serial: serialOf(a.t, node), Trust: []string{a.id}}
}

func serialOf(t *testing.T, text string) string {
	t.Helper()
	chain, err := Certificates(text)
	if err != nil {
		t.Fatal(err)
	}
	return Serial(chain[0])
}

func TestUnfitAnswersAreRefused(t *testing.T) {
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	a, other := newAuthority(t, "authority 1"), newAuthority(t, "authority 2")
	public := keys.Node.signer.Public()
	renewed := func(answer *wire.NodeIssued, text string) {
		answer.Certificate, answer.Serial = text, serialOf(t, text)
	}
	for name, c := range map[string]struct {
		change func(answer *wire.NodeIssued)
		says   string
	}{
		"fits":               {func(*wire.NodeIssued) {}, ""},
		"serial with zeros":  {func(w *wire.NodeIssued) { w.Serial = "00" + strings.ToUpper(w.Serial) }, ""},
		"no certificate":     {func(w *wire.NodeIssued) { w.Certificate = "" }, "the node's certificate: it is missing"},
		"no client":          {func(w *wire.NodeIssued) { w.Client = "" }, "the certificate of the user root: it is missing"},
		"no authority":       {func(w *wire.NodeIssued) { w.CA = "" }, "the authorities that came with the certificate: there is no certificate"},
		"a key in the CA":    {func(w *wire.NodeIssued) { w.CA += encoded("PRIVATE KEY", []byte{1}) }, `a block of type "PRIVATE KEY"`},
		"damaged":            {func(w *wire.NodeIssued) { w.CA = encoded("CERTIFICATE", []byte{1}) }, "certificate 1 cannot be read"},
		"another key":        {func(w *wire.NodeIssued) { renewed(w, a.leaf(nodeUser, keys.Client.signer.Public())) }, "key and certificate do not belong together"},
		"another authority":  {func(w *wire.NodeIssued) { renewed(w, other.leaf(nodeUser, public)) }, "unknown authority"},
		"another user":       {func(w *wire.NodeIssued) { renewed(w, a.leaf("root", public)) }, `it is for "root", and not for the user node`},
		"client of a node":   {func(w *wire.NodeIssued) { w.Client = a.leaf(nodeUser, keys.Client.signer.Public()) }, `it is for "node", and not for the user root`},
		"clients' authority": {func(w *wire.NodeIssued) { w.Client = other.leaf(rootUser, keys.Client.signer.Public()) }, "the certificate of the user root: x509"},
		"another serial":     {func(w *wire.NodeIssued) { w.Serial = "1" }, "was said to be 1"},
		"without its name": {func(w *wire.NodeIssued) {
			renewed(w, a.leaf(nodeUser, public, func(c *x509.Certificate) { c.DNSNames = []string{"other"} }))
		}, "not " + testName},
		"for servers alone": {func(w *wire.NodeIssued) {
			renewed(w, a.leaf(nodeUser, public, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }))
		}, "incompatible key usage"},
		"expired": {func(w *wire.NodeIssued) {
			renewed(w, a.leaf(nodeUser, public, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }))
		}, "expired"},
	} {
		answer := answerOf(a, keys)
		c.change(&answer)
		_, err := newIssued(answer, keys, testName)
		var unfit *UnfitError
		if (err == nil) != (c.says == "") || err != nil && (!errors.As(err, &unfit) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// TestAGivenPairComesWithItsKey: an operator's pair has a key of any form, and it comes over TLS or not at all.
func TestAGivenPairComesWithItsKey(t *testing.T) {
	a := newAuthority(t, "given")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ecKey)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(edKey)
	if err != nil {
		t.Fatal(err)
	}
	answer := wire.NodeIssued{
		Certificate: a.leaf(nodeUser, rsaKey.Public()), Key: wire.Secret(encoded("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey))),
		Client: a.leaf(rootUser, ecKey.Public()), ClientKey: wire.Secret(encoded("EC PRIVATE KEY", sec1)), CA: a.pem, Trust: []string{a.id},
	}
	answer.Serial = serialOf(t, answer.Certificate)
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(answer) })
	secure, plain := httptest.NewTLSServer(handler), httptest.NewServer(handler)
	defer secure.Close()
	defer plain.Close()
	desk := Desk{Client: secure.Client(), URL: secure.URL, TaskID: testTask, Name: testName, Say: (&lines{}).say, Now: time.Now}
	issued, err := desk.Enrol(t.Context(), testToken)
	if err != nil {
		t.Fatal(err)
	}
	if err := newPlace(t).Install(issued); err != nil {
		t.Error(err)
	}
	at := time.Unix(1795000000, 0)
	proof, err := issued.prove(tasks.ProveServed, testTask, at, []byte("body"))
	sum := sha256.Sum256(tasks.ProofText(tasks.ProveServed, testTask, at, []byte("body")))
	if err != nil || proof.Time != at.Unix() || rsa.VerifyPKCS1v15(&rsaKey.PublicKey, 5, sum[:], proof.Signature) != nil {
		t.Errorf("the proof does not hold: %v", err)
	}
	desk.Client, desk.URL = plain.Client(), plain.URL
	if _, err := desk.Enrol(t.Context(), testToken); !errors.Is(err, errInClear) {
		t.Errorf("a key in clear: %v", err)
	}
	desk.Client, desk.URL = secure.Client(), secure.URL
	answer.Key = wire.Secret(encoded("PRIVATE KEY", pkcs8))
	if _, err := desk.Enrol(t.Context(), testToken); err == nil || !strings.Contains(err.Error(), "neither RSA nor ECDSA") {
		t.Errorf("an Ed25519 key: %v", err)
	}
	answer.Key = "no PEM"
	if _, err := desk.Enrol(t.Context(), testToken); err == nil || strings.Contains(err.Error(), "no PEM") {
		t.Errorf("a text that is no key: %v", err)
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	s := newFakeScheduler(t)
	issued := s.enrolled(&lines{})
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", keys.Node, keys.Node, keys.Node, keys.Node), fmt.Sprintf("%+v", keys)} {
		if strings.Trim(strings.ReplaceAll(text, "[redacted]", ""), " {}:CNdeilnot") != "" {
			t.Errorf("a key prints %s", text)
		}
	}
	if text := fmt.Sprintf("%+v %#v", issued, issued); text != issued.String()+" "+issued.String() {
		t.Errorf("certificates print %s", text)
	}
}

func TestVerifyNode(t *testing.T) {
	a, other := newAuthority(t, "authority 1"), newAuthority(t, "authority 2")
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	public := key.signer.Public()
	server := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }
	for name, c := range map[string]struct {
		certificate, as string
		holds           bool
	}{
		"under its name":        {a.leaf(nodeUser, public), testName, true},
		"under an address":      {a.leaf(nodeUser, public), "127.0.0.1", true},
		"any node":              {a.leaf(nodeUser, public), "", true},
		"principal in the SANs": {a.leaf("else", public, server, func(c *x509.Certificate) { c.DNSNames = []string{"node"} }), "", true},
		"another name":          {a.leaf(nodeUser, public), "other.example", false},
		"another authority":     {other.leaf(nodeUser, public), "", false},
		"a client":              {a.leaf(rootUser, public), "", false},
		"a server that is none": {a.leaf("web", public, server), "", false},
	} {
		chain, err := Certificates(c.certificate)
		if err != nil {
			t.Fatal(err)
		}
		if err := verifyNode(chain, pool([]*x509.Certificate{a.cert}), c.as); (err == nil) != c.holds {
			t.Errorf("%s: %v", name, err)
		}
	}
	if verifyNode(nil, pool(nil), "") == nil {
		t.Error("no certificate holds")
	}
}

func TestRootsAreReadAndChanged(t *testing.T) {
	s := newFakeScheduler(t)
	place := newPlace(t)
	dir := place.sandbox
	if _, err := ReadRoots(dir); err == nil {
		t.Error("roots without a folder")
	}
	if err := place.Install(s.enrolled(&lines{})); err != nil {
		t.Fatal(err)
	}
	d := newFakeDatabase(t, place.NodeDir())
	get := func(roots *Roots, name string) error {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: roots.Client(name), DisableKeepAlives: true}}
		response, err := client.Get("https://" + d.http)
		if err == nil {
			response.Body.Close()
		}
		return err
	}
	roots, err := ReadRoots(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{testName, ""} {
		if err := get(roots, name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if get(roots, "other.example") == nil {
		t.Error("verified under another name")
	}
	if err := roots.Set("nothing"); err == nil || get(roots, "") != nil {
		t.Errorf("a broken bundle: %v", err)
	}
	if err := roots.Set(newAuthority(t, "authority 2").pem); err != nil {
		t.Fatal(err)
	}
	if err := get(roots, ""); !IsUnverified(err) {
		t.Errorf("with another authority: %v", err)
	}
	if err := get(&Roots{}, ""); !IsUnverified(err) {
		t.Errorf("without authorities: %v", err)
	}
}

// FuzzAnswer feeds what may come over the network.
func FuzzAnswer(f *testing.F) {
	f.Add("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "", "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----")
	f.Add("", "-----BEGIN X-----\n-----END X-----", "{}")
	keys, err := NewKeys()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, certificate, ca, key string) {
		if got, err := Certificates(ca); (err == nil) != (len(got) > 0) {
			t.Errorf("%d certificates and %v", len(got), err)
		}
		if signer, err := privateKey(key); (err == nil) != (signer != nil) {
			t.Errorf("a key %v and %v", signer != nil, err)
		}
		issued, err := newIssued(wire.NodeIssued{Certificate: certificate, Client: certificate, CA: ca, Key: wire.Secret(key)}, keys, testName)
		if (err == nil) != (issued != nil) {
			t.Errorf("%v and %v", issued, err)
		}
	})
}
