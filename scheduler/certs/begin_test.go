package certs

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestWhatIsDoneAtTheStart(t *testing.T) {
	_, fake := deskOf(t)
	facts := fake.state.Facts
	made := facts.Security.Authorities[0]
	root := first(t, made.PEM)
	if !root.IsCA || root.Subject.CommonName != "team/crdb CA" || !root.NotBefore.Equal(noon.Add(-24*time.Hour)) || !root.NotAfter.Equal(noon.Add(87600*time.Hour)) ||
		root.CheckSignatureFrom(root) != nil || made.ID != ID(root) || !strings.HasPrefix(made.Sealed, "-----BEGIN AGE ENCRYPTED FILE-----") {
		t.Errorf("%v %+v", root.Subject, made)
	}
	for _, tt := range []struct {
		name     string
		change   func(*Desk)
		told     bool
		locked   string
		resealed bool
	}{
		{"the same passphrase", func(*Desk) {}, false, "", false},
		{"not secure", func(d *Desk) { d.Settings.Enabled, d.Settings.Passphrase = false, "" }, false, "", false},
		{"another passphrase", func(d *Desk) { d.Settings.Passphrase = "something else" }, false, "TLS_CA_PASSPHRASE", false},
		{"two others", func(d *Desk) { d.Settings.Passphrase, d.Settings.Former = "something else", "and another" }, false, "TLS_CA_FORMER_PASSPHRASE", false},
		{"a new one and the former", func(d *Desk) { d.Settings.Passphrase, d.Settings.Former = "something else", hush }, true, "", true},
	} {
		desk := &Desk{Core: fake, Now: func() time.Time { return noon }, Settings: Settings{Enabled: true, Service: "crdb", Passphrase: hush, AuthorityLifetime: time.Hour}}
		tt.change(desk)
		found, err := desk.Begin(facts)
		var locked *Locked
		if errors.As(err, &locked) != (tt.locked != "") || err != nil && (!strings.Contains(locked.Remedy, tt.locked) || strings.Contains(err.Error(), string(hush))) || (found != nil) != tt.told {
			t.Errorf("%s: %+v, %v", tt.name, found, err)
			continue
		}
		if !tt.resealed {
			continue
		}
		if len(found.Authorities) != 1 || found.Authorities[0].ID != made.ID || found.Issuer != made.ID || !slices.Equal(found.Trust, facts.Security.Trust) {
			t.Errorf("%s: %+v", tt.name, found)
		}
		if _, err := open(made.PEM, found.Authorities[0].Sealed, desk.Settings.Passphrase); err != nil {
			t.Error(err)
		}
		if _, err := open(made.PEM, found.Authorities[0].Sealed, hush); !errors.Is(err, errPassphrase) {
			t.Errorf("the former passphrase still opens it: %v", err)
		}
	}
	// A service that is not secure any more can still open what is stored, for nodes that are.
	lazy := &Desk{Core: fake, Now: func() time.Time { return noon }, Settings: Settings{Former: hush, NodeLifetime: time.Hour}}
	if _, err := lazy.signer(facts.Security); err != nil {
		t.Error(err)
	}
	lazy = &Desk{Core: fake, Settings: Settings{Passphrase: "something else"}}
	if _, err := lazy.signer(facts.Security); codeOf(err) != 503 {
		t.Error(err)
	}
	for name, sealed := range map[string]string{"no age file": "x", "nothing": "", "huge": strings.Repeat("x", maxSealed+1), "cut off": made.Sealed[:200]} {
		if _, err := unseal(sealed, hush); err == nil || errors.Is(err, errPassphrase) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other, _, err := makeAuthority("crdb", time.Hour, hush, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(made.PEM, other.Sealed, hush); err == nil || !strings.Contains(err.Error(), "another certificate") {
		t.Error(err)
	}
}

// given is an authority with its key in the clear.
func given(t *testing.T) (pem string, key wire.Secret, opened *signer) {
	t.Helper()
	made, opened, err := makeAuthority("given", 1000*time.Hour, hush, noon)
	if err != nil {
		t.Fatal(err)
	}
	key, err = keyPEM(opened.key)
	if err != nil {
		t.Fatal(err)
	}
	return made.PEM, key, opened
}

// A given authority is changed in steps that running nodes live through; any other change is refused.
func TestStepsOfAGivenAuthority(t *testing.T) {
	oldPEM, oldKey, old := given(t)
	newPEM, newKey, next := given(t)
	node := func(issuer string, trust ...string) *tasks.Certificate {
		return &tasks.Certificate{Serial: "1", Issuer: issuer, Trust: trust, Issued: noon, NotAfter: noon.Add(time.Hour)}
	}
	for _, tt := range []struct {
		name  string
		given Given
		has   *tasks.Certificate
		fault string
	}{
		{"the first", Given{Cert: newPEM, Key: newKey}, nil, ""},
		{"the same", Given{Cert: oldPEM, Key: oldKey}, node(old.id, old.id), ""},
		{"trust both", Given{Cert: oldPEM, Key: oldKey, Extra: newPEM}, node(old.id, old.id), ""},
		{"sign with the new one", Given{Cert: newPEM, Key: newKey, Extra: oldPEM}, node(old.id, old.id, next.id), ""},
		{"drop the old one", Given{Cert: newPEM, Key: newKey}, node(next.id, next.id, old.id), ""},
		{"too early", Given{Cert: newPEM, Key: newKey, Extra: oldPEM}, node(old.id, old.id), "do not trust the authority"},
		{"dropped too early", Given{Cert: newPEM, Key: newKey}, node(old.id, old.id, next.id), "did not sign"},
		{"all at once", Given{Cert: newPEM, Key: newKey}, node(old.id, old.id), "do not trust the authority"},
		{"what expired does not count", Given{Cert: newPEM, Key: newKey}, &tasks.Certificate{Issuer: old.id, Trust: []string{old.id}, NotAfter: noon}, ""},
	} {
		outside, faults := ReadOutside(tt.given, noon)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		fake := &fakeCore{state: secure()}
		fake.put(taskID, func(r *tasks.Record) { r.Certificate = tt.has })
		desk := &Desk{Core: fake, Now: func() time.Time { return noon }, Settings: Settings{Enabled: true, Outside: outside}}
		found, err := desk.Begin(fake.state.Facts)
		if (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err == nil && (!found.Outside || found.Issuer != outside.signer.id || found.Given != "" || found.Authorities[0].Sealed != "") {
			t.Errorf("%s: %+v", tt.name, found)
		}
	}
	fake := &fakeCore{state: secure()}
	fake.state.Facts.Security = core.Security{Issuer: old.id, Trust: []string{old.id}, Authorities: []tasks.Authority{described(old.chain[0])}}
	fake.put(taskID, func(r *tasks.Record) { r.Certificate = node(old.id, old.id) })
	desk := &Desk{Core: fake, Now: func() time.Time { return noon }, Settings: Settings{Enabled: true, Passphrase: hush, AuthorityLifetime: time.Hour}}
	if _, err := desk.Begin(fake.state.Facts); err == nil || !strings.Contains(err.Error(), "none is given now") {
		t.Errorf("a given authority that is left out: %v", err)
	}
}

// One pair for all nodes: handed out over TLS, and nowhere else.
func TestFinishedCertificates(t *testing.T) {
	caPEM, _, ca := given(t)
	names := []string{"*.teamcrdb.autoip.example"}
	nodeKey, rootKey := newKey(t), newKey(t)
	node, err := ca.signNode(nodeKey.Public(), names, time.Hour, noon)
	if err != nil {
		t.Fatal(err)
	}
	root, err := ca.signClient(rootKey.Public(), "root", time.Hour, noon)
	if err != nil {
		t.Fatal(err)
	}
	nodeText, _ := keyPEM(nodeKey)
	rootText, _ := keyPEM(rootKey)
	outside, faults := ReadOutside(Given{Cert: caPEM, NodeCert: node.text, NodeKey: nodeText, ClientCert: root.text, ClientKey: rootText,
		Names: []string{"cockroachdb-1-node-join.teamcrdb.autoip.example"}}, noon)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	fake := &fakeCore{state: secure()}
	desk := &Desk{Core: fake, Now: func() time.Time { return noon }, Settings: Settings{Enabled: true, Outside: outside, ClientLifetime: time.Hour}}
	found, err := desk.Begin(fake.state.Facts)
	if err != nil || found.Given != serialText(node.leaf) {
		t.Fatal(found, err)
	}
	fake.found(found)
	key := newKey(t)
	request := wire.NodeRequest{TaskID: taskID, Token: "token", Request: requestOf(t, key), Client: requestOf(t, key)}
	if issued, err := desk.Node(t.Context(), request, false); codeOf(err) != 403 || issued.Key != "" || len(fake.asked) != 0 {
		t.Errorf("without TLS: %v", err)
	}
	issued, err := desk.Node(t.Context(), request, true)
	if err != nil || string(issued.Key) != string(nodeText) || string(issued.ClientKey) != string(rootText) || issued.Certificate != node.text || issued.Client != root.text || issued.CA != caPEM {
		t.Errorf("%v", err)
	}
	if has := fake.asked[0].(core.CertificateSigned).Certificate; has.Serial != found.Given || has.Key != keyHash(node.leaf.RawSubjectPublicKeyInfo) || !slices.Equal(has.Names, names) {
		t.Errorf("%+v", has)
	}
	if job, err := desk.Job("job-task", request.Client, true); err != nil || string(job.Key) != string(rootText) {
		t.Error(err)
	}
	if _, err := desk.Job("job-task", request.Client, false); codeOf(err) != 403 {
		t.Error(err)
	}
	if _, err := desk.Client(t.Context(), wire.ClientRequest{User: "a", Request: request.Client}); codeOf(err) != 409 {
		t.Error(err)
	}
	if list := List(fake.state); list.Source != "pair" || !list.Secure {
		t.Errorf("%+v", list)
	}
}
