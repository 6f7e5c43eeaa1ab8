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
	f.requests = append(f.requests, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization")))
	f.bodies = append(f.bodies, string(body))
	a, ok := f.answers[r.Method+" "+r.URL.RequestURI()]
	if !ok {
		a, ok = f.answers[r.Method+" "+r.URL.EscapedPath()] // whatever the query
	}
	f.mu.Unlock()
	if !ok {
		a = canned{http.StatusNotFound, "text/plain", "404 Not Found: service not found."}
	}
	w.Header().Set("Date", "Sun, 22 Nov 2026 12:00:00 GMT")
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
		"GET /v1/plans":                                           {200, json, `["deploy","recovery","sidecar"]`},
		"GET /v1/plans/deploy":                                    {202, json, file(t, "plan_deploy.json")},
		"GET /v1/plans/recovery":                                  {200, json, file(t, "plan_recovery.json")},
		"GET /v1/plans/broken":                                    {417, json, file(t, "plan_broken.json")},
		"GET /v1/plans/sdk":                                       {202, json, file(t, "plan_sdk.json")},
		"GET /v1/plans/nosuch":                                    {404, text, "Plan nosuch not found"},
		"GET /v1/pod":                                             {200, json, `["cockroachdb-0","cockroachdb-1","cockroachdb-10","metrics-0"]`},
		"GET /v1/pod/status":                                      {200, json, file(t, "pod_status.json")},
		"GET /v1/pod/cockroachdb-0/status":                        {200, json, file(t, "pod_0_status.json")},
		"GET /v1/pod/nosuch/status":                               {404, text, "Pod nosuch not found"},
		"GET /v1/pod/nosuch/info":                                 {404, text, "Pod nosuch not found"},
		"GET /v1/pod/cockroachdb-0/info":                          {200, json, file(t, "pod_0_info.json")},
		"GET /v1/endpoints":                                       {200, json, `["http","pg"]`},
		"GET /v1/endpoints/pg":                                    {200, json, file(t, "endpoint_pg.json")},
		"GET /v1/endpoints/text":                                  {200, text, "first line\nsecond\x1b[31m line\n"},
		"GET /v1/endpoints/nosuch":                                {404, "", ""},
		"GET /v1/configurations":                                  {200, json, `["2a6ae6ae-0d26-44a4-8ae2-1e80cb27e0de"]`},
		"GET /v1/configurations/target":                           {200, json, `{"name":"cockroachdb","pod-specs":[]}`},
		"GET /v1/configurations/targetId":                         {200, json, `["2a6ae6ae-0d26-44a4-8ae2-1e80cb27e0de"]`},
		"GET /v1/configurations/2a6ae6ae":                         {200, json, `{"name":"cockroachdb","pod-specs":[]}`},
		"GET /v1/configurations/nosuch":                           {404, "", ""},
		"GET /v1/state/frameworkId":                               {200, json, `["9c3c4dd1-3d4d-4e5c-9b0a-0c1f5ee2a1ab-0001"]`},
		"GET /v1/state/properties":                                {200, json, `["initialised","suppressed"]`},
		"GET /v1/state/properties/suppressed":                     {200, json, `true`},
		"GET /v1/state/properties/with%20space%2F1":               {200, json, `"odd name"`},
		"GET /v1/state/properties/nosuch":                         {404, "", ""},
		"PUT /v1/state/refresh":                                   {200, json, `{"message":"Received cmd: refresh"}`},
		"GET /v1/version":                                         {200, json, `{"scheduler":"1.2.3","database":"v24.1.6"}`},
		"POST /v1/plans/deploy/start":                             {200, json, `{"message":"Received cmd: start deploy with parameters: {A=b}"}`},
		"POST /v1/plans/deploy/stop":                              {200, json, `{"message":"Received cmd: stop"}`},
		"POST /v1/plans/deploy/interrupt":                         {200, json, `{"message":"Received cmd: interrupt"}`},
		"POST /v1/plans/deploy/continue":                          {200, json, `{"message":"Received cmd: continue"}`},
		"POST /v1/plans/deploy/restart":                           {200, json, `{"message":"Received cmd: restart for Plan: deploy, Phase: null, Step: null"}`},
		"POST /v1/plans/deploy/forceComplete":                     {200, json, `{"message":"Received cmd: forceComplete for Plan: deploy, Phase: node-deploy, Step: x"}`},
		"POST /v1/plans/recovery/interrupt":                       {208, text, "Command has already been reported or completed"},
		"POST /v1/plans/broken/continue":                          {200, json, `{}`},
		"POST /v1/plans/nosuch/interrupt":                         {404, text, "Plan nosuch not found"},
		"POST /v1/plans/nosuch/start":                             {404, text, "Plan nosuch not found"},
		"POST /v1/plans/nosuch/restart":                           {404, text, "Element not found"},
		"POST /v1/plans/deploy/interrupt?phase=no":                {404, text, "Phase no not found"},
		"POST /v1/plans/deploy/restart?phase=node-deploy&step=no": {404, text, "Step no not found"},
		"POST /v1/plans/recovery/start":                           {400, text, "Couldn't parse parameters: \"1A\": a name has letters, digits and _ only, and begins with no digit"},
		"POST /v1/pod/cockroachdb-0/restart":                      {200, json, `{"pod":"cockroachdb-0","tasks":["cockroachdb-0-node-init"]}`},
		"POST /v1/pod/cockroachdb-1/restart":                      {200, json, `{"pod":"cockroachdb-1","tasks":["cockroachdb-1-node-join"],"message":"noted, held back: cockroachdb-0-node-init is down\u001b[31m"}`},
		"POST /v1/pod/cockroachdb-1/replace":                      {200, json, `{"pod":"cockroachdb-1","tasks":["cockroachdb-1-node-join"],"message":"noted, held back: cockroachdb-0-node-init is down"}`},
		"POST /v1/pod/cockroachdb-2/replace":                      {200, json, `{"pod":"cockroachdb-2","tasks":["cockroachdb-2-node-join"]}`},
		"POST /v1/pod/cockroachdb-0/pause":                        {200, json, `{"pod":"cockroachdb-0","tasks":["cockroachdb-0-node-init"]}`},
		"POST /v1/pod/cockroachdb-0/resume":                       {200, json, `{"pod":"cockroachdb-0","tasks":["cockroachdb-0-node-init"],"message":"noted, held back: cockroachdb-1-node-join is down"}`},
		"POST /v1/pod/nosuch/restart":                             {404, text, "Pod nosuch not found"},
		"POST /v1/pod/nosuch/pause":                               {404, text, "Pod nosuch not found"},
		"POST /v1/pod/cockroachdb-0/replace":                      {409, text, "cockroachdb-0 may have initialised the cluster on the volume that would go"},
		"GET /v1/debug/why":                                       {200, json, file(t, "why.json")},
		"GET /v1/events":                                          {200, json, file(t, "events.json")},
		"POST /v1/diff":                                           {200, json, file(t, "diff.json")},
		"GET /v1/debug/offers":                                    {200, json, file(t, "debug_offers.json")},
		"GET /v1/debug/plans":                                     {200, json, file(t, "debug_plans.json")},
		"GET /v1/debug/plans?plan=nosuch":                         {200, json, `{"invalid-input": "plan nosuch not found"}`},
		"GET /v1/debug/taskStatuses":                              {200, json, file(t, "debug_task_statuses.json")},
		"GET /v1/debug/reservations":                              {200, json, `{"b.test":["0d7c","9b21"],"a.test":["77aa"]}`},
		"GET /v1/debug/reservations?details=true":                 {200, json, file(t, "debug_reservations.json")},
	}
}

// optionsOnStdin is what the plug-in reads when it is told to read standard input.
const optionsOnStdin = `{"node": {"mem": 4000, "cpus": 0.5, "count": 5000000}, "service": {"virtual_network": true, "service_account_secret": "s"}, "NODE_KILL_GRACE": "5m"}`

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
		Args: argv, Stdin: strings.NewReader(optionsOnStdin), Stdout: &stdout, Stderr: &stderr, Version: "0.9.0",
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
