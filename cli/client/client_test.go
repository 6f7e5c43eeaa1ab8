package client_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

const secret = "hunter2"

// ask sends GET /v1/x to a server with the given handler.
func ask(t *testing.T, handler http.HandlerFunc, o client.Options, also ...int) (client.Answer, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	c, err := client.New(cluster.Target{API: server.URL, Token: cluster.NewToken(secret), Timeout: 5 * time.Second}, o)
	if err != nil {
		t.Fatal(err)
	}
	return c.Get(context.Background(), "/v1/x", also...)
}

func TestStatuses(t *testing.T) {
	tests := []struct {
		status int
		also   []int
		fails  bool
	}{
		{200, nil, false}, {202, nil, false}, {204, nil, false},
		{304, nil, true}, {404, nil, true}, {417, nil, true}, {417, []int{404, 417}, false}, {500, nil, true},
	}
	for _, tt := range tests {
		answer, err := ask(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tt.status) }, client.Options{}, tt.also...)
		status, ok := errors.AsType[*client.StatusError](err)
		if tt.fails != ok || (ok && status.Status != tt.status) || (!ok && answer.Status != tt.status) {
			t.Errorf("%d (also %v): answer %d, error %v", tt.status, tt.also, answer.Status, err)
		}
	}
}

func TestTheTraceShowsAllButTheToken(t *testing.T) {
	var trace bytes.Buffer
	_, err := ask(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		w.Write([]byte("you sent " + r.Header.Get("Authorization")))
	}, client.Options{Trace: &trace, Bodies: true})
	status, ok := errors.AsType[*client.StatusError](err)
	if !ok || status.Body != "you sent token=<token>" {
		t.Errorf("got %#v", err)
	}
	text := trace.String()
	if strings.Contains(text, secret) || !strings.Contains(text, "(with a token)\n< 500 Internal Server Error, 22 bytes") || !strings.Contains(text, "you sent token=<token>") {
		t.Errorf("the trace is\n%s", text)
	}
}

func TestALongFailureIsCut(t *testing.T) {
	_, err := ask(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		w.Write([]byte(strings.Repeat("é", 5000)))
	}, client.Options{})
	status, ok := errors.AsType[*client.StatusError](err)
	if !ok || len(status.Body) > 2100 || !strings.HasSuffix(status.Body, "é … (10000 bytes in all)") {
		t.Errorf("got %d bytes: %.80s", len(status.Body), status.Body)
	}
}

func TestAnAnswerThatBreaksOffIsAReachError(t *testing.T) {
	var trace bytes.Buffer
	_, err := ask(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Write([]byte("short"))
	}, client.Options{Trace: &trace})
	if _, ok := errors.AsType[*client.ReachError](err); !ok {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(trace.String(), "read the answer: unexpected EOF") {
		t.Errorf("the trace is\n%s", trace.String())
	}
}

func TestRedirectsInACircleEnd(t *testing.T) {
	asked := 0
	_, err := ask(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/v1/x", http.StatusFound)
	}, client.Options{})
	if _, ok := errors.AsType[*client.ReachError](err); !ok || asked != 5 {
		t.Errorf("asked %d times, then %v", asked, err)
	}
}

func TestARedirectToPlainHTTPIsNotFollowed(t *testing.T) {
	var leaked []string
	plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		leaked = append(leaked, r.Header.Get("Authorization"))
	}))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/v1/x", http.StatusFound))
	defer secure.Close()
	c, err := client.New(cluster.Target{API: secure.URL, Token: cluster.NewToken(secret), TLS: cluster.TLS{Insecure: true}, Timeout: 5 * time.Second}, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(context.Background(), "/v1/x")
	if redirect, ok := errors.AsType[*client.RedirectError](err); !ok || redirect.To != plain.URL+"/v1/x" || leaked != nil {
		t.Errorf("got %v; sent on: %q", err, leaked)
	}
}

func TestPath(t *testing.T) {
	if got := client.Path("plans", "a b/c?d"); got != "/v1/plans/a%20b%2Fc%3Fd" {
		t.Errorf("got %s", got)
	}
}

func TestAPasswordInTheAddressIsNotShown(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var trace bytes.Buffer
	c, err := client.New(cluster.Target{API: strings.Replace(gone.URL, "://", "://me:hunter2@", 1), Timeout: 5 * time.Second}, client.Options{Trace: &trace})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(context.Background(), "/v1/x")
	if err == nil || strings.Contains(err.Error()+trace.String(), "hunter2") || !strings.Contains(err.Error(), "me:xxxxx@") {
		t.Errorf("error %v, trace %s", err, trace.String())
	}
}
