package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const (
	oldAuthority, newAuthority = "a1a1a1a1a1a1a1a1", "b2b2b2b2b2b2b2b2"
	day                        = 24 * 3600
)

// authority is one whose certificate is good from the virtual clock's beginning for ten years.
func authority(id string, signs, trusted bool) wire.Authority {
	return wire.Authority{ID: id, Subject: "CN=CockroachDB CA of cockroachdb", NotBefore: *at(0), NotAfter: *at(3650 * day), Signs: signs, Trusted: trusted, KeyKept: true}
}

// nodeCertificate is of 90 days, served.
func nodeCertificate(number int, issuer string, trust ...string) wire.NodeCertificate {
	task := "cockroachdb-0-node-init"
	if number > 0 {
		task = fmt.Sprintf("cockroachdb-%d-node-join", number)
	}
	return wire.NodeCertificate{Task: task, Serial: fmt.Sprintf("%d5e7ab12cd34ef56", number), Issuer: issuer, Trust: trust,
		Issued: at(0), NotAfter: at(90 * day), Due: at(60 * day), State: "served"}
}

// secured is a service of three nodes that all have what they should; change may alter it.
func secured(change ...func(*wire.Certificates)) wire.Certificates {
	known := wire.Certificates{Secure: true, Source: "made", Authorities: []wire.Authority{authority(oldAuthority, true, true)},
		Clients: []wire.ClientCertificate{{User: "maxroach", Serial: "77aa88bb99cc00dd", Issuer: oldAuthority, Issued: *at(0), NotAfter: *at(365 * day)}}}
	for i := range 3 {
		known.Nodes = append(known.Nodes, nodeCertificate(i, oldAuthority, oldAuthority))
	}
	for _, alter := range change {
		alter(&known)
	}
	return known
}

// changing is a change of the authority at a stage that so many nodes have come to.
func changing(stage string, arrived int) func(*wire.Certificates) {
	return func(known *wire.Certificates) {
		known.Change = stage
		old, next := authority(oldAuthority, stage == "trust", stage != "drop"), authority(newAuthority, stage != "trust", true)
		known.Authorities = []wire.Authority{next, old}
		for i := range known.Nodes {
			was := map[string]wire.NodeCertificate{
				"trust": nodeCertificate(i, oldAuthority, oldAuthority), "reissue": nodeCertificate(i, oldAuthority, newAuthority, oldAuthority),
				"drop": nodeCertificate(i, newAuthority, newAuthority, oldAuthority)}
			is := map[string]wire.NodeCertificate{"trust": was["reissue"], "reissue": was["drop"], "drop": nodeCertificate(i, newAuthority, newAuthority)}
			known.Nodes[i] = was[stage]
			if i < arrived {
				known.Nodes[i] = is[stage]
			}
		}
		if arrived < len(known.Nodes) {
			known.Waiting = known.Nodes[arrived].Task + " does not serve it yet"
		} else if stage != "drop" {
			known.Waiting = "somebody has to say that clients are ready"
		}
	}
}

// unwaited is a change that waits for nobody.
func unwaited(known *wire.Certificates) { known.Waiting = "" }

// rotation is the plan with so many nodes done.
func rotation(done int, reason string) canned {
	plan := wire.Plan{Strategy: "serial", Status: wire.StatusComplete, Phases: []wire.Phase{{ID: "p", Name: "certificates", Strategy: "serial", Status: wire.StatusComplete}}}
	for i, name := range []string{"cockroachdb-0:[node-init]", "cockroachdb-1:[node-join]", "cockroachdb-2:[node-join]"} {
		step := wire.Step{ID: name, Name: name, Status: wire.StatusComplete}
		if i >= done {
			step.Status, plan.Status, plan.Phases[0].Status = wire.StatusPending, wire.StatusInProgress, wire.StatusInProgress
		}
		if i == done {
			step.Status, step.Reason = wire.StatusWaiting, reason
		}
		plan.Phases[0].Steps = append(plan.Phases[0].Steps, step)
	}
	return answer(plan)
}

// selfSigned is some certificate in PEM.
func selfSigned(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

const (
	getCertificates = "GET /v1/certificates"
	getRotation     = "GET /v1/plans/rotate-certificates"
	postRotate      = "POST /v1/certificates/rotate"
)

func TestCertificatesInScenes(t *testing.T) {
	ok := canned{200, "application/json", `{"message":"Received cmd: rotate"}`}
	conflict := canned{409, "text/plain", "cockroachdb-1-node-join is down: certificates are not changed now"}
	worried := secured(func(known *wire.Certificates) {
		known.Authorities[0].NotAfter = *at(100 * day)
		known.Nodes[0].NotAfter, known.Nodes[0].Due = at(-3600), at(-30*day)
		known.Nodes[1].NotAfter, known.Nodes[1].Due, known.Nodes[1].State = at(10*day), at(-20*day), "renewing"
		known.Nodes[2] = wire.NodeCertificate{Task: known.Nodes[2].Task, State: "none"}
		known.Clients = []wire.ClientCertificate{
			{User: "maxroach", Serial: "1111111122222222", Issuer: oldAuthority, Issued: *at(-360 * day), NotAfter: *at(5 * day)},
			{User: "old", Serial: "3", Issuer: oldAuthority, Issued: *at(-400 * day), NotAfter: *at(-2 * day)},
			{User: "older", Serial: "4", Issuer: oldAuthority, Issued: *at(-800 * day), NotAfter: *at(-400 * day)},
			{User: "renewed", Serial: "55555555ff", Issuer: oldAuthority, Issued: *at(-1), NotAfter: *at(365 * day)},
			{User: "renewed", Serial: "66666666ff", Issuer: oldAuthority, Issued: *at(-360 * day), NotAfter: *at(5 * day)},
			{User: "orphan", Serial: "7", Issuer: "c3c3c3c3c3c3c3c3", Issued: *at(-1), NotAfter: *at(365 * day)},
		}
	})
	list := func(known wire.Certificates) map[string][]canned {
		return map[string][]canned{getCertificates: {answer(known)}}
	}
	whole := map[string][]canned{
		postRotate: {ok},
		getRotation: {rotation(0, "waits for the node to say that it serves the new certificate"), rotation(1, "waits for its turn"), {}, {502, "text/plain", "Bad Gateway"},
			{503, "text/plain", "the scheduler starts"}, rotation(2, "asks for a new certificate"), rotation(3, "")},
		getCertificates: {answer(secured())},
	}
	trusting := map[string][]canned{
		postRotate:      {ok},
		getRotation:     {rotation(0, "asks for a new certificate"), rotation(3, "")},
		getCertificates: {answer(secured()), answer(secured(changing("trust", 1))), answer(secured(changing("trust", 3)))},
	}
	tests := []struct {
		name string
		scene
		exit int
	}{
		{"list", scene{args: "certs list", answers: list(secured())}, 0},
		{"list_json", scene{args: "certs list --json", answers: list(secured())}, 0},
		{"list_warnings", scene{args: "certs list", answers: list(worried)}, 0},
		{"list_change", scene{args: "certs list", answers: list(secured(changing("trust", 1)))}, 0},
		{"list_change_waits", scene{args: "certs list", answers: list(secured(changing("reissue", 3)))}, 0},
		{"list_drop", scene{args: "certs list", answers: list(secured(changing("drop", 2)))}, 0},
		{"list_pair", scene{args: "certs list", answers: list(secured(func(k *wire.Certificates) {
			k.Source, k.Clients = "pair", nil
			k.Authorities = []wire.Authority{{ID: oldAuthority, Subject: "CN=company", NotAfter: *at(50 * day), Trusted: true}}
		}))}, 0},
		{"list_insecure", scene{args: "certs list", answers: list(wire.Certificates{})}, 0},
		{"list_older", scene{args: "certs list"}, 1},
		{"ca_insecure", scene{args: "certs show-ca", answers: list(wire.Certificates{})}, 1},
		{"ca_none", scene{args: "certs show-ca", answers: list(secured())}, 1},
		{"ca_page", scene{args: "certs show-ca", answers: map[string][]canned{getCertificates: {answer(secured())}, "GET /v1/certificates/ca": {{200, "text/html", "<html>"}}}}, 1},
		{"ca_nothing", scene{args: "certs show-ca", answers: map[string][]canned{getCertificates: {answer(secured())}, "GET /v1/certificates/ca": {{200, "text/plain", "none"}}}}, 1},
		{"rotate", scene{args: "certs rotate", answers: whole}, 0},
		{"rotate_terminal", scene{args: "certs rotate", answers: whole, terminal: 100}, 0},
		{"rotate_json", scene{args: "certs rotate --json", answers: whole}, 0},
		{"rotate_no_wait", scene{args: "certs rotate --no-wait", answers: whole}, 0},
		{"rotate_ctrl_c", scene{args: "certs rotate", answers: whole, ctrlC: 5}, 130},
		{"rotate_insecure", scene{args: "certs rotate", answers: list(wire.Certificates{})}, 1},
		{"rotate_refused", scene{args: "certs rotate", answers: map[string][]canned{getCertificates: {answer(secured())}, postRotate: {conflict}}}, 1},
		{"rotate_already", scene{args: "certs rotate", answers: map[string][]canned{getCertificates: {answer(secured())}, postRotate: {{208, "text/plain", "under way"}},
			getRotation: {rotation(2, "waits"), rotation(3, "")}}}, 0},
		{"rotate_already_no_wait", scene{args: "certs rotate --no-wait", answers: map[string][]canned{getCertificates: {answer(secured())}, postRotate: {{208, "text/plain", "under way"}}}}, 1},
		{"rotate_error", scene{args: "certs rotate", answers: map[string][]canned{getCertificates: {answer(secured())}, postRotate: {ok},
			getRotation: {{417, "application/json", `{"phases":[],"errors":["the passphrase does not open the authority's key"],"strategy":"serial","status":"ERROR"}`}}}}, 1},
		{"rotate_authority", scene{args: "certs rotate --authority --yes", answers: trusting}, 0},
		{"rotate_authority_asks", scene{args: "certs rotate --authority", answers: trusting, terminal: 100, stdin: "authority\n"}, 0},
		{"rotate_authority_declined", scene{args: "certs rotate --authority --unattended", answers: trusting, terminal: 100, stdin: "no\n"}, 1},
		{"rotate_authority_nobody", scene{args: "certs rotate --authority", answers: trusting}, 1},
		{"rotate_unattended", scene{args: "certs rotate --authority --unattended --yes", answers: map[string][]canned{postRotate: {ok},
			getRotation: {rotation(0, "waits"), rotation(3, ""), rotation(3, ""), rotation(3, "")},
			getCertificates: {answer(secured()), answer(secured(changing("trust", 1))), answer(secured(changing("trust", 3), unwaited)), answer(secured(changing("reissue", 2))),
				answer(secured(changing("drop", 3), func(k *wire.Certificates) { k.Change = "" }))}}}, 0},
		{"rotate_proceed", scene{args: "certs rotate --proceed", answers: map[string][]canned{postRotate: {ok}, getRotation: {rotation(1, "waits"), rotation(3, "")},
			getCertificates: {answer(secured(changing("trust", 3))), answer(secured(changing("reissue", 1))), answer(secured(changing("reissue", 3)))}}}, 0},
		{"rotate_drop", scene{args: "certs rotate --proceed", answers: map[string][]canned{postRotate: {ok}, getRotation: {rotation(1, "waits"), rotation(3, ""), rotation(3, "")},
			getCertificates: {answer(secured(changing("reissue", 3))), answer(secured(changing("drop", 1))), answer(secured(changing("drop", 3))),
				answer(secured(changing("drop", 3), func(k *wire.Certificates) { k.Change = "" }))}}}, 0},
		{"rotate_flags", scene{args: "certs rotate --authority --proceed --yes", answers: trusting}, 1},
		{"rotate_flags_all", scene{args: "certs rotate --unattended --proceed", answers: trusting}, 1},
		{"rotate_old", scene{args: "certs rotate", answers: map[string][]canned{getCertificates: {answer(secured())}}}, 1},
		{"none", scene{args: "certs"}, 1},
		// Words that are as well shown for this plan as for others.
		{"plan_status", scene{args: "plan status rotate-certificates", answers: map[string][]canned{getRotation: {rotation(1, "waits for cockroachdb-0-node-init, which is down")}}}, 0},
		{"why", scene{args: "why", answers: map[string][]canned{"GET /v1/debug/why": {answer(wire.Why{Service: "cockroachdb", At: *at(0), Waiting: []wire.Waiting{
			{Kind: wire.WaitsStep, Subject: "cockroachdb-1:[node-join]", Plan: "rotate-certificates", Phase: "certificates", Status: wire.StatusWaiting, Why: "certificate",
				Text: "has a certificate that expires in 3 days, and asked for no other one", Until: *at(3 * day), Remedy: "see its log"},
			{Kind: "certificate", Subject: "authority a1a1a1a1a1a1a1a1", Text: "expires in 100 days", Until: *at(100 * day), Remedy: "change it"},
		}})}}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := play(t, tt.scene)
			if p.exit != tt.exit {
				t.Errorf("exit status %d, want %d", p.exit, tt.exit)
			}
			checkPlayed(t, "certs_"+tt.name, tt.scene, p)
		})
	}
}

func TestTheAuthoritiesAreWritten(t *testing.T) {
	ca := selfSigned(t) + selfSigned(t)
	answers := map[string][]canned{getCertificates: {answer(secured())}, "GET /v1/certificates/ca": {{200, "application/x-pem-file", "words before\n" + ca}}}
	if p := play(t, scene{args: "certs show-ca --json", answers: answers}); p.exit != 0 || p.stdout != ca {
		t.Fatalf("exit %d, %s%s", p.exit, p.stdout, p.stderr)
	}
	path := filepath.Join(t.TempDir(), "ca.crt")
	for _, tt := range []struct {
		args, before, after, says string
		exit                      int
	}{
		{"--out " + path, "", ca, path + " has been written.\n", 0},
		{"--out " + path, "mine", "mine", "is there already", 1},
		{"--force --out " + path, "mine", ca, path + " has been written.\n", 0},
		{"--out " + filepath.Join(path, "x"), "mine", "mine", "cannot be written: not a directory", 1},
		{"--force --out " + filepath.Dir(path), "mine", "mine", "is a folder", 1},
	} {
		os.Remove(path)
		if tt.before != "" {
			if err := os.WriteFile(path, []byte(tt.before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p := play(t, scene{args: "certs show-ca " + tt.args, answers: answers})
		text, _ := os.ReadFile(path)
		if p.exit != tt.exit || string(text) != tt.after || !strings.Contains(p.stdout+p.stderr, tt.says) {
			t.Errorf("%s: exit %d, the file has %q\n%s%s", tt.args, p.exit, text, p.stdout, p.stderr)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
			t.Errorf("%s leaves %v", tt.args, left)
		}
	}
}
