package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAdminRouterOfAFolderedService: what Admin Router answers for a service in folders is explained with the service's own name,
// whichever way that was given.
func TestAdminRouterOfAFolderedService(t *testing.T) {
	const html = "text/html"
	for _, given := range []struct {
		name string
		env  map[string]string
		args string
	}{
		{"by flag", nil, "--name=/team/crdb"},
		{"by flag, without the slash", nil, "--name team/crdb/"},
		{"by dcos config", map[string]string{"DCOS_COCKROACHDB_SERVICE_NAME": "/team/crdb"}, ""},
		{"the flag wins", map[string]string{"DCOS_COCKROACHDB_SERVICE_NAME": "other"}, "--name=/team/crdb"},
	} {
		for _, tt := range []struct {
			answer canned
			want   []string
		}{
			{canned{200, "application/json", `["deploy"]`}, nil},
			{canned{401, html, "<html>401 Authorization Required</html>"}, []string{"not logged in", "dcos auth login"}},
			{canned{403, html, "<html>403</html>"}, []string{"not allowed", "team/crdb"}},
			{canned{404, "text/plain", "404 Not Found: service not found."}, []string{"there is no service", "team/crdb", "service_name", "dcos service"}},
			{canned{502, html, "<html>502 Bad Gateway</html>"}, []string{"could not reach the scheduler", "team/crdb", "dcos marathon app show"}},
			{canned{503, html, "<html>503</html>"}, []string{"could not reach the scheduler"}},
			{canned{504, html, "<html>504</html>"}, []string{"could not reach the scheduler"}},
		} {
			f := newFixture(t)
			f.answers["GET /service/team/crdb/v1/plans"] = tt.answer
			env := attachedTo(f)
			for name, value := range given.env {
				env[name] = value
			}
			o := run(t, env, strings.Fields("plan list "+given.args)...)
			if (o.exit == 0) != (tt.want == nil) || strings.Contains(o.stderr, "<html>") {
				t.Errorf("%s, %d: exit %d, stderr %q", given.name, tt.answer.status, o.exit, o.stderr)
			}
			for _, want := range tt.want {
				if !strings.Contains(o.stderr, want) {
					t.Errorf("%s, %d: stderr lacks %q: %s", given.name, tt.answer.status, want, o.stderr)
				}
			}
		}
	}
}

// TestTheFlagsOfSDKPlugins choose a cluster in dcos' files, against the one that dcos handed over.
func TestTheFlagsOfSDKPlugins(t *testing.T) {
	attached, wanted := newFixture(t), newFixture(t).scheduler(t, "/service/cockroachdb")
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	of := func(f *fixture, name string) string {
		return "[core]\ndcos_url = \"" + f.URL + "\"\ndcos_acs_token = \"" + name + "-token\"\n[cluster]\nname = \"" + name + "\"\n"
	}
	write("all/clusters/a/dcos.toml", of(attached, "a"))
	write("all/clusters/a/attached", "")
	write("all/clusters/b/dcos.toml", of(wanted, "b"))
	write("one/clusters/b/dcos.toml", of(wanted, "b"))
	file := write("old.toml", of(wanted, "b"))
	for _, args := range []string{
		"--custom-config-dir=" + filepath.Join(dir, "all") + " --custom-cluster-name=b",
		"--custom-config-dir=" + filepath.Join(dir, "one"),
		"--custom-config-dir=" + dir + " --custom-cluster-config=" + file,
	} {
		o := run(t, attachedTo(attached), strings.Fields("plan list "+args)...)
		asked := wanted.asked()
		if o.exit != 0 || len(asked) == 0 || !strings.HasSuffix(asked[len(asked)-1], "token=b-token") {
			t.Errorf("%s: exit %d, asked %q, %s", args, o.exit, asked, o.stderr)
		}
	}
	if asked := attached.asked(); len(asked) != 0 {
		t.Errorf("the attached cluster was asked %q", asked)
	}
}
