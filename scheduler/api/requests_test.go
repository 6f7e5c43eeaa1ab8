package api

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

func serve(t *testing.T, source *fakeSource, options Options) string {
	t.Helper()
	return serveHandler(t, Handler(source, options))
}

func serveHandler(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestRefusals(t *testing.T) {
	at := serve(t, &fakeSource{}, testOptions())
	for _, tt := range []struct {
		method, path string
		status       int
		says         string
		allow        string
	}{
		{"GET", "/", 404, "Path / not found; the API begins with /v1/plans", ""},
		{"GET", "/v1", 404, "Path /v1 not found", ""},
		{"GET", "/v1/nosuch/<b>", 404, "Path /v1/nosuch/<b> not found", ""},
		{"GET", "/v2/debug/plans", 404, "not found", ""},
		{"GET", "/v1/artifacts/other", 404, "not found", ""},
		{"GET", "/v1/pod/../../etc/passwd", 404, "Path /etc/passwd not found", ""},
		{"POST", "/v1/plans", 405, "POST is not allowed on /v1/plans, only GET, HEAD", "GET, HEAD"},
		{"DELETE", "/v1/plans/deploy", 405, "DELETE is not allowed on /v1/plans/deploy", "GET, HEAD"},
		{"GET", "/v1/cluster", 405, "GET is not allowed on /v1/cluster, only POST", "POST"},
		{"GET", "/v1/state/refresh", 405, "only PUT", "PUT"},
		{"GET", "/v1/plans/deploy/restart", 405, "GET is not allowed on /v1/plans/deploy/restart, only POST", "POST"},
		{"PUT", "/v1/plans/deploy/stop", 405, "only POST", "POST"},
		{"GET", "/v1/plan/forceComplete", 405, "only POST", "POST"},
		{"POST", "/v1/plan/start", 404, "not found", ""},
		{"GET", "/v1/pod/cockroachdb-0/replace", 405, "only POST", "POST"},
		{"DELETE", "/v1/pod/cockroachdb-0/resume", 405, "only POST", "POST"},
		{"GET", "/v1/diff", 405, "only POST", "POST"},
		{"POST", "/v1/debug/why", 405, "only GET, HEAD", "GET, HEAD"},
		{"POST", "/v1/events", 405, "only GET, HEAD", "GET, HEAD"},
		{"PUT", "/v1/state/refresh", 409, "no state cache to refresh", ""},
		{"GET", "/v1/configurations/targetid", 400, "Not a configuration id (a UUID): targetid", ""},
	} {
		got := do(t, tt.method, at+tt.path, "")
		if got.status != tt.status || !strings.Contains(got.body, tt.says) || got.kind != "text/plain; charset=utf-8" ||
			got.header.Get("Allow") != tt.allow || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: %v, Allow %q", tt.method, tt.path, got, got.header.Get("Allow"))
		}
	}
}

// Clients join paths by hand; a slash too many is no other path, and never a redirect.
func TestSlashesTooManyDoNotMatter(t *testing.T) {
	at := serve(t, &fakeSource{state: stateOf(testTarget(3), nil, nil)}, testOptions())
	for _, path := range []string{"/v1/plans/deploy", "/v1/plans/deploy/", "//v1/plans/deploy", "/v1//plans/./deploy"} {
		if got := do(t, http.MethodGet, at+path, ""); got.status != 202 || got.kind != "application/json" {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestHeadAnswersLikeGetWithoutABody(t *testing.T) {
	at := serve(t, &fakeSource{state: stateOf(testTarget(3), nil, nil)}, testOptions())
	get, head := do(t, http.MethodGet, at+"/v1/plans/deploy", ""), do(t, http.MethodHead, at+"/v1/plans/deploy", "")
	if head.status != get.status || head.kind != get.kind || head.body != "" {
		t.Errorf("%v", head)
	}
}

func TestClusterReports(t *testing.T) {
	noted := core.Reply{Code: 200, Message: "noted"}
	for _, tt := range []struct {
		name   string
		body   string
		reply  core.Reply
		err    error
		status int
		says   string
		asked  []core.Asking
	}{
		{"noted", `{"clusterId":"c1","taskId":"t1","later":1}` + "\n", noted, nil, 200, "{\n  \"message\": \"noted\"\n}", []core.Asking{core.ClusterReport{TaskID: "t1", ClusterID: "c1"}}},
		{"dead nodes", `{"clusterId":"c1","taskId":"t1","deadNodes":[1,4]}`, noted, nil, 200, "noted", []core.Asking{core.ClusterReport{TaskID: "t1", ClusterID: "c1", DeadNodes: []int{1, 4}}}},
		{"dead nodes by name", `{"clusterId":"c1","taskId":"t1","deadNodes":["n1"]}`, noted, nil, 400, "deadNodes", nil},
		{"another cluster", `{"clusterId":"c2","taskId":"t1"}`, core.Reply{Code: 409, Message: "this service's cluster is c1"}, nil, 409, "cluster is c1", []core.Asking{core.ClusterReport{TaskID: "t1", ClusterID: "c2"}}},
		{"no such task", `{"clusterId":"c2","taskId":"t9"}`, core.Reply{Code: 404, Message: "no"}, nil, 404, "no", []core.Asking{core.ClusterReport{TaskID: "t9", ClusterID: "c2"}}},
		{"no answer in time", `{"clusterId":"c2","taskId":"t9"}`, core.Reply{}, errors.New("wait for the answer: too late"), 503, "too late", []core.Asking{core.ClusterReport{TaskID: "t9", ClusterID: "c2"}}},
		{"a cluster that is no id", `{"clusterId":"c 1","taskId":"t1"}`, noted, nil, 400, "letters, digits and hyphens", nil},
		{"a long cluster", `{"clusterId":"` + strings.Repeat("c", 65) + `","taskId":"t1"}`, noted, nil, 400, "64 at most", nil},
		{"a node that none has", `{"clusterId":"c1","taskId":"t1","deadNodes":[0]}`, noted, nil, 400, "from 1 on", nil},
		{"many dead nodes", `{"clusterId":"c1","taskId":"t1","deadNodes":[1` + strings.Repeat(",1", 1000) + `]}`, noted, nil, 400, "1000 at most", nil},
		{"empty", "", noted, nil, 400, "Couldn't parse the report: the body is empty; send", nil},
		{"cut off", `{"clusterId":"c1"`, noted, nil, 400, "unexpected EOF", nil},
		{"a list", `["c1"]`, noted, nil, 400, "Couldn't parse the report", nil},
		{"a number for a text", `{"clusterId":1}`, noted, nil, 400, "clusterId", nil},
		{"two objects", `{"clusterId":"c1"}{}`, noted, nil, 400, "something behind the JSON", nil},
		{"too large inside", `{"clusterId":"` + strings.Repeat("c", maxBody) + `"}`, noted, nil, 413, "larger than 65536 bytes", nil},
		{"too large behind", `{"clusterId":"c1"}` + strings.Repeat(" ", maxBody), noted, nil, 413, "larger than 65536 bytes", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source := &fakeSource{reply: tt.reply, err: tt.err}
			got := do(t, http.MethodPost, serve(t, source, testOptions())+"/v1/cluster", tt.body)
			if got.status != tt.status || !strings.Contains(got.body, tt.says) || !reflect.DeepEqual(source.asked, tt.asked) {
				t.Errorf("%v; asked %v", got, source.asked)
			}
		})
	}
}

func TestTheHelperIsServedWithLengthHeadAndRanges(t *testing.T) {
	const content = "#!not a real helper"
	file := t.TempDir() + "/cockroachdb-scheduler"
	if err := os.WriteFile(file, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
	options := testOptions()
	options.Helper = file
	at := serve(t, &fakeSource{}, options) + "/v1/artifacts/cockroachdb-node"

	whole := do(t, http.MethodGet, at, "")
	if whole.status != 200 || whole.body != content || whole.kind != "application/octet-stream" || whole.header.Get("Content-Length") != "19" ||
		whole.header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("%v %v", whole, whole.header)
	}
	if head := do(t, http.MethodHead, at, ""); head.status != 200 || head.body != "" || head.header.Get("Content-Length") != "19" {
		t.Errorf("%v %v", head, head.header)
	}
	request, err := http.NewRequest(http.MethodGet, at, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Range", "bytes=2-4")
	recorder := httptest.NewRecorder()
	Handler(&fakeSource{}, options).ServeHTTP(recorder, request)
	if recorder.Code != 206 || recorder.Body.String() != "not" || recorder.Header().Get("Content-Range") != "bytes 2-4/19" {
		t.Errorf("%d %q %v", recorder.Code, recorder.Body, recorder.Header())
	}
	options.Helper = file + ".gone"
	if gone := do(t, http.MethodGet, serve(t, &fakeSource{}, options)+"/v1/artifacts/cockroachdb-node", ""); gone.status != 500 ||
		!strings.Contains(gone.body, "Couldn't open the helper") {
		t.Errorf("%v", gone)
	}
}

// What bounds a request is set, and a client that never ends its headers is cut off.
func TestSlowAndLargeHeadersEndTheConnection(t *testing.T) {
	server := Server(Handler(&fakeSource{}, testOptions()))
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes <= 0 {
		t.Errorf("a limit is missing: %+v", server)
	}
	server.ReadHeaderTimeout = time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	defer server.Close()
	slow, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if _, err := slow.Write([]byte("GET /v1/plans HTTP/1.1\r\nHost: x\r\nX-")); err != nil {
		t.Fatal(err)
	}
	if err := slow.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for buffer := make([]byte, 512); ; {
		_, err := slow.Read(buffer)
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Fatal("the connection was left open")
		}
		if err != nil {
			break
		}
	}
	large := httptest.NewUnstartedServer(nil)
	large.Config = Server(Handler(&fakeSource{}, testOptions()))
	large.Start()
	defer large.Close()
	request, err := http.NewRequest(http.MethodGet, large.URL+"/v1/plans", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Large", strings.Repeat("x", 2*maxHeader))
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", response.StatusCode)
	}
}
