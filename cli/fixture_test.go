package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli"
)

// secret is the token of the tests; it must never be printed.
const secret = "eyJhbGciOi-secret-token"

// canned is an answer of the fixture's server.
type canned struct {
	status int
	kind   string // Content-Type; Location for a redirect
	body   string
}

// fixture is a cluster: Admin Router with a scheduler behind it, and Cosmos.
type fixture struct {
	*httptest.Server

	mu       sync.Mutex
	answers  map[string]canned // "GET /v1/plans"
	requests []string          // "GET /v1/plans token=…"
	bodies   []string
}

// newFixture answers as SDK schedulers, Admin Router and Cosmos do.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{answers: map[string]canned{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// scheduler adds the answers of a scheduler below a prefix: "" when it is
// addressed directly, "/service/cockroachdb" behind Admin Router.
func (f *fixture) scheduler(t *testing.T, prefix string) *fixture {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for query, a := range schedulerAnswers(t) {
		method, path, _ := strings.Cut(query, " ")
		f.answers[method+" "+prefix+path] = a
	}
	return f
}

// ServeHTTP records the request; what it does not know is answered as Admin
// Router answers for a service it does not know.
func (f *fixture) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.requests = append(f.requests, strings.TrimSpace(r.Method+" "+r.URL.EscapedPath()+" "+r.Header.Get("Authorization")))
	f.bodies = append(f.bodies, string(body))
	a, ok := f.answers[r.Method+" "+r.URL.EscapedPath()]
	f.mu.Unlock()
	if !ok {
		a = canned{http.StatusNotFound, "text/plain", "404 Not Found: service not found."}
	}
	if a.status/100 == 3 { // kind is the place to go to then
		w.Header().Set("Location", a.kind)
	} else if a.kind != "" {
		w.Header().Set("Content-Type", a.kind)
	}
	w.WriteHeader(a.status)
	io.WriteString(w, a.body)
}

func (f *fixture) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "answers", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func schedulerAnswers(t *testing.T) map[string]canned {
	const json, text = "application/json", "text/plain"
	return map[string]canned{
		"GET /v1/plans":                             {200, json, `["deploy","recovery","sidecar"]`},
		"GET /v1/plans/deploy":                      {202, json, file(t, "plan_deploy.json")},
		"GET /v1/plans/recovery":                    {200, json, file(t, "plan_recovery.json")},
		"GET /v1/plans/broken":                      {417, json, file(t, "plan_broken.json")},
		"GET /v1/plans/sdk":                         {202, json, file(t, "plan_sdk.json")},
		"GET /v1/plans/nosuch":                      {404, text, "Plan nosuch not found"},
		"GET /v1/pod":                               {200, json, `["cockroachdb-0","cockroachdb-1","cockroachdb-10","metrics-0"]`},
		"GET /v1/pod/status":                        {200, json, file(t, "pod_status.json")},
		"GET /v1/pod/cockroachdb-0/status":          {200, json, file(t, "pod_0_status.json")},
		"GET /v1/pod/nosuch/status":                 {404, text, "Pod nosuch not found"},
		"GET /v1/pod/nosuch/info":                   {404, text, "Pod nosuch not found"},
		"GET /v1/pod/cockroachdb-0/info":            {200, json, file(t, "pod_0_info.json")},
		"GET /v1/endpoints":                         {200, json, `["http","pg"]`},
		"GET /v1/endpoints/pg":                      {200, json, file(t, "endpoint_pg.json")},
		"GET /v1/endpoints/text":                    {200, text, "first line\nsecond\x1b[31m line\n"},
		"GET /v1/endpoints/nosuch":                  {404, "", ""},
		"GET /v1/configurations":                    {200, json, `["2a6ae6ae-0d26-44a4-8ae2-1e80cb27e0de"]`},
		"GET /v1/configurations/target":             {200, json, `{"name":"cockroachdb","pod-specs":[]}`},
		"GET /v1/configurations/targetId":           {200, json, `["2a6ae6ae-0d26-44a4-8ae2-1e80cb27e0de"]`},
		"GET /v1/configurations/2a6ae6ae":           {200, json, `{"name":"cockroachdb","pod-specs":[]}`},
		"GET /v1/configurations/nosuch":             {404, "", ""},
		"GET /v1/state/frameworkId":                 {200, json, `["9c3c4dd1-3d4d-4e5c-9b0a-0c1f5ee2a1ab-0001"]`},
		"GET /v1/state/properties":                  {200, json, `["initialised","suppressed"]`},
		"GET /v1/state/properties/suppressed":       {200, json, `true`},
		"GET /v1/state/properties/with%20space%2F1": {200, json, `"odd name"`},
		"GET /v1/state/properties/nosuch":           {404, "", ""},
		"PUT /v1/state/refresh":                     {200, json, `{"message":"Received cmd: refresh"}`},
		"GET /v1/version":                           {200, json, `{"scheduler":"1.2.3","database":"v24.1.6"}`},
	}
}

// outcome is what a run of the plug-in left behind.
type outcome struct {
	stdout, stderr string
	exit           int
}

// run executes a command line as dcos would hand it over.
func run(t *testing.T, env map[string]string, args ...string) outcome {
	t.Helper()
	return runArgv(t, env, append([]string{"dcos-cockroachdb", "cockroachdb"}, args...)...)
}

func runArgv(t *testing.T, env map[string]string, argv ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	exit := cli.Run(context.Background(), cli.Process{
		Args: argv, Stdout: &stdout, Stderr: &stderr, Version: "0.9.0",
		Env: func(name string) (string, bool) { value, set := env[name]; return value, set },
	})
	o := outcome{stdout.String(), stderr.String(), exit}
	if strings.Contains(o.stdout+o.stderr, secret) {
		t.Errorf("the token is printed:\n%s%s", o.stdout, o.stderr)
	}
	return o
}

// attachedTo is the environment that dcos gives a plug-in.
func attachedTo(f *fixture) map[string]string {
	return map[string]string{"DCOS_URL": f.URL, "DCOS_ACS_TOKEN": secret}
}
