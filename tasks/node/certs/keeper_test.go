package certs

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// house is a node with its database, scheduler and keeper.
type house struct {
	t         *testing.T
	scheduler *fakeScheduler
	database  *fakeDatabase
	out       *lines
	keeper    *Keeper
	first     *Issued
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, scheduler: newFakeScheduler(t), out: &lines{}}
	place := newPlace(t)
	h.first = h.scheduler.enrolled(h.out)
	if err := place.Install(h.first); err != nil {
		t.Fatal(err)
	}
	h.database = newFakeDatabase(t, place.NodeDir())
	roots := &Roots{}
	roots.Use(h.first)
	h.keeper = &Keeper{Desk: h.scheduler.desk(h.out), Place: place, SQL: h.database.sql, HTTP: h.database.http, Hangup: h.database.hangup, Roots: roots}
	return h
}

func (h *house) run() {
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.keeper.Run(ctx, h.first)
	}()
	h.t.Cleanup(func() { cancel(); <-done })
}

// until waits for a word to the scheduler that satisfies want.
func (h *house) until(what string, want func(wire.Served) bool) wire.Served {
	h.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		said, n := h.scheduler.lastServed()
		if n > 0 && want(said) {
			return said
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("never: %s; last %+v\n%s", what, said, h.out)
		}
		time.Sleep(time.Millisecond)
	}
}

func (h *house) serves(issued *fakeScheduler) func(wire.Served) bool {
	return func(said wire.Served) bool {
		issued.mu.Lock()
		defer issued.mu.Unlock()
		chain, err := Certificates(issued.last.certificate)
		return err == nil && said.Serial == Serial(chain[0]) && slices.Equal(said.Trust, issued.trustIDs()) && said.Problem == ""
	}
}

// https asks the database's HTTP port as the node's own questions do.
func (h *house) https() error {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: h.keeper.Roots.Client(testName), DisableKeepAlives: true}}
	response, err := client.Get("https://" + h.database.http)
	if err == nil {
		response.Body.Close()
	}
	return err
}

func TestKeeperTellsWhatIsServedAndRenews(t *testing.T) {
	h := newHouse(t)
	h.run()
	said := h.until("served", h.serves(h.scheduler))
	if said.Serial != h.first.Serial || h.database.hangups != 0 {
		t.Errorf("said %+v after %d hangups, and %v was installed", said, h.database.hangups, h.first)
	}
	h.scheduler.order(nil)
	said = h.until("another one is served", func(w wire.Served) bool { return w.Serial != h.first.Serial && h.serves(h.scheduler)(w) })
	if err := h.https(); err != nil {
		t.Errorf("after the renewal: %v", err)
	}
	if text := h.out.String(); strings.Count(text, "new connections get the certificate") < 2 || strings.Contains(text, "WARNING") {
		t.Errorf("said:\n%s", text)
	}
	h.scheduler.mu.Lock()
	defer h.scheduler.mu.Unlock()
	if requests := h.scheduler.requests; requests[0] == requests[len(requests)-1] {
		t.Error("renewed with the old key")
	}
}

// TestKeeperTakesAChangeOfAuthorityThroughItsStages has the trust seen in what the SQL port says, not in what was written; the two
// authorities have one name in one of the runs.
func TestKeeperTakesAChangeOfAuthorityThroughItsStages(t *testing.T) {
	for _, name := range []string{"authority 1", "authority 2"} {
		h := newHouse(t)
		h.run()
		h.until("served", h.serves(h.scheduler))
		old, next := h.scheduler.issuer, newAuthority(t, name)
		for _, change := range []func(){
			func() { h.scheduler.trust = []*authority{next, old} },
			func() { h.scheduler.issuer = next },
			func() { h.scheduler.trust = []*authority{next} },
		} {
			h.scheduler.order(change)
			h.scheduler.mu.Lock()
			before := len(h.scheduler.requests)
			h.scheduler.mu.Unlock()
			h.until("the stage is served", func(w wire.Served) bool {
				h.scheduler.mu.Lock()
				asked := len(h.scheduler.requests) > before
				h.scheduler.mu.Unlock()
				return asked && h.serves(h.scheduler)(w)
			})
			if err := h.https(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestKeeperSaysWhatADeafDatabaseServes(t *testing.T) {
	h := newHouse(t)
	h.keeper.Trouble = func() string { return "could not reload certificates: no" }
	h.keeper.Desk.pace.reload = 20 * time.Millisecond
	h.run()
	h.until("served", h.serves(h.scheduler))
	h.database.hear(true)
	added := newAuthority(t, "authority 2")
	h.scheduler.order(func() { h.scheduler.trust = append([]*authority{added}, h.scheduler.trust...) })
	said := h.until("a problem", func(w wire.Served) bool { return w.Problem != "" })
	if said.Serial != h.first.Serial || !slices.Equal(said.Trust, h.first.Trust) {
		t.Errorf("said %+v, and %v is still in force", said, h.first)
	}
	for _, part := range []string{"new SQL connections get the certificate " + h.first.Serial, "could not reload certificates: no"} {
		if !strings.Contains(said.Problem, part) {
			t.Errorf("the problem does not say %q: %s", part, said.Problem)
		}
	}
	h.database.hear(false)
	h.until("served at last", h.serves(h.scheduler)) // SIGHUP is sent again
	if !strings.Contains(h.out.String(), "what was given is in force") {
		t.Errorf("said:\n%s", h.out)
	}
}

func TestKeeperAsksAgainWithTheSameKeyWhenTheAnswerIsLost(t *testing.T) {
	h := newHouse(t)
	h.run()
	h.until("served", h.serves(h.scheduler))
	h.scheduler.order(func() { h.scheduler.statuses = []int{503, 409, 200} }) // away, sign again, signed and lost
	h.until("another one is served", func(w wire.Served) bool { return w.Serial != h.first.Serial && h.serves(h.scheduler)(w) })
	h.scheduler.mu.Lock()
	defer h.scheduler.mu.Unlock()
	if renewals := h.scheduler.requests[1:]; len(renewals) < 4 || renewals[0] != renewals[1] || renewals[0] != renewals[3] {
		t.Errorf("%d tries, not all with one key", len(renewals))
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestKeeperIsQuietWhileTheSchedulerIsAway(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tries := 0
	h.keeper.Desk.Client.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
		if tries++; tries == 10 {
			cancel()
		}
		return nil, errors.New("refused")
	})
	h.keeper.Run(ctx, h.first)
	if n := strings.Count(h.out.String(), "WARNING"); n != 1 || tries < 10 {
		t.Errorf("%d lines after %d tries:\n%s", n, tries, h.out)
	}
}

// TestKeeperSendsNoSignalBeforeTheDatabaseServes: SIGHUP ends a process that does not wait for it yet.
func TestKeeperSendsNoSignalBeforeTheDatabaseServes(t *testing.T) {
	h := newHouse(t)
	h.keeper.SQL = "127.0.0.1:1"
	h.scheduler.order(nil)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	h.keeper.Run(ctx, h.first)
	if _, n := h.scheduler.lastServed(); n != 0 || h.database.hangups != 0 || h.out.String() != "" {
		t.Errorf("%d words, %d hangups, said %q", n, h.database.hangups, h.out)
	}
}

func TestServerThatDoesNotSayWhomItTrusts(t *testing.T) {
	h := newHouse(t)
	h.database.silent = true
	h.run()
	h.until("served", h.serves(h.scheduler))
}

func TestKeeperWritesWhatItCouldNotWriteLater(t *testing.T) {
	h := newHouse(t)
	h.run()
	h.until("served", h.serves(h.scheduler))
	link := h.keeper.Place.NodeDir()
	to, err := os.Readlink(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(link, 0o700); err != nil { // no link can take its place
		t.Fatal(err)
	}
	h.scheduler.order(nil)
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(h.out.String(), "cannot write the new certificates"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("said:\n%s", h.out)
		}
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, link); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	h.until("another one is served", func(w wire.Served) bool { return w.Serial != h.first.Serial && h.serves(h.scheduler)(w) })
}
