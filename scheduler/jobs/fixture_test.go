package jobs

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/secrets"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

var (
	old    = cockroach.Version{Major: 20, Minor: 1, Patch: 17}
	modern = cockroach.Version{Major: 24, Minor: 1, Patch: 6}
)

// hushKeys are keys of which nothing may show; each part of them has hush in it.
var hushKeys = wire.Keys{AccessKeyID: "AKIAhush", SecretAccessKey: "hush/Secret+Key", SessionToken: "hushToken=="}

func request(change func(*wire.JobRequest)) wire.JobRequest {
	r := wire.JobRequest{Kind: "backup", Database: "bank", Store: wire.Store{Bucket: "my-bucket", Keys: hushKeys}}
	if change != nil {
		change(&r)
	}
	return r
}

// fakeCore takes jobs on as the core does, as far as the desk can see.
type fakeCore struct {
	lock  sync.Mutex
	state core.State
	// answer says what becomes of an event; nil is 200 for everything, and an order's job is kept.
	answer func(core.Asking) (core.Reply, error)
	asked  []core.Asking
	told   []core.Event
}

func (f *fakeCore) Snapshot() core.State {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.state
}

func (f *fakeCore) Ask(_ context.Context, event core.Asking) (core.Reply, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.asked = append(f.asked, event)
	if f.answer != nil {
		return f.answer(event)
	}
	return f.accept(event), nil
}

func (f *fakeCore) accept(event core.Asking) core.Reply {
	reply := core.Reply{Code: 200, Message: "noted"}
	switch e := event.(type) {
	case core.JobOrder:
		reply.Job = e.Job
		reply.Job.State = tasks.JobQueued
		jobs := map[string]tasks.Job{e.Job.ID: reply.Job}
		for id, job := range f.state.Facts.Jobs {
			jobs[id] = job
		}
		f.state.Facts.Jobs = jobs
		if e.Job.By == tasks.BySchedule {
			last := map[string]time.Time{e.Job.Params.Database: e.Job.Due}
			for database, at := range f.state.Facts.Schedule.Last {
				if database != e.Job.Params.Database {
					last[database] = at
				}
			}
			f.state.Facts.Schedule.Last = last
		}
	case core.JobCollect:
		reply.Job = f.state.Facts.Jobs[e.Ticket.ID]
	}
	return reply
}

func (f *fakeCore) Tell(_ context.Context, event core.Event) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.told = append(f.told, event)
}

// end makes every job one that ended.
func (f *fakeCore) end() {
	f.lock.Lock()
	defer f.lock.Unlock()
	jobs := map[string]tasks.Job{}
	for id, job := range f.state.Facts.Jobs {
		job.State = tasks.JobSucceeded
		jobs[id] = job
	}
	f.state.Facts.Jobs = jobs
}

func testDesk(f *fakeCore) *Desk {
	number := 0
	return &Desk{Core: f, Keys: secrets.New(time.Now), Version: modern, Now: func() time.Time { return noon },
		NewID: func() string { number++; return fmt.Sprintf("job-%d", number) }}
}

// certificate is a CA of a private store, the same each time.
func certificate(t *testing.T) string {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: noon, NotAfter: noon.AddDate(10, 0, 0)}
	made, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made}))
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference. Got:\n%s", file, got)
	}
}
