package cli_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestTheSchedulersOwnTokenGoesToTheSchedulerAlone: beside the login of DC/OS, and never to the package manager or into a trace.
func TestTheSchedulersOwnTokenGoesToTheSchedulerAlone(t *testing.T) {
	const own = "own-token-of-the-api"
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("X-Cockroachdb-Token")
		asked = append(asked, r.URL.Path+" "+r.Header.Get("Authorization")+" "+token)
		w.Header().Set("Content-Type", "application/json")
		if token == "other" {
			http.Error(w, "unauthorised", http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`["` + token + `"]`))
	}))
	defer server.Close()
	for _, tt := range []struct {
		name string
		env  map[string]string
		args string
		want []string
		exit int
		says string
	}{
		{"directly", map[string]string{"COCKROACHDB_SCHEDULER_URL": server.URL, "COCKROACHDB_SCHEDULER_TOKEN": own + "\n"}, "plan list -vv", []string{"/v1/plans  " + own}, 0, "(with a token)"},
		{"through Admin Router", map[string]string{"DCOS_URL": server.URL, "DCOS_ACS_TOKEN": secret, "COCKROACHDB_SCHEDULER_TOKEN": own}, "plan list -vv",
			[]string{"/service/cockroachdb/v1/plans token=" + secret + " " + own}, 0, "<token>"},
		{"the package manager", map[string]string{"DCOS_URL": server.URL, "DCOS_ACS_TOKEN": secret, "COCKROACHDB_SCHEDULER_TOKEN": own}, "describe",
			[]string{"/cosmos/service/describe token=" + secret + " "}, 1, ""},
		{"a wrong one", map[string]string{"DCOS_URL": server.URL, "DCOS_ACS_TOKEN": secret, "COCKROACHDB_SCHEDULER_TOKEN": "other"}, "plan list",
			[]string{"/service/cockroachdb/v1/plans token=" + secret + " other"}, 1, "is none of those that the scheduler was given"},
	} {
		asked = nil
		o := run(t, tt.env, strings.Fields(tt.args)...)
		if o.exit != tt.exit || !slices.Equal(asked, tt.want) || !strings.Contains(o.stdout+o.stderr, tt.says) {
			t.Errorf("%s: exit %d, asked %q\n%s%s", tt.name, o.exit, asked, o.stdout, o.stderr)
		}
		if strings.Contains(o.stderr, own) {
			t.Errorf("%s: the token is printed:\n%s", tt.name, o.stderr)
		}
	}
}
