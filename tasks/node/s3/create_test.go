package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slowStore is a store that is long about the creation of an upload, and whom it does not matter whether anybody still listens.
type slowStore struct {
	answer chan int // the status of the next creation; 200 makes an upload

	mu      sync.Mutex
	tries   int // creations asked for
	uploads map[string]bool
}

func (s *slowStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	status := http.StatusOK
	if r.Method == http.MethodPost && query.Has("uploads") {
		s.mu.Lock()
		s.tries++
		s.mu.Unlock()
		var answers bool
		if status, answers = <-s.answer; !answers {
			panic(http.ErrAbortHandler)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case status != http.StatusOK:
		w.WriteHeader(status)
	case r.Method == http.MethodPost && query.Has("uploads"):
		id := fmt.Sprint("upload-", s.tries)
		s.uploads[id] = true
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>", id)
	case r.Method == http.MethodGet && query.Has("uploads"):
		_, _ = io.WriteString(w, "<ListMultipartUploadsResult>")
		for _, id := range slices.Sorted(maps.Keys(s.uploads)) {
			fmt.Fprintf(w, "<Upload><Key>k</Key><UploadId>%s</UploadId></Upload>", id)
		}
		_, _ = io.WriteString(w, "</ListMultipartUploadsResult>")
	case r.Method == http.MethodDelete:
		delete(s.uploads, query.Get("uploadId"))
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotImplemented)
	}
}

// pipes is a network inside this process, so that its waits are waits of the bubble.
type pipes struct{ conns chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p.conns; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

// overPipes gives a client of the store, until the test ends.
func (s *slowStore) overPipes(t *testing.T) *Client {
	t.Helper()
	tuned := brisk
	tuned.first, tuned.most, tuned.stall = 10*time.Second, 10*time.Second, time.Hour
	c, err := newClient(Options{Region: "us-west-1", Endpoint: "http://store", Keys: Keys{"a", "b", ""}}, tuned)
	if err != nil {
		t.Fatal(err)
	}
	network := pipes{make(chan net.Conn)}
	wire := c.api.Config.HTTPClient.Transport.(*http.Transport)
	wire.Proxy, wire.DialContext = nil, network.dial
	server := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(network) }() // ends with the network
	t.Cleanup(func() {
		wire.CloseIdleConnections()
		close(network.conns)
		_ = server.Close()
	})
	return c
}

// TestAnAbortThatOvertakesTheCreation: the store makes the upload after everybody has gone, and nothing may stay.
func TestAnAbortThatOvertakesTheCreation(t *testing.T) {
	for name, test := range map[string]struct {
		before, after []int         // the store's answers before and after the abort
		within        time.Duration // of the abort; the store needs a second for an answer
	}{
		"the upload is made after all":           {nil, []int{http.StatusOK}, time.Second},
		"the creation is refused":                {nil, []int{http.StatusForbidden}, time.Second},
		"the creation fails, and would be again": {nil, []int{http.StatusInternalServerError}, time.Second},
		"it comes between two tries":             {[]int{http.StatusInternalServerError}, nil, 0},
		"the second try is made after all":       {[]int{http.StatusInternalServerError, 0}, []int{http.StatusOK}, time.Second},
		"the store never answers":                {nil, nil, brisk.abort / 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &slowStore{answer: make(chan int), uploads: map[string]bool{}}
				u, err := s.overPipes(t).Upload(t.Context(), "bucket", "k", nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() {
					_, err := u.Write(make([]byte, 6*mib))
					ended <- err
				}()
				synctest.Wait()
				for _, status := range test.before {
					if status == 0 {
						time.Sleep(brisk.abort) // the next try is under way
						continue
					}
					s.answer <- status
				}
				synctest.Wait()
				tries, start := s.tries, time.Now()
				aborted := make(chan error, 1)
				go func() { aborted <- u.Abort() }()
				synctest.Wait()
				select {
				case err := <-ended:
					if !errors.Is(err, errAborted) {
						t.Errorf("Write: %v", err)
					}
				default:
					t.Error("Write waits for the store")
				}
				for _, status := range test.after {
					time.Sleep(time.Second)
					s.answer <- status
				}
				if err := <-aborted; err != nil {
					t.Errorf("Abort: %v", err)
				}
				if took := time.Since(start); took != test.within {
					t.Errorf("Abort took %s, want %s", took, test.within)
				}
				synctest.Wait() // the store is done too
				if s.tries != tries || len(s.uploads) != 0 {
					t.Errorf("%d more creations; left: %v", s.tries-tries, s.uploads)
				}
				close(s.answer) // a store that never answered ends with the test
			})
		})
	}
}
