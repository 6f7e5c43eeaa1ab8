package certs

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	testTask  = "crdb__cockroachdb-0-node-init__1"
	testToken = "one-time-token"
)

// issue is a certificate, its key, and the request that it answers.
type issue struct {
	certificate, request string
	key                  crypto.PublicKey
}

// fakeScheduler signs as the scheduler does: with the token once for one key, and later for whoever has the key of the last certificate.
type fakeScheduler struct {
	t   *testing.T
	url string

	mu     sync.Mutex
	issuer *authority
	trust  []*authority
	// statuses are answered first, one a request to the node path; 200 signs, and loses the answer.
	statuses []int
	renew    bool     // until something is signed
	token    string   // the request that came with the token first
	last     issue    // what was given out last
	before   issue    // what was given out before that; its key proves a request that was answered already
	requests []string // signing requests in their order
	served   []wire.Served
}

func newFakeScheduler(t *testing.T) *fakeScheduler {
	s := &fakeScheduler{t: t, issuer: newAuthority(t, "authority 1")}
	s.trust = []*authority{s.issuer}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/certificates/node", s.node)
	mux.HandleFunc("POST /v1/certificates/served", s.takeServed)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *fakeScheduler) desk(out *lines) Desk {
	return Desk{Client: &http.Client{Timeout: 5 * time.Second}, URL: s.url, TaskID: testTask, Name: testName, Say: out.say, Now: time.Now,
		pace: pace{first: time.Millisecond, longest: 4 * time.Millisecond, every: 5 * time.Millisecond, again: time.Millisecond, reload: 2 * time.Second, poll: 2 * time.Millisecond}}
}

func (s *fakeScheduler) node(w http.ResponseWriter, r *http.Request) {
	var asked wire.NodeRequest
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.TaskID != testTask {
		s.t.Errorf("a request that the scheduler does not know: %v, %+v", err, asked)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, asked.Request)
	lost := false
	if len(s.statuses) > 0 {
		status := s.statuses[0]
		s.statuses = s.statuses[1:]
		if lost = status == 200; !lost {
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"message": "said %d"}`, status)
			return
		}
	}
	switch {
	case asked.Proof != nil:
		known := s.last
		if asked.Request == s.last.request {
			known = s.before
		}
		if err := known.check(tasks.ProveRenewal, *asked.Proof, tasks.RenewalBody(asked.Request, asked.Client)); err != nil {
			w.WriteHeader(403)
			fmt.Fprint(w, err)
			return
		}
	case asked.Token != testToken:
		w.WriteHeader(403)
		return
	case s.token != "" && s.token != asked.Request:
		w.WriteHeader(410)
		return
	default:
		s.token = asked.Request
	}
	public := publicOf(s.t, asked.Request)
	s.renew = false
	node := s.issuer.leaf(nodeUser, public)
	if asked.Request != s.last.request {
		s.before = s.last
	}
	s.last = issue{node, asked.Request, public}
	if lost {
		w.WriteHeader(502)
		return
	}
	chain, err := Certificates(node)
	if err != nil {
		s.t.Error(err)
	}
	answer := map[string]any{"certificate": node, "client": s.issuer.leaf(rootUser, publicOf(s.t, asked.Client)), "ca": s.bundle(), "serial": Serial(chain[0]), "trust": s.trustIDs()}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *fakeScheduler) bundle() string {
	var b strings.Builder
	for _, a := range s.trust {
		b.WriteString(a.pem)
	}
	return b.String()
}

func (s *fakeScheduler) trustIDs() (ids []string) {
	for _, a := range s.trust {
		ids = append(ids, a.id)
	}
	return ids
}

// check holds a proof against a certificate.
func (i issue) check(purpose string, proof wire.Proof, body []byte) error {
	if proof.Certificate != i.certificate {
		return fmt.Errorf("proof with another certificate")
	}
	sum := sha256.Sum256(tasks.ProofText(purpose, testTask, time.Unix(proof.Time, 0), body))
	if !ecdsa.VerifyASN1(i.key.(*ecdsa.PublicKey), sum[:], proof.Signature) {
		return fmt.Errorf("the signature is not of that key")
	}
	return nil
}

func (s *fakeScheduler) takeServed(w http.ResponseWriter, r *http.Request) {
	var said wire.Served
	if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.last.check(tasks.ProveServed, said.Proof, tasks.ServedBody(said.Serial, said.Trust, said.Problem)); err != nil {
		w.WriteHeader(409)
		fmt.Fprint(w, err)
		return
	}
	s.served = append(s.served, said)
	_ = json.NewEncoder(w).Encode(wire.ServedAnswer{Renew: s.renew, Again: 0})
}

// order has the next word answered with: renew.
func (s *fakeScheduler) order(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if change != nil {
		change()
	}
	s.renew = true
}

func (s *fakeScheduler) lastServed() (wire.Served, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.served) == 0 {
		return wire.Served{}, 0
	}
	return s.served[len(s.served)-1], len(s.served)
}

// lines are what is said.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, fmt.Sprintf(format, args...))
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.text, "\n")
}

// enrolled is a node's certificates of this scheduler.
func (s *fakeScheduler) enrolled(out *lines) *Issued {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	issued, err := s.desk(out).Enrol(ctx, testToken)
	if err != nil {
		s.t.Fatal(err)
	}
	return issued
}
