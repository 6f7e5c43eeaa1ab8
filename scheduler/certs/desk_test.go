package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// A node's certificate is held against the standard library's verifier, for each of its names and both usages.
func TestANodeGetsWhatTheDatabaseInsistsOn(t *testing.T) {
	desk, fake := deskOf(t)
	key, client := newKey(t), rsaKey(t, 2048)
	issued, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, client)}, false)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(issued.CA)) || issued.Key != "" {
		t.Fatal("no CA, or a key")
	}
	node, root := first(t, issued.Certificate), first(t, issued.Client)
	for _, name := range []string{"cockroachdb-1-node-join.teamcrdb.autoip.example", "pg.teamcrdb.l4lb.example", "http.teamcrdb.l4lb.example", "a1.example", "10.0.0.7", "fd00::7",
		"localhost", "127.0.0.1", "::1"} {
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			if _, err := node.Verify(x509.VerifyOptions{Roots: roots, DNSName: "[" + name + "]", CurrentTime: noon, KeyUsages: []x509.ExtKeyUsage{usage}}); strings.Contains(name, ":") && err != nil {
				t.Errorf("%s, %v: %v", name, usage, err)
			}
			if err := node.VerifyHostname(name); err != nil {
				t.Error(err)
			}
			if _, err := node.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: noon, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
				t.Errorf("%v: %v", usage, err)
			}
		}
	}
	if node.VerifyHostname("evil.example.org") == nil || node.Subject.CommonName != "node" || node.SerialNumber.BitLen() > 128 || node.SerialNumber.BitLen() < 64 || node.IsCA {
		t.Errorf("%v %v", node.Subject, node.DNSNames)
	}
	if node.NotBefore != noon.Add(-24*time.Hour) || node.NotAfter != noon.Add(2160*time.Hour) {
		t.Errorf("valid from %s to %s", node.NotBefore, node.NotAfter)
	}
	_, server := root.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: noon, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	_, user := root.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: noon, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if server == nil || user != nil || root.Subject.CommonName != "root" || !client.PublicKey.Equal(root.PublicKey) || root.KeyUsage&x509.KeyUsageKeyEncipherment == 0 {
		t.Errorf("root: server %v, client %v, %v", server, user, root.Subject)
	}
	event := fake.asked[0].(core.CertificateSigned)
	has := event.Certificate
	if event.Token != "token" || event.Renewal || has.Serial != issued.Serial || has.Serial != node.SerialNumber.Text(16) || has.Key != keyHash(node.RawSubjectPublicKeyInfo) ||
		!has.Issued.Equal(noon) || !has.NotAfter.Equal(node.NotAfter) || has.Issuer != fake.state.Facts.Security.Issuer || !slices.Equal(has.Trust, issued.Trust) || len(has.Names) != 9 || !has.Served.IsZero() {
		t.Errorf("%+v", event)
	}
	if counts := desk.Counts(); counts[Count{"node", false}] != 1 {
		t.Error(counts)
	}
}

// The core says who gets what; what it refuses is not handed out, and what it wants signed again is.
func TestTheCoreIsAskedFirst(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(*fakeCore, core.Asking) core.Reply
		code   int
		asked  int
	}{
		{"not the token", func(*fakeCore, core.Asking) core.Reply { return core.Reply{Code: 403, Message: "no"} }, 403, 1},
		{"used with another key", func(*fakeCore, core.Asking) core.Reply { return core.Reply{Code: 410, Message: "no"} }, 410, 1},
		{"the authority changed", func(f *fakeCore, _ core.Asking) core.Reply {
			if len(f.asked) == 1 {
				return core.Reply{Code: 409}
			}
			return core.Reply{}
		}, 0, 2},
		{"it changes all the time", func(*fakeCore, core.Asking) core.Reply { return core.Reply{Code: 409, Message: "again"} }, 409, tries},
	} {
		desk, fake := deskOf(t)
		fake.answer = tt.answer
		key := newKey(t)
		issued, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}, false)
		if codeOf(err) != tt.code || len(fake.asked) != tt.asked || (issued.Certificate == "") != (tt.code != 0) {
			t.Errorf("%s: %v, asked %d times", tt.name, err, len(fake.asked))
		}
	}
}

func codeOf(err error) int {
	var refusal *Refusal
	var faults Faults
	switch {
	case err == nil:
		return 0
	case errors.As(err, &refusal):
		return refusal.Code
	case errors.As(err, &faults):
		return 400
	}
	return -1
}

// The token is bound to both keys: who listened cannot have one of his own signed with it.
func TestATokenIsBoundToBothKeys(t *testing.T) {
	desk, fake := deskOf(t)
	key := newKey(t)
	for _, client := range []crypto.Signer{key, newKey(t)} {
		if _, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, client)}, false); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := fake.asked[0].(core.CertificateSigned).RequestKey, fake.asked[1].(core.CertificateSigned).RequestKey; a == "" || a == b {
		t.Errorf("the core is told of %q, then of %q", a, b)
	}
}

// A renewal is proven with the key of the present certificate, once more when the answer was lost, and in no other way.
func TestARenewalIsProven(t *testing.T) {
	enrolled := func(t *testing.T) (*Desk, *fakeCore, *ecdsa.PrivateKey, string) {
		desk, fake := deskOf(t)
		key := newKey(t)
		issued, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}, false)
		if err != nil {
			t.Fatal(err)
		}
		fake.put(taskID, func(record *tasks.Record) {
			served := *record.Certificate
			served.Served, record.Certificate = noon, &served
		})
		return desk, fake, key, issued.Certificate
	}
	renew := func(t *testing.T, desk *Desk, by crypto.Signer, certificate string, next crypto.Signer, at time.Time) error {
		request := requestOf(t, next)
		proof := proofOf(t, tasks.ProveRenewal, by, certificate, at, tasks.RenewalBody(request, request))
		_, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Proof: &proof, Request: request, Client: request}, false)
		return err
	}
	desk, fake, key, certificate := enrolled(t)
	former := fake.state.Facts.Records["cockroachdb-1-node-join"].Certificate.Serial
	next := newKey(t)
	if err := renew(t, desk, key, certificate, next, noon); err != nil {
		t.Fatal(err)
	}
	if event := fake.asked[1].(core.CertificateSigned); !event.Renewal || event.Former != former || event.Token != "" {
		t.Errorf("%+v", event)
	}
	// The answer was lost: the proof with the key that is served still is taken again. With neither key it is not.
	if err := renew(t, desk, key, certificate, next, noon); err != nil {
		t.Errorf("after a lost answer: %v", err)
	}
	// Somebody who listened sends it again with a client's key of his own.
	request, stranger := requestOf(t, next), newKey(t)
	overheard := proofOf(t, tasks.ProveRenewal, key, certificate, noon, tasks.RenewalBody(request, request))
	if _, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Proof: &overheard, Request: request, Client: requestOf(t, stranger)}, false); codeOf(err) != 403 {
		t.Errorf("with a client's request that was exchanged on the way: %v", err)
	}
	user, err := desk.Client(t.Context(), wire.ClientRequest{User: "maxroach", Request: requestOf(t, stranger)})
	if err != nil {
		t.Fatal(err)
	}
	if err := renew(t, desk, stranger, user.Certificate, newKey(t), noon); codeOf(err) != 403 {
		t.Errorf("with the certificate of a user: %v", err)
	}
	for name, at := range map[string]time.Time{"a clock behind": noon.Add(-skew), "a clock ahead": noon.Add(skew)} {
		desk, _, key, certificate := enrolled(t)
		beyond := at.Add(at.Sub(noon) / 600)
		if err := renew(t, desk, key, certificate, newKey(t), beyond); codeOf(err) != 403 || !strings.Contains(err.Error(), "set the clocks") {
			t.Errorf("%s, too far: %v", name, err)
		}
		if err := renew(t, desk, key, certificate, newKey(t), at); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	desk, fake, key, certificate = enrolled(t)
	other, _ := deskOf(t)
	foreign, err := other.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another's key":           renew(t, desk, newKey(t), certificate, next, noon),
		"of another authority":    renew(t, desk, key, foreign.Certificate, next, noon),
		"no certificate":          renew(t, desk, key, "", next, noon),
		"a key for a certificate": renew(t, desk, key, "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", next, noon),
	} {
		if codeOf(err) != 403 {
			t.Errorf("%s: %v", name, err)
		}
	}
	request = requestOf(t, next)
	proof := proofOf(t, tasks.ProveServed, key, certificate, noon, []byte(request))
	if _, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Proof: &proof, Request: request, Client: request}, false); codeOf(err) != 403 {
		t.Errorf("a proof for another purpose: %v", err)
	}
	// One that expired while the scheduler was away is renewed all the same.
	desk.Now = func() time.Time { return noon.Add(3000 * time.Hour) }
	if err := renew(t, desk, key, certificate, next, desk.Now()); err != nil {
		t.Errorf("an expired one: %v", err)
	}
	if len(fake.asked) != 2 {
		t.Errorf("the core was asked %d times", len(fake.asked))
	}
}

func TestWhatANodeServes(t *testing.T) {
	desk, fake := deskOf(t)
	key := newKey(t)
	issued, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}, false)
	if err != nil {
		t.Fatal(err)
	}
	said := wire.Served{TaskID: taskID, Serial: issued.Serial, Trust: issued.Trust, Problem: strings.Repeat("é", maxProblem)}
	said.Proof = proofOf(t, tasks.ProveServed, key, issued.Certificate, noon, tasks.ServedBody(issued.Serial, issued.Trust, said.Problem))
	fake.answer = func(*fakeCore, core.Asking) core.Reply { return core.Reply{Code: 200, Renew: true} }
	got, err := desk.Served(t.Context(), said)
	event := fake.asked[1].(core.CertificateServed)
	if err != nil || !got.Renew || got.Again == 0 || event.Key != keyHash(first(t, issued.Certificate).RawSubjectPublicKeyInfo) || event.Serial != issued.Serial || len(event.Problem) > maxProblem+3 {
		t.Errorf("%+v, %v: %+v", got, err, event)
	}
	lied := said
	lied.Serial = "1"
	unknown := said
	unknown.TaskID = "nobody"
	insecure := said
	insecure.TaskID = "job-task"
	long := said
	long.Trust = make([]string, maxTrust+1)
	for name, tt := range map[string]struct {
		said wire.Served
		code int
	}{"another serial": {lied, 403}, "no such task": {unknown, 404}, "a job": {insecure, 409}, "too much trust": {long, 400}} {
		if _, err := desk.Served(t.Context(), tt.said); codeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	fake.answer = func(*fakeCore, core.Asking) core.Reply { return core.Reply{Code: 409, Message: "another"} }
	if _, err := desk.Served(t.Context(), said); codeOf(err) != 409 {
		t.Error(err)
	}
}

func TestRequestsThatAreNotTaken(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := requestOf(t, newKey(t))
	block, _ := pem.Decode([]byte(good))
	block.Bytes[len(block.Bytes)-1] ^= 1
	for name, tt := range map[string]struct {
		text    string
		problem string
	}{
		"P-384":              {requestOf(t, p384), ""},
		"text around it":     {"comment\n" + good + "end\n", ""},
		"nothing":            {"", "does not hold one"},
		"two":                {good + good, "does not hold one"},
		"a certificate":      {strings.ReplaceAll(good, "CERTIFICATE REQUEST", "CERTIFICATE"), "does not hold one"},
		"P-224":              {requestOf(t, p224), "another curve"},
		"cut off":            {good[:len(good)-20], "damaged"},
		"huge":               {good + strings.Repeat(" ", maxRequest), "larger than"},
		"not its own key":    {string(pem.EncodeToMemory(block)), "not signed with its own key"},
		"no request at all":  {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "cannot be read"},
		"old tools' heading": {strings.ReplaceAll(good, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"), ""},
	} {
		if _, problem := readRequest(tt.text); (problem == "") != (tt.problem == "") || !strings.Contains(problem, tt.problem) {
			t.Errorf("%s: %q", name, problem)
		}
	}
	desk, fake := deskOf(t)
	_, err = desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID}, false)
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 3 || len(fake.asked) != 0 {
		t.Errorf("%v", err)
	}
	if _, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: "nobody", Token: "x", Request: good, Client: good}, false); codeOf(err) != 404 {
		t.Error(err)
	}
}

func TestCertificatesOfUsers(t *testing.T) {
	desk, fake := deskOf(t)
	key := newKey(t)
	issued, err := desk.Client(t.Context(), wire.ClientRequest{User: "MaxRoach", Request: requestOf(t, key), Lifetime: 3600})
	if err != nil {
		t.Fatal(err)
	}
	leaf := first(t, issued.Certificate)
	noted := fake.asked[0].(core.ClientSigned).Certificate
	if leaf.Subject.CommonName != "maxroach" || !leaf.NotAfter.Equal(noon.Add(time.Hour)) || len(leaf.DNSNames) != 0 || noted.User != "maxroach" || noted.Serial != issued.Serial ||
		!noted.NotAfter.Equal(issued.NotAfter) || noted.Issuer != fake.state.Facts.Security.Issuer {
		t.Errorf("%v %+v", leaf.Subject, noted)
	}
	_, err = desk.Client(t.Context(), wire.ClientRequest{User: "node", Request: "x", Lifetime: 1 << 40})
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 3 {
		t.Error(err)
	}
	target := fake.state.Facts.Targets["t1"]
	target.Service.Secure = false
	fake.state.Facts.Targets = map[string]tasks.Target{"t1": target}
	if _, err := desk.Client(t.Context(), wire.ClientRequest{User: "a", Request: requestOf(t, key)}); codeOf(err) != 503 {
		t.Error(err)
	}
	if counts := desk.Counts(); counts[Count{"client", false}] != 1 || counts[Count{"client", true}] != 2 {
		t.Error(counts)
	}
}

func TestCertificatesOfJobs(t *testing.T) {
	desk, fake := deskOf(t)
	request := requestOf(t, newKey(t))
	given, err := desk.Job("job-task", request, false)
	if err != nil || len(fake.asked) != 0 || given.CA == "" || given.Key != "" {
		t.Fatal(given, err)
	}
	if leaf := first(t, given.Certificate); leaf.Subject.CommonName != "root" || !leaf.NotAfter.Equal(noon.Add(30*24*time.Hour)) {
		t.Errorf("%v until %s", leaf.Subject, leaf.NotAfter)
	}
	for name, tt := range map[string]struct {
		task, request string
		code          int
	}{"asks for none": {"job-task", "", 0}, "not known": {"nobody", request, 0}, "no request": {"job-task", "x", 400}} {
		if given, err := desk.Job(tt.task, tt.request, false); codeOf(err) != tt.code || given != (ForJob{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No name but one that CockroachDB takes (11-certs: its hint).
func TestNamesOfUsers(t *testing.T) {
	long := strings.Repeat("a", 63)
	for given, want := range map[string]string{"root": "root", "MaxRoach": "maxroach", "_x": "_x", "1a": "1a", "a.b-c_d": "a.b-c_d", long: long, "ärger": "ärger",
		"": "", "node": "", "NODE": "", "Bad Name": "", "-a": "", ".a": "", "a/b": "", "../a": "", long + "a": "", "a\n": "", "a\x00": "", "用户": "", "a,CN=root": ""} {
		if got, problem := UserName(given); got != want || (problem == "") != (want != "") {
			t.Errorf("%q: %q, %q", given, got, problem)
		}
	}
}

func TestRotation(t *testing.T) {
	for _, tt := range []struct {
		name    string
		request wire.RotateRequest
		change  func(*Desk, *fakeCore)
		code    int // 0 is an answer of the core
		next    bool
	}{
		{"nodes", wire.RotateRequest{}, nil, 0, false},
		{"on", wire.RotateRequest{Proceed: true, Unattended: true}, nil, 0, false},
		{"another authority", wire.RotateRequest{Authority: true}, nil, 0, true},
		{"both", wire.RotateRequest{Authority: true, Proceed: true}, nil, 400, false},
		{"a given one", wire.RotateRequest{Authority: true}, func(d *Desk, _ *fakeCore) { d.Settings.Outside = &Outside{} }, 409, false},
		{"no passphrase", wire.RotateRequest{Authority: true}, func(d *Desk, _ *fakeCore) { d.Settings.Passphrase = "" }, 503, false},
		{"not secure", wire.RotateRequest{}, func(_ *Desk, f *fakeCore) { f.state.Facts.TargetID = "" }, 503, false},
	} {
		desk, fake := deskOf(t)
		if tt.change != nil {
			tt.change(desk, fake)
		}
		code, message, err := desk.Rotate(t.Context(), tt.request)
		if codeOf(err) != tt.code || (tt.code == 0) != (code == http.StatusOK && message == "noted") {
			t.Errorf("%s: %d %q %v", tt.name, code, message, err)
			continue
		}
		if tt.code != 0 {
			continue
		}
		order := fake.asked[0].(core.RotationOrder)
		if order.Proceed != tt.request.Proceed || order.Unattended != tt.request.Unattended || (order.Next != nil) != tt.next {
			t.Errorf("%s: %+v", tt.name, order)
		}
		if order.Next != nil {
			old := fake.state.Facts.Security.Authorities[0]
			if order.Next.ID == old.ID || string(first(t, order.Next.PEM).RawSubject) == string(first(t, old.PEM).RawSubject) || order.Next.Sealed == "" {
				t.Errorf("the next is %+v", order.Next)
			}
			// It signs as soon as the core says that it does.
			fake.state.Facts.Security.Authorities = []tasks.Authority{*order.Next, old}
			fake.state.Facts.Security.Issuer, fake.state.Facts.Security.Trust = order.Next.ID, []string{order.Next.ID, old.ID}
			key := newKey(t)
			issued, err := desk.Node(t.Context(), wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}, false)
			if err != nil || strings.Count(issued.CA, "BEGIN") != 2 || first(t, issued.Certificate).CheckSignatureFrom(first(t, order.Next.PEM)) != nil {
				t.Errorf("%+v %v", issued, err)
			}
		}
	}
	desk, fake := deskOf(t)
	fake.state.Facts.Security.Change = &core.AuthorityChange{Stage: core.StageTrust}
	if code, _, err := desk.Rotate(t.Context(), wire.RotateRequest{Authority: true}); code != 208 || err != nil || len(fake.asked) != 0 {
		t.Error(code, err)
	}
}

// Nothing outlives its authority, and an authority that is over signs nothing.
func TestNothingOutlivesItsAuthority(t *testing.T) {
	desk, fake := deskOf(t)
	end := fake.state.Facts.Security.Authorities[0].NotAfter
	key := newKey(t)
	request := wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}
	desk.Now = func() time.Time { return end.Add(-time.Hour) }
	issued, err := desk.Node(t.Context(), request, false)
	if err != nil || !first(t, issued.Certificate).NotAfter.Equal(end) || !first(t, issued.Client).NotAfter.Equal(end) {
		t.Errorf("%v", err)
	}
	desk.Now = func() time.Time { return end }
	if _, err := desk.Node(t.Context(), request, false); codeOf(err) != 503 {
		t.Error(err)
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	desk, _ := deskOf(t)
	if shown := fmt.Sprintf("%v %+v %#v", desk.Settings, desk.Settings, desk.Settings); strings.Contains(shown, string(hush)) {
		t.Error(shown)
	}
}

// A node is behind until it serves a certificate of the issuer, with the trust, and from after the time that all are renewed from.
func TestWhichNodesAreBehind(t *testing.T) {
	good := tasks.Certificate{Issuer: "a", Trust: []string{"a", "b"}, Issued: noon, NotAfter: noon.Add(time.Hour), Served: noon}
	for name, tt := range map[string]struct {
		change func(*tasks.Certificate)
		state  string
		behind int
	}{
		"as it should be": {func(*tasks.Certificate) {}, "served", 0},
		"not served yet":  {func(c *tasks.Certificate) { c.Served = time.Time{} }, "issued", 1},
		"another issuer":  {func(c *tasks.Certificate) { c.Issuer = "b" }, "renewing", 1},
		"another trust":   {func(c *tasks.Certificate) { c.Trust = []string{"b", "a"} }, "renewing", 1},
		"too old":         {func(c *tasks.Certificate) { c.Issued = noon.Add(-time.Second) }, "renewing", 1},
		"about to expire": {func(c *tasks.Certificate) { c.NotAfter = noon.Add(time.Minute); c.Issued = noon.Add(-time.Hour) }, "renewing", 1},
	} {
		fake := &fakeCore{state: secure()}
		fake.state.Facts.Security = core.Security{Issuer: "a", Trust: []string{"a", "b"}, Renew: noon}
		has := good
		tt.change(&has)
		fake.put(taskID, func(r *tasks.Record) { r.Certificate = &has })
		if list := List(fake.state); list.Nodes[0].State != tt.state || len(Behind(fake.state)) != tt.behind {
			t.Errorf("%s: %+v, behind %v", name, list.Nodes, Behind(fake.state))
		}
	}
}
