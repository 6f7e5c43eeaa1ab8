package cluster_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// tree is files by path; "DIR" in a variable stands for the folder they are in.
type tree map[string]string

func (files tree) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func find(t *testing.T, w cluster.Wanted, env map[string]string, files tree) (cluster.Target, string, error) {
	t.Helper()
	dir := files.write(t)
	target, err := cluster.Find(w, func(name string) (string, bool) {
		value, set := env[name]
		return strings.ReplaceAll(value, "DIR", dir), set
	})
	return target, dir, err
}

const (
	one = `
[core]
dcos_url = "https://one.test/"
dcos_acs_token = "token-one"
ssl_verify = "false"
timeout = 5
[cluster]
name = "one"
[cockroachdb]
service_name = "crdb"
`
	two = `
[core]
dcos_url = "https://two.test"
ssl_verify = true
[cluster]
name = "two"
[package]
cosmos_url = "http://cosmos.test/"
`
	broken = "[core]\ndcos_url = \"https://x.test\"\ndcos_acs_token = token-broken\n"
)

func TestFind(t *testing.T) {
	dcos := func(more ...string) map[string]string {
		env := map[string]string{"DCOS_DIR": "DIR"}
		for i := 0; i < len(more); i += 2 {
			env[more[i]] = more[i+1]
		}
		return env
	}
	clusterOne := cluster.Target{
		API: "https://one.test/service/crdb", Cosmos: "https://one.test/cosmos", Service: "crdb",
		Token: cluster.NewToken("token-one"), TLS: cluster.TLS{Insecure: true}, Timeout: 5 * time.Second,
	}
	clusterTwo := cluster.Target{
		API: "https://two.test/service/cockroachdb", Cosmos: "http://cosmos.test", Service: "cockroachdb", Timeout: 30 * time.Second,
	}
	with := func(t cluster.Target, change func(*cluster.Target)) cluster.Target { change(&t); return t }
	both := tree{"clusters/a/dcos.toml": one, "clusters/b/dcos.toml": two, "clusters/b/attached": ""}

	tests := []struct {
		name  string
		w     cluster.Wanted
		env   map[string]string
		files tree
		want  cluster.Target
	}{
		{"the environment of dcos 0.7 and later", cluster.Wanted{},
			map[string]string{"DCOS_URL": "https://env.test", "DCOS_ACS_TOKEN": "t", "DCOS_TLS_CA_PATH": "/ca.crt", "DCOS_COCKROACHDB_SERVICE_NAME": "/team/crdb"}, nil,
			cluster.Target{API: "https://env.test/service/team/crdb", Cosmos: "https://env.test/cosmos", Service: "/team/crdb",
				Token: cluster.NewToken("t"), TLS: cluster.TLS{CAFile: "/ca.crt"}, Timeout: 30 * time.Second}},
		{"what a browser leaves at the end of an address", cluster.Wanted{}, map[string]string{"DCOS_URL": "http://env.test/#/"}, nil,
			cluster.Target{API: "http://env.test/service/cockroachdb", Cosmos: "http://env.test/cosmos", Service: "cockroachdb", Timeout: 30 * time.Second}},
		{"the environment is not mixed with the attached cluster", cluster.Wanted{}, dcos("DCOS_URL", "https://env.test"), tree{"clusters/a/dcos.toml": one},
			cluster.Target{API: "https://env.test/service/cockroachdb", Cosmos: "https://env.test/cosmos", Service: "cockroachdb", Timeout: 30 * time.Second}},
		{"by the SDK's name of the variable", cluster.Wanted{}, dcos("DCOS_DCOS_URL", "https://env.test", "DCOS_DCOS_ACS_TOKEN", "t"), tree{"clusters/a/dcos.toml": one},
			cluster.Target{API: "https://env.test/service/cockroachdb", Cosmos: "https://env.test/cosmos", Service: "cockroachdb",
				Token: cluster.NewToken("t"), Timeout: 30 * time.Second}},
		{"what dcos 0.7 does not hand over is in the file of that cluster", cluster.Wanted{},
			dcos("DCOS_URL", "https://one.test", "DCOS_ACS_TOKEN", "t", "DCOS_TLS_INSECURE", "1", "DCOS_COCKROACHDB_SERVICE_NAME", "crdb"), both,
			with(clusterOne, func(t *cluster.Target) { t.Token = cluster.NewToken("t") })},
		{"an empty token of dcos 0.7 is not filled from the file", cluster.Wanted{}, dcos("DCOS_URL", "https://one.test", "DCOS_ACS_TOKEN", ""), both,
			with(clusterOne, func(t *cluster.Target) { t.Token = cluster.Token{} })},
		{"the file of that address, not the attached one", cluster.Wanted{}, dcos("DCOS_URL", "https://two.test/"),
			tree{"clusters/a/dcos.toml": one, "clusters/a/attached": "", "clusters/b/dcos.toml": two, "clusters/c/dcos.toml": broken}, clusterTwo},
		{"the old file of that address", cluster.Wanted{}, dcos("DCOS_URL", "https://one.test/#/"), tree{"dcos.toml": one}, clusterOne},
		{"the old file by its name", cluster.Wanted{}, dcos("DCOS_URL", "https://one.test", "DCOS_CONFIG", "DIR/x"), tree{"x": one, "dcos.toml": two}, clusterOne},
		{"a single cluster", cluster.Wanted{}, dcos(), tree{"clusters/a/dcos.toml": one}, clusterOne},
		{"the attached cluster", cluster.Wanted{}, dcos(), both, clusterTwo},
		{"a broken file of another cluster does not matter", cluster.Wanted{}, dcos(),
			tree{"clusters/a/dcos.toml": broken, "clusters/b/dcos.toml": two, "clusters/b/attached": ""}, clusterTwo},
		{"DCOS_CLUSTER is a name", cluster.Wanted{}, dcos("DCOS_CLUSTER", "one"), both, clusterOne},
		{"DCOS_CLUSTER is an id", cluster.Wanted{}, dcos("DCOS_CLUSTER", "a"), both, clusterOne},
		{"the file of dcos 0.4", cluster.Wanted{}, dcos(), tree{"dcos.toml": one}, clusterOne},
		{"DCOS_CONFIG names that file", cluster.Wanted{}, dcos("DCOS_CONFIG", "DIR/old/x.toml"), tree{"old/x.toml": one}, clusterOne},
		{"the home folder", cluster.Wanted{}, map[string]string{"HOME": "DIR"}, tree{".dcos/clusters/a/dcos.toml": one}, clusterOne},
		{"the home folder on Windows", cluster.Wanted{}, map[string]string{"USERPROFILE": "DIR"}, tree{".dcos/clusters/a/dcos.toml": one}, clusterOne},
		{"the home folder on Windows, in two parts", cluster.Wanted{}, map[string]string{"HOMEDRIVE": "DIR", "HOMEPATH": "/u", "USERPROFILE": "/none"},
			tree{"u/.dcos/clusters/a/dcos.toml": one}, clusterOne},
		{"single variables win over the file", cluster.Wanted{},
			dcos("DCOS_ACS_TOKEN", "newer", "DCOS_SSL_VERIFY", "/my/ca", "DCOS_TIMEOUT", "7", "DCOS_COCKROACHDB_SERVICE_NAME", "x"), both,
			with(clusterTwo, func(t *cluster.Target) {
				t.Token, t.TLS, t.Timeout = cluster.NewToken("newer"), cluster.TLS{CAFile: "/my/ca"}, 7*time.Second
				t.Service, t.API = "x", "https://two.test/service/x"
			})},
		{"an empty token is none", cluster.Wanted{}, dcos("DCOS_ACS_TOKEN", ""), tree{"clusters/a/dcos.toml": one},
			with(clusterOne, func(t *cluster.Target) { t.Token = cluster.Token{} })},
		{"the flag names the service", cluster.Wanted{Name: "y"}, dcos(), tree{"clusters/a/dcos.toml": one},
			with(clusterOne, func(t *cluster.Target) { t.Service, t.API = "y", "https://one.test/service/y" })},
		{"a scheduler directly", cluster.Wanted{URL: "http://10.0.0.1:8080/", Name: "y"}, dcos("DCOS_URL", "https://env.test", "DCOS_ACS_TOKEN", "t"), nil,
			cluster.Target{API: "http://10.0.0.1:8080", Timeout: 30 * time.Second, Direct: true}},
		{"a scheduler directly, by variable", cluster.Wanted{}, dcos(cluster.DirectURL, "https://s.test/prefix"), nil,
			cluster.Target{API: "https://s.test/prefix", Timeout: 30 * time.Second, Direct: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := find(t, tt.w, tt.env, tt.files)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got  %+v (%q)\nwant %+v (%q)", got, got.Token.Reveal(), tt.want, tt.want.Token.Reveal())
			}
		})
	}
}

func TestFindRefuses(t *testing.T) {
	dcos := map[string]string{"DCOS_DIR": "DIR"}
	tests := []struct {
		name  string
		w     cluster.Wanted
		env   map[string]string
		files tree
		want  []string
	}{
		{"no cluster at all", cluster.Wanted{}, map[string]string{}, nil, []string{"no DC/OS cluster is set up"}},
		{"an empty folder", cluster.Wanted{}, dcos, nil, []string{"no DC/OS cluster is set up"}},
		{"none attached", cluster.Wanted{}, dcos, tree{"clusters/a/dcos.toml": one, "clusters/b/dcos.toml": two}, []string{"no cluster is attached, of one, two"}},
		{"two attached", cluster.Wanted{}, dcos,
			tree{"clusters/a/dcos.toml": one, "clusters/a/attached": "", "clusters/b/dcos.toml": two, "clusters/b/attached": ""}, []string{"more than one cluster is attached: one, two"}},
		{"an unknown DCOS_CLUSTER", cluster.Wanted{}, map[string]string{"DCOS_DIR": "DIR", "DCOS_CLUSTER": "three"},
			tree{"clusters/a/dcos.toml": one}, []string{`DCOS_CLUSTER "three"`, "there are: one"}},
		{"a DCOS_CLUSTER of two", cluster.Wanted{}, map[string]string{"DCOS_DIR": "DIR", "DCOS_CLUSTER": "one"},
			tree{"clusters/a/dcos.toml": one, "clusters/b/dcos.toml": one}, []string{"more than one cluster", "a, b"}},
		{"a broken file", cluster.Wanted{}, dcos, tree{"clusters/a/dcos.toml": broken}, []string{filepath.Join("DIR", "clusters", "a", "dcos.toml"), "line 3 is not valid TOML"}},
		{"no address in the file", cluster.Wanted{}, dcos, tree{"clusters/a/dcos.toml": "[cluster]\nname = 'x'\n"}, []string{"core.dcos_url", "is empty"}},
		{"a section that is no section", cluster.Wanted{}, dcos, tree{"clusters/a/dcos.toml": "core = 1\n"}, []string{"core.dcos_url", "is empty"}},
		{"no scheme", cluster.Wanted{URL: "scheduler:8080"}, nil, nil, []string{`--url "scheduler:8080"`, "http://host:port"}},
		{"no host", cluster.Wanted{URL: "http:///x"}, nil, nil, []string{"names no host"}},
		{"a query", cluster.Wanted{URL: "http://h?x=1"}, nil, nil, []string{"from ? or # on"}},
		{"not a URL", cluster.Wanted{URL: "http://user:hunter2@h:port"}, nil, nil, []string{"is not a URL"}},
		{"a password is not repeated", cluster.Wanted{URL: "ftp://user:hunter2@h"}, nil, nil, []string{"does not start with http"}},
		{"all at once", cluster.Wanted{Name: "a b"}, map[string]string{"DCOS_URL": "x", "DCOS_TLS_INSECURE": "x", "DCOS_TIMEOUT": "0", "DCOS_PACKAGE_COSMOS_URL": "x"}, nil,
			[]string{`DCOS_URL "x"`, `--name "a b"`, `DCOS_TLS_INSECURE "x"`, `DCOS_TIMEOUT "0"`, `DCOS_PACKAGE_COSMOS_URL "x"`}},
		{"a name of slashes", cluster.Wanted{Name: "//"}, map[string]string{"DCOS_URL": "http://h"}, nil, []string{"--name", "has no letters"}},
		{"a name that climbs", cluster.Wanted{Name: "a/../b"}, map[string]string{"DCOS_URL": "http://h"}, nil, []string{`has ".." for a folder`}},
		{"a bad name in the file", cluster.Wanted{}, dcos, tree{"dcos.toml": "[core]\ndcos_url='http://h'\n[cockroachdb]\nservice_name='a?b'\n"},
			[]string{"cockroachdb.service_name", "has a character other than"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, dir, err := find(t, tt.w, tt.env, tt.files)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if want = strings.ReplaceAll(want, "DIR", dir); !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q: %v", want, err)
				}
			}
			for _, secret := range []string{"hunter2", "token-one", "token-broken"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells a secret: %v", err)
				}
			}
			_, isFault := errors.AsType[*cluster.Fault](err)
			unknown, isUnknown := errors.AsType[*cluster.Unknown](err)
			if !isFault && (!isUnknown || unknown.Remedy == "") {
				t.Errorf("no remedy in %T", err)
			}
		})
	}
}
