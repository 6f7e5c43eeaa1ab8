package cockroach_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var secureVersions = []string{"v2.0.7", recorded, "v21.2.17", "v24.1.6"}

// TestSecureCluster: three nodes with certificates do in each version what three without do.
// Measure: 11-certs, "three secure nodes", and 11b, "HTTP port of a secure node, plain http".
func TestSecureCluster(t *testing.T) {
	t.Parallel()
	for _, tag := range secureVersions {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			a := newAuthority(t)
			all := nodes(t, tag, 3)
			for _, n := range all {
				n.spellOld()
			}
			secured(a, all)
			initialised(t, all)
			n := all[0]
			n.sql("create database app", "create table app.t (id int primary key)")
			all[2].sql("insert into app.t values (1)")
			if out := all[1].sql("select * from app.t"); out != "id\n1\n" {
				t.Errorf("through another node: %q", out)
			}
			if r := n.cockroach("node", "ls", "--format=csv"); r.out != "id\n1\n2\n3\n" {
				t.Errorf("node ls: %+v", r)
			}
			want := []string{"https://" + n.http, "sslcert=", "client.root.crt&sslkey=", "&sslmode=verify-full&sslrootcert="}
			if tag != "v2.0.7" {
				want = append(want, "--host="+n.rpc+" --certs-dir="+n.certs+"\n")
			}
			for _, w := range want {
				if !strings.Contains(n.out(), w) {
					t.Errorf("banner without %q:\n%s", w, n.out())
				}
			}
			if strings.Contains(n.stderr(), "INSECURE") || strings.Contains(n.stderr(), "not in node certificate") {
				t.Errorf("standard error: %s", n.stderr())
			}
			_, vars := n.get("/_status/vars")
			for _, m := range []string{"security_certificate_expiration_ca", "security_certificate_expiration_node"} {
				if strings.Contains(vars, m+" 0.0") || !strings.Contains(vars, "\n"+m+" 1.") {
					t.Errorf("%s is not set", m)
				}
			}
			login := 401
			if tag == "v2.0.7" {
				login = 200
			}
			for path, want := range map[string]int{
				"/health": 200, "/health?ready=1": 200, "/_admin/v1/health": 200, "/_status/vars": 200, "/": 200,
				"/_status/nodes": login, "/_status/nodes/local": login, "/_status/details/local": login, "/_admin/v1/cluster": login, "/_admin/v1/liveness": login, "/_admin/v1/settings": login,
			} {
				if code, body := n.get(path); code != want || (want == 401 && body != "a valid authentication cookie is required\n") {
					t.Errorf("GET https %s: %d %q; want %d", path, code, body, want)
				}
			}
			plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			for path, want := range map[string]int{"/health": 200, "/health?ready=1": 200, "/_admin/v1/health": 307, "/_status/vars": 307, "/": 307} {
				r, err := plain.Get("http://" + n.http + path)
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
				if r.StatusCode != want || (want == 307 && r.Header.Get("Location") != "https://"+n.http+path) {
					t.Errorf("GET http %s: %d to %q; want %d", path, r.StatusCode, r.Header.Get("Location"), want)
				}
			}
			if strings.Contains(n.log(), "handshake") || strings.Contains(all[1].log(), "bad certificate") {
				t.Errorf("log tells of handshakes:\n%s", n.log())
			}
		})
	}
}

// TestSecureClients: what clients are told that have no certificates, wrong ones, or
// none at all. Measure: 11-certs, "clients", and 11b.
func TestSecureClients(t *testing.T) {
	t.Parallel()
	a, b := newAuthority(t), newAuthority(t)
	n := initialised(t, secured(a, nodes(t, recorded, 1)))[0]
	n.sql("CREATE USER maxroach WITH PASSWORD 'pw'", "CREATE USER nopw")
	empty, other := t.TempDir(), b.folder()
	caOnly := only(t, n.certs, "ca.crt")
	nodeOnly := only(t, n.certs, "ca.crt", "node.crt", "node.key")
	open := only(t, n.certs, "ca.crt", "client.root.crt", "client.root.key")
	write(t, filepath.Join(open, "client.root.key"), read(t, filepath.Join(open, "client.root.key")), 0o644)
	expired := only(t, n.certs, "ca.crt")
	old := forUser("root")
	old.NotAfter = old.NotBefore.Add(1)
	a.put(expired, "client.root", old)
	a.put(n.certs, "client.maxroach", forUser("maxroach"))

	const (
		load    = "ERROR: cannot load certificates.\nCheck your certificate settings, set --certs-dir, or use --insecure for insecure clusters.\n\n"
		needTLS = "ERROR: SSL authentication error while connecting.\n\nIf the node is configured to require secure connections,\nremove --insecure and configure secure credentials instead.\n\npq: node is running secure mode, SSL connection required\n"
		shake   = "initial connection heartbeat failed: rpc error: code = Unavailable desc = all SubConns are in TransientFailure, latest connection error: "
		closed  = "ERROR: server closed the connection.\nIs this a CockroachDB node?\n\n"
		remove  = "If the node is configured to require secure connections,\nremove --insecure and configure secure credentials instead.\n\n"
		to      = "Failed to connect to the node: "
		unknown = `x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "Cockroach CA")`
		escaped = `connection error: desc = "transport: authentication handshake failed: x509: certificate signed by unknown authority (possibly because of \"x509: ECDSA verification failure\" while trying to verify candidate authority certificate \"Cockroach CA\")"`
		ask     = "Enter password: "
		ioctl   = "ERROR: inappropriate ioctl for device\n"
	)
	for _, c := range []struct {
		args, out, err string
		code           int
	}{
		{"sql -e select+1 --certs-dir=" + empty, "", load + "problem with CA certificate: not found\n", 1},
		{"sql -e select+1 --insecure", "", needTLS, 1},
		{"node status --insecure", "", needTLS, 1},
		{"dump defaultdb --insecure", "", needTLS, 1},
		{"quit --insecure", "", closed + remove + to + shake + "connection closed\n", 1},
		{"node decommission 3 --insecure", "", closed + remove + to + shake + "connection closed\n", 1},
		{"sql -e select+1 --certs-dir=" + other, "", "ERROR: " + unknown + "\n", 1},
		{"node status --certs-dir=" + other, "", "ERROR: " + unknown + "\n", 1},
		{"quit --certs-dir=" + other, "", "ERROR: SSL authentication error while connecting.\n\n" + to + shake + escaped + "\n", 1},
		{"sql -e select+1 --certs-dir=" + caOnly, ask, ioctl, 1},
		{"node status --certs-dir=" + caOnly, ask, ioctl, 1},
		{"quit --certs-dir=" + caOnly, "", load + to + "problem with client cert for user root: not found\n", 1},
		{"node drain --certs-dir=" + caOnly, "", load + to + "problem with client cert for user root: not found\n", 1},
		{"node ls --certs-dir=" + nodeOnly, ask, ioctl, 1},
		{"node decommission 9 --certs-dir=" + nodeOnly, "", load + to + "problem with client cert for user root: not found\n", 1},
		{"sql --user=node -e select+1 --certs-dir=" + nodeOnly, "", "ERROR: password authentication failed for user node\n", 1},
		{"sql --user=nopw -e select+1 --certs-dir=" + n.certs, ask, ioctl, 1},
		{"sql --user=maxroach -e select+current_user --certs-dir=" + n.certs, "current_user\nmaxroach\n", "", 0},
		{"sql -e select+1 --certs-dir=" + expired, "", "ERROR: SSL authentication error while connecting.\n\nremote error: tls: bad certificate\n", 1},
		{"node decommission 9 --certs-dir=" + expired, "", closed + to + shake + `connection error: desc = "transport: authentication handshake failed: remote error: tls: bad certificate"` + "\n", 1},
		{"sql -e select+1 --certs-dir=" + open, ask, "error finding key for " + open + "/client.root.crt: key file " + open + "/client.root.key has permissions -rw-r--r--, exceeds -rwx------\n" + ioctl, 1},
		{"sql -e select+current_user --url=postgresql://maxroach:pw@HOST/defaultdb?sslmode=require", "current_user\nmaxroach\n", "", 0},
		{"sql -e select+1 --url=postgresql://maxroach:wrong@HOST/defaultdb?sslmode=require", "", "ERROR: password authentication failed for user maxroach\n", 1},
		{"sql -e select+1 --url=postgresql://nopw@HOST/defaultdb?sslmode=require", "", "ERROR: password authentication failed for user nopw\n", 1},
		{"sql -e select+1 --url=postgresql://root@HOST/defaultdb?sslmode=disable", "", needTLS, 1},
		{"node status --user=maxroach --certs-dir=" + n.certs, "", "ERROR: unknown flag: --user\n", 1},
	} {
		t.Run(c.args, func(t *testing.T) {
			var args []string
			for _, x := range strings.Fields(c.args) {
				args = append(args, strings.ReplaceAll(strings.ReplaceAll(x, "+", " "), "HOST", n.rpc))
			}
			r := command(t, n.tag, append(args, "--host="+n.rpc)...)
			fault := c.err
			if c.code != 0 {
				words := strings.Fields(c.args)[:1]
				if words[0] == "node" {
					words = strings.Fields(c.args)[:2]
				}
				fault += "Failed running \"" + strings.Join(words, " ") + "\"\n"
			}
			if r.code != c.code || !strings.Contains(r.out, c.out) || !strings.HasSuffix(r.err, fault) || (c.out == "" && r.out != "") {
				t.Errorf("exit %d\n%s\n%s\nwant exit %d\n%s\n%s", r.code, r.out, r.err, c.code, c.out, fault)
			}
		})
	}
	for _, c := range []struct{ mode, want string }{
		{"--insecure", "warning: node not ready to perform cluster initialization: " + shake + "connection closed (retrying)\n"},
		{"--certs-dir=" + other, "warning: node not ready to perform cluster initialization: " + shake + escaped + " (retrying)\n"},
		{"--certs-dir=" + caOnly, "warning: node not ready to perform cluster initialization: problem with client cert for user root: not found (retrying)\n"},
	} {
		if r := during(t, n.tag, 700*time.Millisecond, "init", c.mode, "--host="+n.rpc); !r.hung || r.err != c.want {
			t.Errorf("init %s: %+v\nwant %s", c.mode, r, c.want)
		}
	}
	if !strings.Contains(n.log(), "grpc: Server.Serve failed to complete security handshake from \"127.0.0.1:") ||
		!strings.Contains(n.log(), "tls: first record does not look like a TLS handshake") || !strings.Contains(n.log(), "remote error: tls: bad certificate") {
		t.Errorf("log:\n%s", n.log())
	}
}

// TestTrustInForce: a client that asks for TLS as PostgreSQL's does sees the certificate and
// the authorities that are in force.
func TestTrustInForce(t *testing.T) {
	t.Parallel()
	a, b := newAuthority(t), newAuthority(t)
	n := secured(a, nodes(t, "v24.1.6", 1))[0]
	trust(t, n.certs, a, b)
	n.start().healthy()
	for _, ask := range []bool{true, false} {
		serial, subjects := look(t, n.rpc, ask)
		if serial == "" || subjects != 2 {
			t.Errorf("asked first %v: serial %q, %d authorities", ask, serial, subjects)
		}
	}
}
