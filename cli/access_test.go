package cli_test

import (
	"encoding/pem"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// own is the scheduler's own token of the tests.
const own = "the-schedulers-own-token"

// guarded is a scheduler that wants its own token, in the header that the way there leaves for it; Admin Router's login it passes on.
func guarded(t *testing.T, secure bool) *httptest.Server {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		direct := !strings.HasPrefix(r.URL.Path, "/service/")
		switch {
		case direct && r.Header.Get("Authorization") == "Bearer "+own && r.Header.Get(wire.TokenHeader) == "",
			!direct && r.Header.Get("Authorization") == "token="+secret && r.Header.Get(wire.TokenHeader) == own:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`["deploy"]`))
		default:
			w.Header().Set("WWW-Authenticate", wire.TokenChallenge)
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusUnauthorized)
			// A scheduler does not; whatever comes back, the tokens are not shown.
			_, _ = w.Write([]byte("Unauthorized " + r.Header.Get("Authorization") + r.Header.Get(wire.TokenHeader)))
		}
	})
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// keep writes a file that only its owner reads.
func keep(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheSchedulersOwnToken(t *testing.T) {
	plain, secure := guarded(t, false), guarded(t, true)
	ca := keep(t, "ca.crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})))
	good, bad := keep(t, "token", "# people\n\n"+own+"\nanother-token-of-them\n"), keep(t, "bad", "not-the-schedulers-token\n")
	config := keep(t, "dcos.toml", "[core]\ndcos_url = \""+plain.URL+"\"\ndcos_acs_token = \""+secret+"\"\n[cockroachdb]\napi_token = \""+own+"\"\n")
	attached := map[string]string{"DCOS_URL": plain.URL, "DCOS_ACS_TOKEN": secret}
	with := func(base map[string]string, more ...string) map[string]string {
		env := map[string]string{}
		for name, value := range base {
			env[name] = value
		}
		for i := 0; i < len(more); i += 2 {
			env[more[i]] = more[i+1]
		}
		return env
	}
	for name, tt := range map[string]struct {
		env  map[string]string
		args string
		// says is in stderr of a command that fails; empty for one that does not.
		says []string
	}{
		"a file":                      {nil, "--url " + plain.URL + " --api-token-file " + good, nil},
		"the environment":             {map[string]string{"COCKROACHDB_API_TOKEN": own}, "--url " + plain.URL, nil},
		"the file wins":               {map[string]string{"COCKROACHDB_API_TOKEN": "not-the-schedulers-token"}, "--url " + plain.URL + " --api-token-file " + good, nil},
		"https":                       {map[string]string{"COCKROACHDB_API_TOKEN": own}, "--url " + secure.URL + " --api-ca-file " + ca, nil},
		"https by the environment":    {map[string]string{"COCKROACHDB_API_TOKEN": own, "COCKROACHDB_API_CA_FILE": ca, "COCKROACHDB_SCHEDULER_URL": secure.URL}, "", nil},
		"through Admin Router":        {with(attached, "COCKROACHDB_API_TOKEN", own), "", nil},
		"of dcos, by its variable":    {with(attached, "DCOS_COCKROACHDB_API_TOKEN", own), "", nil},
		"of the file of dcos":         {map[string]string{"DCOS_DIR": filepath.Dir(config)}, "", nil},
		"none":                        {nil, "--url " + plain.URL, []string{"wants a token, and none was given", "--api-token-file <file>"}},
		"none, through Admin Router":  {attached, "", []string{"wants a token, and none was given", "dcos config set cockroachdb.api_token"}},
		"a wrong one":                 {nil, "--url " + plain.URL + " --api-token-file " + bad, []string{"does not take this token", "ask", "API_TOKEN"}},
		"a wrong one, shown at all":   {map[string]string{"COCKROACHDB_API_TOKEN": "another-wrong-token"}, "-vv --url " + plain.URL, []string{"(with a token)", "does not take"}},
		"no trust":                    {nil, "--url " + secure.URL, []string{"authority that is not trusted", "--api-ca-file"}},
		"a CA that is none":           {nil, "--url " + secure.URL + " --api-ca-file " + good, []string{"no certificate in PEM", "--api-ca-file"}},
		"a CA for a cluster":          {attached, "--api-ca-file " + ca, []string{"is for --url", "core.ssl_verify"}},
		"no such file":                {nil, "--url " + plain.URL + " --api-token-file " + good + ".gone", []string{"--api-token-file", "cannot be read"}},
		"an empty file":               {nil, "--url " + plain.URL + " --api-token-file " + keep(t, "empty", "# "+own), []string{"holds no token"}},
		"a file of something else":    {nil, "--url " + plain.URL + " --api-token-file " + keep(t, "other", "two words "+own), []string{"something other than a token"}},
		"a text that no header holds": {map[string]string{"COCKROACHDB_API_TOKEN": own + "\n" + own}, "--url " + plain.URL, []string{"COCKROACHDB_API_TOKEN: is no token"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := run(t, tt.env, strings.Fields("plan list "+tt.args)...)
			if (o.exit == 0) != (tt.says == nil) || tt.says == nil && o.stdout != "[\n  \"deploy\"\n]\n" {
				t.Errorf("exit %d, stdout %q, stderr\n%s", o.exit, o.stdout, o.stderr)
			}
			for _, want := range tt.says {
				if !strings.Contains(o.stderr, want) {
					t.Errorf("stderr lacks %q:\n%s", want, o.stderr)
				}
			}
			for _, hidden := range []string{own, secret, "another-wrong-token", "not-the-schedulers-token"} {
				if strings.Contains(o.stdout+o.stderr, hidden) {
					t.Errorf("%s shows:\n%s%s", hidden, o.stdout, o.stderr)
				}
			}
		})
	}
}

// TestPlainHTTPWhereTLSIsWanted: the token that was sent in the clear is not secret any more, and people hear of that.
func TestPlainHTTPWhereTLSIsWanted(t *testing.T) {
	f := newFixture(t)
	f.answers["GET /v1/plans"] = canned{403, "text/plain", wire.UseHTTPS}
	o := run(t, map[string]string{"COCKROACHDB_API_TOKEN": own}, "plan", "list", "--url", f.URL)
	for _, want := range []string{"wants to be asked by https", "https://", "have it replaced"} {
		if o.exit != 1 || !strings.Contains(o.stderr, want) {
			t.Errorf("exit %d, stderr lacks %q:\n%s", o.exit, want, o.stderr)
		}
	}
}

// TestTheTokenGoesNowhereElse: Cosmos gets none.
func TestTheTokenGoesNowhereElse(t *testing.T) {
	var leaked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, values := range r.Header {
			if strings.Contains(strings.Join(values, " "), own) {
				leaked = append(leaked, r.URL.Path)
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	run(t, map[string]string{"DCOS_URL": server.URL, "COCKROACHDB_API_TOKEN": own}, "describe")
	if leaked != nil {
		t.Errorf("sent to %q", leaked)
	}
}
