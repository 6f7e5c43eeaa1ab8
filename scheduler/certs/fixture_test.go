package certs

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// hush is a passphrase that may show nowhere.
const hush wire.Secret = "hush hush hush hush"

const taskID = "cockroachdb__cockroachdb-1-node-join__1"

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// requestOf is a signing request of a key. It asks for more than anybody gets.
func requestOf(t testing.TB, key crypto.Signer) string {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{"evil.example.org"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// proofOf proves with a key that a task has it.
func proofOf(t testing.TB, purpose string, key crypto.Signer, certificate string, at time.Time, body []byte) wire.Proof {
	t.Helper()
	sum := sha256.Sum256(tasks.ProofText(purpose, taskID, at, body))
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return wire.Proof{Certificate: certificate, Time: at.Unix(), Signature: signature}
}

func first(t testing.TB, text string) *x509.Certificate {
	t.Helper()
	list, problem := readCertificates(text)
	if problem != "" {
		t.Fatalf("the certificate %s", problem)
	}
	return list[0]
}

// fakeCore answers as the core does, as far as the desk can see: it keeps the certificate of a record and the list of clients.
type fakeCore struct {
	state core.State
	asked []core.Asking
	// answer says what becomes of an event, nil or a code of 0 takes it.
	answer func(*fakeCore, core.Asking) core.Reply
}

func (f *fakeCore) Snapshot() core.State { return f.state }

func (f *fakeCore) Ask(_ context.Context, event core.Asking) (core.Reply, error) {
	f.asked = append(f.asked, event)
	if f.answer != nil {
		if reply := f.answer(f, event); reply.Code != 0 {
			return reply, nil
		}
	}
	if signed, ok := event.(core.CertificateSigned); ok {
		f.put(signed.TaskID, func(record *tasks.Record) {
			record.Serving = record.Serves()
			record.Certificate = &signed.Certificate
		})
	}
	return core.Reply{Code: 200, Message: "noted"}, nil
}

func (f *fakeCore) put(id string, change func(*tasks.Record)) {
	records := maps.Clone(f.state.Facts.Records)
	for name, record := range records {
		if record.TaskID == id {
			changed := *record
			change(&changed)
			records[name] = &changed
		}
	}
	f.state.Facts.Records = records
}

// found takes what Begin found into the facts, as the core does.
func (f *fakeCore) found(found *core.AuthorityFound) {
	security := &f.state.Facts.Security
	security.Authorities, security.Issuer, security.Trust, security.Given = found.Authorities, found.Issuer, found.Trust, found.Given
}

// secure is the state of a secure service of three nodes, of which one runs.
func secure() core.State {
	node := func(name string, which tasks.Instances) tasks.TaskSpec {
		return tasks.TaskSpec{Name: name, Goal: tasks.GoalRunning, Instances: which, Database: true,
			Ports: []tasks.PortSpec{{Name: "pg", Port: 26257, VIPName: "pg", VIPPort: 26257}, {Name: "http", Port: 8123, VIPName: "http", VIPPort: 80}}}
	}
	target := tasks.Target{ID: "t1", Service: tasks.Service{Name: "/team/crdb", Discovery: tasks.DiscoverAutoIP, TaskDomain: "autoip.example", VIPDomain: "l4lb.example", Secure: true},
		Pods: []tasks.PodSpec{{Type: tasks.NodePod, Count: 3, Tasks: []tasks.TaskSpec{node("node-init", tasks.FirstInstance), node("node-join", tasks.OtherInstance)}},
			{Type: tasks.AdminPod, Count: 1, Tasks: []tasks.TaskSpec{{Name: "backup", Goal: tasks.GoalOnce, Instances: tasks.EveryInstance}}}}}
	record := &tasks.Record{Pod: tasks.Pod{Type: tasks.NodePod, Index: 1}, Spec: "node-join", Task: "cockroachdb-1-node-join", TaskID: taskID, TargetID: "t1",
		Agent: tasks.Agent{Hostname: "a1.example", IP: "10.0.0.7"}, Status: tasks.Status{State: tasks.Running, IPs: []string{"10.0.0.7", "fd00::7"}}, Enrolment: &tasks.Enrolment{Token: "token"}}
	job := &tasks.Record{Pod: tasks.AdminInstance, Spec: "backup", Task: "admin-0-backup", TaskID: "job-task", TargetID: "t1"}
	return core.State{Now: noon, Facts: core.Facts{TargetID: "t1", Targets: map[string]tasks.Target{"t1": target},
		Records: map[string]*tasks.Record{record.Task: record, job.Task: job}}}
}

// deskOf is a desk that made its authority.
func deskOf(t testing.TB) (*Desk, *fakeCore) {
	t.Helper()
	fake := &fakeCore{state: secure()}
	desk := &Desk{Core: fake, Now: func() time.Time { return noon }, Settings: Settings{Enabled: true, Service: "/team/crdb", Passphrase: hush,
		AuthorityLifetime: 87600 * time.Hour, NodeLifetime: 2160 * time.Hour, ClientLifetime: 8760 * time.Hour}}
	found, err := desk.Begin(fake.state.Facts)
	if err != nil || found == nil {
		t.Fatal(found, err)
	}
	fake.found(found)
	return desk, fake
}

// rsaKey is small enough to be made often.
func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
