package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// secureState is a secure service whose second node is behind in a change of the authority.
func secureState(change func(*core.State)) core.State {
	target := testTarget(3)
	target.Service.Secure = true
	records := []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2)}
	for i := range records {
		records[i].Enrolment = &tasks.Enrolment{Token: "hush", Key: "k"}
		records[i].Certificate = &tasks.Certificate{Serial: fmt.Sprint("a", i), Issuer: "new", Trust: []string{"new", "old"}, Names: []string{"localhost"}, Key: "k",
			Issued: noon.Add(-time.Hour), NotAfter: noon.Add(90 * 24 * time.Hour), Served: noon}
	}
	records[1].Certificate.Issuer = "old"
	return stateOf(target, records, func(state *core.State, _ *plans.View) {
		state.Facts.Security = core.Security{Issuer: "new", Trust: []string{"new", "old"}, Change: &core.AuthorityChange{Stage: core.StageReissue, Began: noon.Add(-5 * time.Minute)},
			Authorities: []tasks.Authority{{ID: "new", PEM: "p", Sealed: "hush", NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(1000 * time.Hour)},
				{ID: "old", PEM: "p", Sealed: "hush", NotBefore: noon.Add(-1000 * time.Hour), NotAfter: noon.Add(1000 * time.Hour)}},
			Clients: []tasks.ClientCertificate{{User: "maxroach", Serial: "c1", Issuer: "old", Issued: noon, NotAfter: noon.Add(time.Hour)}}}
		if change != nil {
			change(state)
		}
	})
}

// What is shown of a secure service: no key, no token, and connection strings that check the server.
func TestASecureServiceIsShownAsTheGoldenAnswers(t *testing.T) {
	source := &fakeSource{state: secureState(nil)}
	at := serve(t, source, testOptions())
	var transcript strings.Builder
	for _, route := range []string{"/v1/certificates", "/v1/certificates?x=1", "/v1/certificates/ca", "/v1/endpoints/pg", "/v1/endpoints/http"} {
		fmt.Fprintf(&transcript, "GET %s\n%s\n\n", route, do(t, http.MethodGet, at+route, ""))
	}
	golden(t, "testdata/certificates.golden.txt", []byte(transcript.String()))
	if strings.Contains(transcript.String(), "hush") {
		t.Error("a sealed key shows")
	}
}

// No page of the API shows the token of a node's launch, or the sealed key of an authority.
func TestNoPageShowsATokenOrASealedKey(t *testing.T) {
	source := &fakeSource{state: secureState(nil)}
	at := serve(t, source, testOptions())
	for _, route := range (handlers{options: testOptions(), source: source}).routes() {
		method, path, _ := strings.Cut(route.pattern, " ")
		if method != http.MethodGet || strings.HasPrefix(path, "/v1/artifacts") || strings.HasPrefix(path, "/v1/debug/threads") {
			continue
		}
		path = strings.NewReplacer("{plan}", "deploy", "{pod}", "cockroachdb-1", "{name}", "pg", "{id}", targetID).Replace(path)
		if answer := do(t, method, at+path, ""); strings.Contains(answer.body, "hush") {
			t.Errorf("%s shows a secret:\n%s", path, answer.body)
		}
	}
}

func TestWhatWhySaysOfCertificates(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*core.State)
		want   []string // subject and a part of the text
	}{
		{"nothing", nil, nil},
		{"not secure", func(s *core.State) { s.Facts.Security = core.Security{}; s.Facts.TargetID = "" }, nil},
		{"no authority", func(s *core.State) { s.Facts.Security = core.Security{} }, []string{"authority: no certificate authority"}},
		{"the authority that signs is gone", func(s *core.State) {
			s.Facts.Security.Change, s.Facts.Security.Authorities = nil, s.Facts.Security.Authorities[1:]
		}, []string{"authority: no certificate authority"}},
		{"an authority ends", func(s *core.State) {
			s.Facts.Security.Authorities[1].NotAfter = noon.Add(199 * time.Hour)
		}, []string{"authority old: expires at"}},
		{"one that nobody trusts", func(s *core.State) {
			s.Facts.Security.Authorities[1].NotAfter, s.Facts.Security.Trust = noon.Add(time.Hour), []string{"new"}
		}, nil},
		{"a certificate was not renewed", func(s *core.State) {
			s.Facts.Records["cockroachdb-2-node-join"].Certificate.NotAfter = noon
		}, []string{"cockroachdb-2-node-join: expired at 2026-11-22T12:00:00Z"}},
		{"a token came with other keys", func(s *core.State) {
			for _, line := range []struct {
				reason string
				at     time.Time
			}{{core.TokenTaken, noon.Add(-25 * time.Hour)}, {core.TokenTaken, noon.Add(-time.Hour)}, {"not the token of this task", noon}} {
				s.Facts.Journal = s.Facts.Journal.With(core.Log{Level: slog.LevelWarn, Message: "refused", Attrs: []any{"task", "cockroachdb-0-node-init", "reason", line.reason}}, line.at)
			}
		}, []string{"cockroachdb-0-node-init: at 2026-11-22T11:00:00Z the token was used with other keys before"}},
		{"it waits for somebody", func(s *core.State) { s.Facts.Records["cockroachdb-1-node-join"].Certificate.Issuer = "new" },
			[]string{"certificate authority: waits in the stage reissue: all nodes have certificates of the new authority"}},
		{"it goes on by itself", func(s *core.State) {
			s.Facts.Records["cockroachdb-1-node-join"].Certificate.Issuer = "new"
			s.Facts.Security.Change.Unattended = true
		}, nil},
		{"it is stuck", func(s *core.State) { s.Facts.Security.Change.Began = noon.Add(-time.Hour) },
			[]string{"certificate authority: does not get on in the stage reissue: 1 of 3 nodes do not serve it yet: cockroachdb-1-node-join"}},
		{"many nodes take their time", func(s *core.State) {
			s.Facts.Security.Change.Began = noon.Add(-time.Hour)
			s.Facts.Records["cockroachdb-0-node-init"].Certificate.Issued = noon.Add(-time.Minute)
		}, nil},
	} {
		got := entries(secureState(tt.change), wire.WaitsCertificate)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %+v", tt.name, got)
			continue
		}
		for i, want := range tt.want {
			subject, text, _ := strings.Cut(want, ": ")
			if got[i].Subject != subject || !strings.Contains(got[i].Text, text) || got[i].Remedy == "" {
				t.Errorf("%s: %+v", tt.name, got[i])
			}
		}
	}
}

// withCertificates are options with a desk that made its authority, and the facts with that.
func withCertificates(t *testing.T, source *fakeSource) Options {
	t.Helper()
	desk := &certs.Desk{Core: source, Now: func() time.Time { return noon }, Settings: certs.Settings{Enabled: true, Service: "crdb", Passphrase: "hush hush hush hush",
		AuthorityLifetime: 1000 * time.Hour, NodeLifetime: 100 * time.Hour, ClientLifetime: 1000 * time.Hour}}
	found, err := desk.Begin(core.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	source.state.Facts.Security = core.Security{Authorities: found.Authorities, Issuer: found.Issuer, Trust: found.Trust}
	options := withJobs(source)
	options.Certificates = desk
	return options
}

func signingRequest(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRequestsForCertificates(t *testing.T) {
	csr, taken := signingRequest(t), core.Reply{Code: 200, Message: "begun"}
	node := wire.NodeRequest{TaskID: nodeRecord(0).TaskID, Token: "tok", Request: csr, Client: csr}
	unknown := node
	unknown.TaskID = "nobody"
	for _, tt := range []struct {
		name, path, body string
		reply            core.Reply
		status           int
		says             string
		asked            string
	}{
		{"a user", "/client", encoded(t, wire.ClientRequest{User: "maxroach", Request: csr}), taken, 200, `"certificate": "-----BEGIN CERTIFICATE-----`, "core.ClientSigned"},
		{"the core says no", "/client", encoded(t, wire.ClientRequest{User: "maxroach", Request: csr}), core.Reply{Code: 503, Message: "no"}, 503, `"message": "no"`, "core.ClientSigned"},
		{"faults", "/client", `{"user":"node","request":"x"}`, taken, 400, `"field": "request"`, ""},
		{"a misspelt field", "/client", `{"usr":"x"}`, taken, 400, "usr", ""},
		{"too large", "/client", `{"request":"` + strings.Repeat("x", maxBody) + `"}`, taken, 413, "larger than", ""},
		{"a parameter", "/client?x=1", `{}`, taken, 400, "x", ""},
		{"rotate", "/rotate", `{}`, taken, 200, `"message": "begun"`, "core.RotationOrder"},
		{"another authority", "/rotate", `{"authority":true}`, core.Reply{Code: 409, Message: "not now"}, 409, "not now", "core.RotationOrder"},
		{"both", "/rotate", `{"authority":true,"proceed":true}`, taken, 400, "proceed", ""},
		{"nothing", "/rotate", ``, taken, 400, "the body is empty", ""},
		{"a node", "/node", encoded(t, node), taken, 200, `"trust": [`, "core.CertificateSigned"},
		{"of a newer helper", "/node", strings.Replace(encoded(t, node), "{", `{"later":1,`, 1), taken, 200, `"serial"`, "core.CertificateSigned"},
		{"not its token", "/node", encoded(t, node), core.Reply{Code: 403, Message: "not the token"}, 403, `"message": "not the token"`, "core.CertificateSigned"},
		{"no such task", "/node", encoded(t, unknown), taken, 404, "no such task", ""},
		{"no proof", "/served", `{"taskId":"` + node.TaskID + `","serial":"1","trust":[]}`, taken, 403, "the proof is not good", ""},
		{"half", "/served", `{"taskId":`, taken, 400, "unexpected EOF", ""},
	} {
		source := &fakeSource{state: secureState(nil), reply: tt.reply}
		got := do(t, http.MethodPost, serve(t, source, withCertificates(t, source))+"/v1/certificates"+tt.path, tt.body)
		asked := ""
		if len(source.asked) > 0 {
			asked = fmt.Sprintf("%T", source.asked[0])
		}
		if got.status != tt.status || !strings.Contains(got.body, tt.says) || asked != tt.asked || strings.Contains(got.body, "hush") || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v; asked %s", tt.name, got, asked)
		}
	}
	source := &fakeSource{state: secureState(nil)}
	at := serve(t, source, withCertificates(t, source))
	if got := do(t, http.MethodGet, at+"/v1/certificates/ca", ""); got.status != 200 || got.kind != "text/plain; charset=utf-8" || got.body != certs.ClientBundle(source.state.Facts.Security) {
		t.Errorf("%v", got)
	}
	// Nodes are verified with the authorities alone, and not with what stands behind a given one.
	above, err := certs.Make("above", 1000*time.Hour, "hush hush hush hush", noon)
	if err != nil {
		t.Fatal(err)
	}
	authorities := source.state.Facts.Security.Authorities
	first, second := authorities[0].PEM, above.PEM
	authorities[0].PEM = first + second
	for query, want := range map[string]string{"": first + second, "?nodes=false": first + second, "?nodes=true": first, "?nodes=x": ""} {
		if got := do(t, http.MethodGet, at+"/v1/certificates/ca"+query, ""); (got.status == 200) != (want != "") || want != "" && got.body != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	if got := do(t, http.MethodPost, serve(t, &fakeSource{}, testOptions())+"/v1/certificates/node", `{}`); got.status != 501 {
		t.Errorf("without a desk: %v", got)
	}
}

// The task of a job gets a certificate of the user root with its keys, when its service is secure and it asks for one.
func TestAJobCollectsItsCertificate(t *testing.T) {
	job := tasks.Job{ID: "j", Kind: tasks.JobBackup, Params: tasks.JobParams{IAM: true}}
	for _, tt := range []struct {
		name, request string
		secure        bool
		status        int
		given         bool
	}{
		{"secure", signingRequest(t), true, 200, true},
		{"an older helper", "", true, 200, false},
		{"not secure", signingRequest(t), false, 200, false},
		{"what is no request", "x", true, 400, false},
	} {
		source := &fakeSource{state: secureState(nil), reply: core.Reply{Code: 200, Job: job}}
		options := withCertificates(t, source)
		if !tt.secure {
			target := source.state.Facts.Target()
			target.Service.Secure = false
			source.state.Facts.Targets = map[string]tasks.Target{target.ID: target}
		}
		task := nodeRecord(0).TaskID // whichever task: what it may collect is the core's
		got := do(t, http.MethodPost, serve(t, source, options)+"/v1/jobs/j/collect", encoded(t, map[string]string{"taskId": task, "token": "tok", "request": tt.request}))
		var answer collected
		if err := json.Unmarshal([]byte(got.body), &answer); got.status != tt.status || err != nil || (answer.Certificate != "") != tt.given || (answer.CA != "") != tt.given || answer.CertificateKey != "" {
			t.Errorf("%s: %v %v", tt.name, err, got)
		}
		if want := []core.Asking{core.JobCollect{Ticket: tasks.JobTicket{ID: "j", Token: "tok"}, TaskID: task}}; tt.status == 200 && !reflect.DeepEqual(source.asked, want) || tt.status != 200 && source.asked != nil {
			t.Errorf("%s: asked %v", tt.name, source.asked)
		}
		if !tt.given && tt.status == 200 && strings.Contains(got.body, `"certificate"`) {
			t.Errorf("%s: the shape changed: %v", tt.name, got)
		}
	}
}
