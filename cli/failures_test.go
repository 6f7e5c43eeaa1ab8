package cli_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFailuresSayWhatToDo runs commands against clusters and schedulers that
// fail; what users then read is in the golden files.
func TestFailuresSayWhatToDo(t *testing.T) {
	const html = "text/html"
	page := "<html><body><h1>openresty</h1></body></html>"
	plans := "plan list"
	tests := []struct {
		name   string
		direct bool
		args   string
		query  string // of which the answer differs
		answer canned
	}{
		{"fail_401", false, plans, "GET /service/cockroachdb/v1/plans", canned{401, html, page}},
		{"fail_401_direct", true, plans, "GET /v1/plans", canned{401, html, page}},
		{"fail_403", false, plans, "GET /service/cockroachdb/v1/plans", canned{403, html, page}},
		{"fail_403_direct", true, plans, "GET /v1/plans", canned{403, "text/plain", "no"}},
		{"fail_404_page", false, plans, "GET /service/cockroachdb/v1/plans", canned{404, html, page}},
		{"fail_404_query", false, plans, "GET /service/cockroachdb/v1/plans", canned{404, "text/plain", "404 page not found"}},
		{"fail_404_direct", true, plans, "GET /v1/plans", canned{404, "text/plain", "404 page not found"}},
		{"fail_409_refresh", false, "debug state refresh_cache", "PUT /service/cockroachdb/v1/state/refresh", canned{409, "text/plain", "there is no cache"}},
		{"fail_418", false, plans, "GET /service/cockroachdb/v1/plans", canned{418, "text/plain", "I am\x1b[2J a teapot"}},
		{"fail_500", false, plans, "GET /service/cockroachdb/v1/plans", canned{500, "text/plain", "store is gone; the token was " + secret}},
		{"fail_500_direct", true, plans, "GET /v1/plans", canned{500, "text/plain", "store is gone"}},
		{"fail_502", false, plans, "GET /service/cockroachdb/v1/plans", canned{502, html, page}},
		{"fail_503", false, plans, "GET /service/cockroachdb/v1/plans", canned{503, "", ""}},
		{"fail_200_page", false, plans, "GET /service/cockroachdb/v1/plans", canned{200, html, page}},
		{"fail_200_page_endpoint", false, "endpoints pg", "GET /service/cockroachdb/v1/endpoints/pg", canned{200, html, page}},
		{"fail_200_cut", true, "plan status deploy", "GET /v1/plans/deploy", canned{202, "application/json", `{"phases":[{"id"`}},
		{"fail_200_other", true, "pod status", "GET /v1/pod/status", canned{200, "application/json", `["a","b"]`}},
		{"fail_redirect_host", false, plans, "GET /service/cockroachdb/v1/plans", canned{301, "http://elsewhere.test/login", ""}},
		{"fail_redirect_command", false, "debug state refresh_cache", "PUT /service/cockroachdb/v1/state/refresh", canned{302, "/elsewhere", ""}},
		{"fail_version_old", true, "version", "GET /v1/version", canned{404, "text/plain", "404 page not found"}},
		{"fail_describe_unknown", false, "describe", "POST /cosmos/service/describe",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"MarathonAppNotFound","message":"Unable to locate service with marathon appId: 'cockroachdb'","data":{}}`}},
		{"fail_describe_other", false, "describe", "POST /cosmos/service/describe",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"PackageNotFound","message":"Package [cockroachdb] not found"}`}},
		{"fail_describe_400", false, "describe", "POST /cosmos/service/describe", canned{400, "text/plain", "bad header"}},
		{"fail_describe_404", false, "describe", "POST /cosmos/service/describe", canned{404, html, page}},
		{"fail_update_name", false, "update start --package-version 2", "POST /cosmos/service/update",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"AppIdChanged","message":"App ID changed","data":{"oldAppId":"/cockroachdb","newAppId":"/other"}}`}},
		{"fail_update_version", false, "update start --package-version 2", "POST /cosmos/service/update",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"BadVersionUpdate","message":"cannot update","data":{"validVersions":["3","4"],"currentVersion":"1"}}`}},
		{"fail_update_version_none", false, "update start --package-version 2", "POST /cosmos/service/update",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"BadVersionUpdate","message":"cannot update","data":{"validVersions":[]}}`}},
		{"fail_update_schema", false, "update start --package-version 2", "POST /cosmos/service/update",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"JsonSchemaMismatch","message":"Options JSON failed validation","data":{"errors":[{"instance":{"pointer":"/node/count"},"message":"instance type (string) does not match"},{"instance":{"pointer":""},"message":"object has\u001b[2J missing required properties"}]}}`}},
		{"fail_update_schema_bare", false, "update start --package-version 2", "POST /cosmos/service/update",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"JsonSchemaMismatch","message":"Options JSON failed validation","data":{"errors":"odd"}}`}},
		{"fail_update_unknown", false, "update start --package-version 2", "POST /cosmos/service/update",
			canned{400, "application/vnd.dcos.package.error+json", `{"type":"MarathonAppNotFound","message":"Unable to locate service"}`}},
		{"fail_update_404", false, "update start --package-version 2", "POST /cosmos/service/update", canned{404, html, page}},
		{"fail_versions_404", false, "update package-versions", "POST /cosmos/service/describe", canned{404, html, page}},
		{"fail_update_login", false, "update start --package-version 2", "POST /cosmos/service/update", canned{401, html, page}},
		{"fail_diff", false, "diff NODE_COUNT=2 NODE_DISK=1", "POST /service/cockroachdb/v1/diff", canned{200, "application/json", file(t, "diff_refused.json")}},
		{"fail_diff_unreadable", false, "diff NODE_COUNT=2", "POST /service/cockroachdb/v1/diff", canned{400, "text/plain", "Couldn't parse the environment"}},
		{"fail_why_old", false, "why", "GET /service/cockroachdb/v1/debug/why", canned{404, "text/plain", "404 page not found"}},
		{"fail_events_old", true, "events --follow", "GET /v1/events", canned{404, "text/plain", "404 page not found"}},
		{"fail_pause_503", false, "plan pause deploy", "POST /service/cockroachdb/v1/plans/deploy/interrupt", canned{503, "text/plain", "no answer in time"}},
		{"fail_pause_503_direct", true, "plan pause deploy", "POST /v1/plans/deploy/interrupt", canned{503, "text/plain", "no answer in time"}},
		{"fail_describe_none", false, "describe", "POST /cosmos/service/describe", canned{200, "application/json", `{"package":{}}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t).scheduler(t, "").scheduler(t, "/service/cockroachdb")
			f.answers[tt.query] = tt.answer
			env := attachedTo(f)
			if tt.direct {
				env["COCKROACHDB_SCHEDULER_URL"] = f.URL
			}
			o := run(t, env, strings.Fields(tt.args)...)
			if o.exit != 1 {
				t.Errorf("exit status %d, want 1", o.exit)
			}
			if tt.name != "fail_version_old" && o.stdout != "" {
				t.Errorf("a failure leaves %q on stdout", o.stdout)
			}
			checkGolden(t, tt.name, f, tt.args, o)
		})
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	f := newFixture(t)
	tests := []struct {
		name string
		env  map[string]string
		args string
	}{
		{"setting_one", map[string]string{"COCKROACHDB_SCHEDULER_URL": "localhost:8080"}, "plan list"},
		{"setting_all", map[string]string{"DCOS_URL": "ftp://x", "DCOS_TLS_INSECURE": "perhaps", "DCOS_TIMEOUT": "-1"}, "plan list --name=../secret"},
		{"setting_ca", map[string]string{"DCOS_URL": "https://cluster.test", "DCOS_TLS_CA_PATH": "no/such/file.crt"}, "plan list"},
		{"setting_none", map[string]string{}, "plan list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkGolden(t, tt.name, f, tt.args, run(t, tt.env, strings.Fields(tt.args)...))
		})
	}
}

func TestWithoutLoginTheRemedySaysThatNoTokenWasSent(t *testing.T) {
	f := newFixture(t)
	f.answers["GET /service/cockroachdb/v1/plans"] = canned{401, "text/html", "<html>"}
	o := run(t, map[string]string{"DCOS_URL": f.URL, "DCOS_ACS_TOKEN": ""}, "plan", "list")
	if o.exit != 1 || !strings.Contains(o.stderr, "dcos auth login (no token was sent)") {
		t.Errorf("exit %d, stderr %q", o.exit, o.stderr)
	}
}

func TestNothingListens(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	o := run(t, nil, "plan", "list", "--url", gone.URL)
	if o.exit != 1 || o.stdout != "" {
		t.Errorf("exit %d, stdout %q", o.exit, o.stdout)
	}
	for _, want := range []string{"nothing listens at this address", gone.URL + "/v1/plans", "Is the scheduler running"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, o.stderr)
		}
	}
}

func TestNoAnswerInTime(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	for command, counted := range map[string]bool{"plan list": false, "plan pause deploy": true} {
		o := run(t, map[string]string{"DCOS_TIMEOUT": "1"}, append(strings.Fields(command), "--url", slow.URL)...)
		if o.exit != 1 || !strings.Contains(o.stderr, "no answer within 1s") || !strings.Contains(o.stderr, "DCOS_TIMEOUT=<seconds>") {
			t.Errorf("exit %d, stderr:\n%s", o.exit, o.stderr)
		}
		if strings.Contains(o.stderr, "It is not known whether the command counted") != counted {
			t.Errorf("%s: stderr:\n%s", command, o.stderr)
		}
	}
}

func TestVersionOfThePluginWithoutAScheduler(t *testing.T) {
	o := run(t, nil, "version")
	if o.exit != 1 || o.stdout != "plug-in  0.9.0\n" || !strings.Contains(o.stderr, "no DC/OS cluster is set up") {
		t.Errorf("exit %d, stdout %q, stderr %q", o.exit, o.stdout, o.stderr)
	}
}
