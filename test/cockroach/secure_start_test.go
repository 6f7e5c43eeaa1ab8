package cockroach_test

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFoldersOfANode: with what folder a node starts, and what it says of one that will not do.
// Measure: 11-certs, "key permissions" and "node start", and section 5.2 of the reference.
func TestFoldersOfANode(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	for name, c := range map[string]struct {
		tag    string
		change func(dir string)
		fault  string // empty: the node starts
	}{
		"no node certificate":       {recorded, func(d string) { os.Remove(d + "/node.crt") }, "problem with node certificate: not found"},
		"no authority":              {recorded, func(d string) { os.Remove(d + "/ca.crt") }, "problem with CA certificate: not found"},
		"no key":                    {recorded, func(d string) { os.Remove(d + "/node.key") }, "problem using security settings: stat DIR/node.key: no such file or directory"},
		"another one's key":         {recorded, func(d string) { b, _ := os.ReadFile(d + "/client.root.key"); write(t, d+"/node.key", b, 0o600) }, "problem using security settings: tls: private key does not match public key"},
		"key for all":               {recorded, func(d string) { os.Chmod(d+"/node.key", 0o644) }, "problem using security settings: key file DIR/node.key has permissions -rw-r--r--, exceeds -rwx------"},
		"key for a group":           {recorded, func(d string) { os.Chmod(d+"/node.key", 0o640) }, "problem using security settings: key file DIR/node.key has permissions -rw-r-----, exceeds -rwx------"},
		"key for a group 21.2":      {"v21.2.17", func(d string) { os.Chmod(d+"/node.key", 0o640) }, "problem using security settings: key file DIR/node.key has permissions -rw-r-----, exceeds -rwx------"},
		"key with all of the owner": {recorded, func(d string) { os.Chmod(d+"/node.key", 0o700) }, ""},
		"not for node":              {recorded, func(d string) { c := forNode("127.0.0.1"); c.Subject.CommonName = "db"; a.put(d, "node", c) }, `problem using security settings: client/server node certificate has principals ["db"], expected "node"`},
		"node as another name":      {recorded, func(d string) { c := forNode("node", "127.0.0.1"); c.Subject.CommonName = "db"; a.put(d, "node", c) }, ""},
		"node as another name 2.0":  {"v2.0.7", func(d string) { c := forNode("node", "127.0.0.1"); c.Subject.CommonName = "db"; a.put(d, "node", c) }, `problem using security settings: client/server node certificate has principals ["db"], expected "node"`},
		"a certificate for each end": {recorded, func(d string) {
			c := forNode("127.0.0.1")
			c.Subject.CommonName, c.ExtKeyUsage = "db", []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
			a.put(d, "node", c)
			a.put(d, "client.node", forUser("node"))
		}, ""},
		"empty file":        {recorded, func(d string) { write(t, d+"/node.crt", nil, 0o644) }, "problem using security settings: empty certificate file: node.crt"},
		"other files":       {recorded, func(d string) { write(t, d+"/notes.crt", []byte("x"), 0o644); os.Mkdir(d+"/old.crt", 0o755) }, ""},
		"console's own":     {"v24.1.6", func(d string) { a.put(d, "ui", forNode("127.0.0.1")); trustAs(t, d, "ca-ui.crt", a) }, ""},
		"console's own bad": {"v24.1.6", func(d string) { a.put(d, "ui", forNode("127.0.0.1")); os.Chmod(d+"/ui.key", 0o644) }, "problem with UI certificate: key file DIR/ui.key has permissions -rw-r--r--, exceeds -rwx------"},
		"console's 2.0":     {"v2.0.7", func(d string) { a.put(d, "ui", forNode("127.0.0.1")); os.Chmod(d+"/ui.key", 0o644) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := secured(a, nodes(t, c.tag, 1))[0]
			n.spellOld()
			c.change(n.certs)
			n.start()
			if c.fault == "" {
				n.healthy()
				return
			}
			text := "ERROR: cannot load certificates.\nCheck your certificate settings, set --certs-dir, or use --insecure for insecure clusters.\n\nfailed to start server: " + strings.ReplaceAll(c.fault, "DIR", n.certs) + "\n"
			if c.tag == "v2.0.7" {
				text = "Error: " + strings.TrimPrefix(text, "ERROR: ")
			}
			framed := "*\n* ERROR: " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n* ") + "\n*\n"
			if code := n.exit(); code != 1 || n.stderr() != framed+text+"Failed running \"start\"\n" || n.out() != "" {
				t.Errorf("exit %d\n%s\nwant exit 1\n%s", code, n.stderr(), framed+text)
			}
		})
	}
}

func trustAs(t *testing.T, dir, name string, a *authority) {
	write(t, filepath.Join(dir, name), a.pem, 0o644)
}

// TestReload: SIGHUP changes what new connections get, all of it or nothing, and those that
// are there go on. Measure: 11-certs, "SIGHUP reloads certificates", and section 5.3.
func TestReload(t *testing.T) {
	t.Parallel()
	for _, tag := range secureVersions {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			a, b := newAuthority(t), newAuthority(t)
			n := secured(a, nodes(t, tag, 1))[0]
			n.spellOld()
			initialised(t, []*node{n})
			serial, trusted := look(t, n.rpc, true)
			sessions := tls.NewLRUClientSessionCache(0)
			look(t, n.rpc, false, sessions)
			hup := func(line string) {
				t.Helper()
				before := strings.Count(n.log(), line)
				n.signal(syscall.SIGHUP)
				until(t, "the log says "+line+"\n"+n.log(), func() bool { return strings.Count(n.log(), line) > before })
			}
			if trusted != 1 {
				t.Errorf("%d authorities", trusted)
			}
			// A pair that does not match, and a certificate that is gone, change nothing.
			key := read(t, n.certs+"/node.key")
			trust(t, n.certs, a, b)
			write(t, n.certs+"/node.key", read(t, n.certs+"/client.root.key"), 0o600)
			hup("could not reload certificates: problem using security settings: tls: private key does not match public key")
			os.Rename(n.certs+"/node.crt", n.certs+"/aside")
			hup("could not reload certificates: reload would lose valid node cert: not found")
			os.Rename(n.certs+"/aside", n.certs+"/node.crt")
			if s, k := look(t, n.rpc, true); s != serial || k != 1 {
				t.Errorf("after reloads that failed: serial %s, %d authorities", s, k)
			}
			write(t, n.certs+"/node.key", key, 0o600)
			hup("successfully reloaded certificates")
			if s, k := look(t, n.rpc, false); s != serial || k != 2 {
				t.Errorf("with both authorities: serial %s, %d authorities", s, k)
			}
			if !strings.Contains(n.log(), `received signal "hangup", triggering certificate reload`) {
				t.Error("the log does not tell of the signal")
			}
			// The other authority's certificates are good now.
			b.put(n.certs, "client.root", forUser("root"))
			late := forNode(loopbacks...)
			late.NotAfter = time.Now().Add(42 * time.Hour)
			b.put(n.certs, "node", late)
			hup("successfully reloaded certificates")
			if s, _ := look(t, n.rpc, true); s == serial {
				t.Error("the old certificate is served")
			}
			if s, _ := look(t, n.rpc, false, sessions); s == serial {
				t.Error("a session from before the reload was resumed")
			}
			n.sql("select 1")
			_, vars := n.get("/_status/vars")
			if want := "security_certificate_expiration_node " + scientific(late.NotAfter.Unix()); !strings.Contains(vars, want) {
				t.Errorf("metrics without %q", want)
			}
		})
	}
}

// TestWrongNodes: a node of another authority, and one without TLS, do not get into a secure
// cluster, nor a secure one into an insecure one. Measure: 11b.
func TestWrongNodes(t *testing.T) {
	t.Parallel()
	a, b := newAuthority(t), newAuthority(t)
	for name, c := range map[string]struct{ here, there *authority }{
		"another authority": {a, b}, "insecure to secure": {a, nil}, "secure to insecure": {nil, b},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := nodes(t, recorded, 2)
			for i, x := range []*authority{c.here, c.there} {
				if x != nil {
					all[i].certs = x.folder()
				}
			}
			n, stranger := all[0], all[1]
			n.join = n.join[:1]
			initialised(t, []*node{n})
			stranger.join = stranger.join[:1]
			stranger.start().healthy()
			mine := map[string]string{
				"another authority":  `latest connection error: connection error: desc = "transport: authentication handshake failed: x509: certificate signed by unknown authority (possibly because of`,
				"insecure to secure": `latest connection error: connection closed`,
				"secure to insecure": `latest connection error: connection error: desc = "transport: authentication handshake failed: tls: first record does not look like a TLS handshake"`,
			}[name]
			until(t, "the stranger's log says "+mine+"\n"+stranger.log(), func() bool {
				return strings.Contains(stranger.log(), "[n?] failed to start gossip client to "+n.rpc+": initial connection heartbeat failed: rpc error: code = Unavailable desc = all SubConns are in TransientFailure, "+mine)
			})
			if theirs := map[string]string{"another authority": "remote error: tls: bad certificate", "insecure to secure": "tls: first record does not look like a TLS handshake"}[name]; theirs != "" {
				until(t, "the node's log says "+theirs, func() bool {
					return strings.Contains(n.log(), "grpc: Server.Serve failed to complete security handshake from \"127.0.0.1:") && strings.Contains(n.log(), ": "+theirs)
				})
			}
			if code, body := stranger.get("/health?ready=1"); code != 503 || body != errorBody("node is waiting for cluster initialization", 14) {
				t.Errorf("ready: %d %q", code, body)
			}
			if out := n.cockroach("node", "ls", "--format=csv").out; out != "id\n1\n" {
				t.Errorf("node ls: %q", out)
			}
		})
	}
}

// TestCertificateForAnotherHost: the node warns, and is not healthy until it gets a better one.
// Measure: 11b, "node with certificates from directory 'wronghost' joins".
func TestCertificateForAnotherHost(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	n := secured(a, nodes(t, recorded, 1))[0]
	a.put(n.certs, "node", forNode("other.example"))
	n.start()
	bad := `all SubConns are in TransientFailure, latest connection error: connection error: desc = "transport: authentication handshake failed: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"`
	until(t, "health answers", func() bool { code, _ := n.get("/health"); return code != 0 })
	for _, path := range []string{"/health", "/health?ready=1"} {
		if code, body := n.get(path); code != 503 || body != errorBody(bad, 14) {
			t.Errorf("%s: %d %q", path, code, body)
		}
	}
	want := "*\n* WARNING: [n?] advertise address \"127.0.0.1\" not in node certificate (IP=; DNS=other.example; CN=node)\n" +
		"* advertise SQL address \"127.0.0.1\" not in node certificate (IP=; DNS=other.example; CN=node)\n* Secure client connections are likely to fail.\n" +
		"* Consider extending the node certificate or tweak --listen-addr/--advertise-addr/--sql-addr/--advertise-sql-addr.\n*\n"
	if !strings.HasPrefix(n.stderr(), want) {
		t.Errorf("standard error %q", n.stderr())
	}
	if r := n.cockroach("sql", "-e", "select 1"); r.code != 1 || r.err != "ERROR: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs\nFailed running \"sql\"\n" {
		t.Errorf("sql: %+v", r)
	}
	a.put(n.certs, "node", forNode("127.0.0.1"))
	n.signal(syscall.SIGHUP)
	n.healthy()
}

// TestUnreachableMember: such a node gets into its cluster, for it can call the others, and shows live;
// the others go on without it. Measure: 11b, as above. The real one prints its banner too, which the
// stand-in does not: nobody can bring it the log.
func TestUnreachableMember(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	all := secured(a, nodes(t, recorded, 3))
	initialised(t, all[:2])
	a.put(all[2].certs, "node", forNode("other.example"))
	all[2].start()
	until(t, "the node is a member that lives", func() bool {
		lines := strings.Split(all[0].cockroach("node", "status", "--format=csv").out, "\n")
		return len(lines) == 5 && strings.HasPrefix(lines[3], "3,"+all[2].rpc) && strings.HasSuffix(lines[3], ",true,true")
	})
	bad := "latest connection error: connection error: desc = \"transport: authentication handshake failed: x509: cannot validate certificate for 127.0.0.3 because it doesn't contain any IP SANs\""
	until(t, "the others say why they do not reach it", func() bool { return strings.Contains(all[0].log()+all[1].log(), bad) })
	if code, _ := all[2].get("/health"); code != 503 {
		t.Errorf("/health of the node: %d", code)
	}
	all[0].sql("create database app", "create table app.t (id int primary key)", "insert into app.t values (1)")
	if out := all[1].sql("select * from app.t"); out != "id\n1\n" {
		t.Errorf("the others' data: %q", out)
	}
}
