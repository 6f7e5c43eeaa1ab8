package api

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/door"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const good = "the-good-token-of-these-tests"

// guardedOptions are those of a server that speaks TLS and wants tokens.
func guardedOptions(refused *atomic.Int32) Options {
	options := testOptions()
	options.Access = Access{Secure: true, Admits: func(token string) bool { return token == good },
		Refused: func(*http.Request) { refused.Add(1) }}
	return options
}

// TestEveryRouteNeedsWhatItNeeds goes through all routes: with and without TLS, with and without a token.
func TestEveryRouteNeedsWhatItNeeds(t *testing.T) {
	// Written out, so that a new right is a decision of this test too.
	plainly := []string{"GET /v1/artifacts/cockroachdb-node", "GET /v1/health", "POST /v1/certificates/node", "POST /v1/certificates/served",
		"GET /v1/certificates/ca", "GET /v1/endpoints/{name}", "POST /v1/jobs/{id}/report", "POST /v1/cluster"}
	tokenless := append(slices.Clone(plainly), "POST /v1/jobs/{id}/collect")
	for pattern := range rights {
		if !slices.Contains(tokenless, pattern) {
			t.Errorf("%s has a right that this test does not know", pattern)
		}
	}
	var refused atomic.Int32
	handler := Handler(&fakeSource{state: stateOf(testTarget(3), nil, nil), reply: core.Reply{Code: 200}}, guardedOptions(&refused))
	patterns := []string{"GET /nowhere", "DELETE /v1/plans"}
	for _, route := range (handlers{}).routes() {
		if !strings.Contains(route.pattern, "/v1/metrics") && !strings.HasSuffix(route.pattern, "/threads") {
			patterns = append(patterns, route.pattern)
		}
	}
	for _, pattern := range patterns {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{", "", "}", "").Replace(path)
		for _, tt := range []struct {
			tls    bool
			header http.Header
			in     bool
			status int
		}{
			{false, http.Header{}, slices.Contains(plainly, pattern), 403},
			{false, http.Header{"Authorization": {"Bearer " + good}}, slices.Contains(plainly, pattern), 403},
			{true, http.Header{}, slices.Contains(tokenless, pattern), 401},
			{true, http.Header{"Authorization": {"Bearer " + good[1:]}}, slices.Contains(tokenless, pattern), 401},
			{true, http.Header{"Authorization": {"token=" + good}}, slices.Contains(tokenless, pattern), 401},
			{true, http.Header{"Authorization": {"Bearer " + good}}, true, 0},
			{true, http.Header{"Authorization": {"token=eyJ"}, door.Header: {good}}, true, 0},
		} {
			request := httptest.NewRequest(method, path, strings.NewReader(`{}`))
			request.Header = tt.header
			if tt.tls {
				request.TLS = &tls.ConnectionState{}
			}
			recorder := httptest.NewRecorder()
			before := refused.Load()
			handler.ServeHTTP(recorder, request)
			if in := recorder.Code != 401 && recorder.Code != 403; in != tt.in || !in && recorder.Code != tt.status {
				t.Errorf("%s, TLS %v, %v: %d %s", pattern, tt.tls, tt.header, recorder.Code, recorder.Body)
			}
			if counted := refused.Load() != before; counted != (recorder.Code == 401) {
				t.Errorf("%s, TLS %v, %v: counted %v with %d", pattern, tt.tls, tt.header, counted, recorder.Code)
			}
			switch recorder.Code {
			case 401:
				if recorder.Body.String() != "Unauthorized" || recorder.Header().Get("WWW-Authenticate") != "Bearer" {
					t.Errorf("%s: %q, %v", pattern, recorder.Body, recorder.Header())
				}
			case 403:
				if recorder.Body.String() != wire.UseHTTPS || recorder.Header().Get("Location") != "" {
					t.Errorf("%s: %q, %v", pattern, recorder.Body, recorder.Header())
				}
			}
		}
	}
}

// TestNoWayOfWritingAPathOpensARoute: rights hang on the route that answers, however its path is written.
func TestNoWayOfWritingAPathOpensARoute(t *testing.T) {
	var refused atomic.Int32
	handler := Handler(&fakeSource{state: stateOf(testTarget(3), nil, nil)}, guardedOptions(&refused))
	for _, path := range []string{"/v1/artifacts/../plans", "/v1/health/../plans/deploy", "//v1//plans", "/v1/artifacts/%2e%2e/plans", "/v1/health%2f..%2fplans",
		"/v1/plans?/v1/health", "/v1/artifacts/cockroachdb-node/../../plans", "/v1/health;/../plans", "/V1/HEALTH", "/v1/artifacts/"} {
		for _, state := range []*tls.ConnectionState{nil, {}} {
			request := httptest.NewRequest(http.MethodGet, path, nil)
			request.TLS = state
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			if recorder.Code != 401 && recorder.Code != 403 {
				t.Errorf("%s, TLS %v: %d %s", path, state != nil, recorder.Code, recorder.Body)
			}
		}
	}
}

// FuzzRequests: no request without the token gets what needs one, and none makes the API panic.
func FuzzRequests(f *testing.F) {
	var refused atomic.Int32
	handler := Handler(&fakeSource{state: stateOf(testTarget(3), []tasks.Record{nodeRecord(0)}, nil), reply: core.Reply{Code: 200}}, guardedOptions(&refused))
	f.Add("GET", "/v1/plans/deploy", "phase=x", "Bearer "+good, "", "{}", true)
	f.Add("POST", "/v1/plans/deploy/interrupt", "phase=%zz&step", "token=x", good, "", true)
	f.Add("GET", "/v1/artifacts/../plans", "", "", "", "", false)
	f.Add("POST", "/v1/cluster", "", "", "", `{"clusterId":"c1","taskId":"t"}`, true)
	f.Add("PUT", "*", "a=b&a=c", "Bearer", "", "", true)
	f.Fuzz(func(t *testing.T, method, path, query, authorization, own, body string, secure bool) {
		if strings.HasPrefix(path, "/v1/metrics") || strings.Contains(path, "threads") || strings.Contains(query, "wait") {
			return // not of this package, or long
		}
		request := &http.Request{Method: method, URL: &url.URL{Path: path, RawQuery: query}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Authorization": {authorization}}, Body: io.NopCloser(strings.NewReader(body)), Host: "x", RemoteAddr: "10.0.0.1:1"}
		if own != "" {
			request.Header[door.Header] = []string{own}
		}
		if secure {
			request.TLS = &tls.ConnectionState{}
		}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request.WithContext(t.Context()))
		open := recorder.Code != 401 && recorder.Code != 403
		if !open || secure && door.Presented(request.Header) == good {
			return
		}
		cleanPath := cleaned(request).URL.Path
		tokenless := cleanPath == "/v1/health" || strings.HasPrefix(cleanPath, "/v1/artifacts/") ||
			secure && (cleanPath == "/v1/cluster" || strings.HasPrefix(cleanPath, "/v1/jobs/") && (strings.HasSuffix(cleanPath, "/collect") || strings.HasSuffix(cleanPath, "/report")))
		if !tokenless {
			t.Fatalf("%s %q answered %d: %s", method, path, recorder.Code, recorder.Body)
		}
	})
}

// TestBodiesThatDoNotEnd, with sockets: too much and too slow are refused, and the connection ends.
func TestBodiesThatDoNotEnd(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := Server(Handler(&fakeSource{reply: core.Reply{Code: 200, Message: "noted"}}, testOptions()))
	server.ReadTimeout = 500 * time.Millisecond
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	for name, tt := range map[string]struct {
		send   string
		more   string
		status int
	}{
		"a slow body":                {"POST /v1/cluster HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"clusterId\"", "", 408},
		"chunks without an end":      {"POST /v1/cluster HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "400\r\n" + strings.Repeat(" ", 1024) + "\r\n", 413},
		"a length that is no number": {"POST /v1/cluster HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", "", 400},
		"two lengths":                {"POST /v1/cluster HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "", 400},
		"a chunk that is none":       {"POST /v1/cluster HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "", 400},
		"a header of no end":         {"GET /v1/plans HTTP/1.1\r\nHost: x\r\nX-Large: ", strings.Repeat("x", 1024), 431},
		"a line that is no request":  {"\r\n\r\n\r\nHELLO\r\n\r\n", "", 400},
	} {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := io.WriteString(conn, tt.send)
			for n := 0; err == nil && tt.more != "" && n < 1000; n++ {
				_, err = io.WriteString(conn, tt.more)
			}
		}()
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if response.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", name, response.StatusCode, tt.status)
		}
		_ = conn.Close()
	}
}

// TestReportsWaitForTheirTurn: those without a person's token fill the core's queue with so many, and a slow body takes no turn.
func TestReportsWaitForTheirTurn(t *testing.T) {
	at := newTurns(2)
	begun, release := make(chan struct{}, 10), make(chan struct{})
	var most, now atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		body, err := io.ReadAll(r.Body)
		begun <- struct{}{}
		<-release
		fmt.Fprintf(w, "%s %v", body, err)
	})
	ended := make(chan string, 10)
	serve := func(body io.Reader) {
		recorder := httptest.NewRecorder()
		at.serve(handler, recorder, httptest.NewRequest(http.MethodPost, "/", body))
		ended <- recorder.Body.String()
	}
	slow, pipe := io.Pipe()
	go serve(slow)
	for range 4 {
		go serve(strings.NewReader("x"))
	}
	<-begun
	<-begun
	close(release)
	for range 4 {
		if got := <-ended; got != "x <nil>" {
			t.Errorf("got %q", got)
		}
	}
	_ = pipe.CloseWithError(io.ErrUnexpectedEOF)
	if got := <-ended; got != " unexpected EOF" {
		t.Errorf("got %q", got)
	}
	if most.Load() != 2 {
		t.Errorf("%d at once", most.Load())
	}
}
