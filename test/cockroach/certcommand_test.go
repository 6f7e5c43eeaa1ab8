package cockroach_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestCertCommands: the commands of 11-certs, in their order, and what they leave.
func TestCertCommands(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	ca := []string{"--certs-dir=certs", "--ca-key=safe/ca.key"}
	for i, c := range []struct {
		args string
		err  string
	}{
		{"create-ca", "ERROR: failed to generate CA cert and key: could not write CA key to file safe/ca.key: open safe/ca.key: no such file or directory\n"},
		{"create-ca", ""}, // by now there is the folder
		{"create-ca", "ERROR: failed to generate CA cert and key: CA key safe/ca.key exists, but key reuse is disabled\n"},
		{"create-ca --allow-ca-key-reuse", "ERROR: failed to generate CA cert and key: could not write CA certificate file certs/ca.crt: open certs/ca.crt: file exists\n"},
		{"create-node localhost 127.0.0.1 db.example.internal *.crdb.svc", ""},
		{"create-node localhost 127.0.0.1", "ERROR: failed to generate node certificate and key: error writing node server certificate to certs/node.crt: open certs/node.crt: file exists\n"},
		{"create-node localhost 127.0.0.1 --overwrite", ""},
		{"create-node", "ERROR: create-node requires at least one host name or address, none was specified\n"},
		{"create-client root", ""},
		{"create-client maxroach --lifetime=48h --key-size=2048", ""},
		{"create-client Bad_Name!", "ERROR: failed to generate client certificate and key: username \"bad_name!\" invalid\nSQLSTATE: 42602\nHINT: Usernames are case insensitive, must start with a letter, digit or underscore, may contain letters, digits, dashes, periods, or underscores, and must not exceed 63 characters.\n"},
		{"create-client root2 --ca-key=safe/nosuch.key", "ERROR: failed to generate client certificate and key: error loading CA certificate certs/ca.crt and key safe/nosuch.key: open safe/nosuch.key: no such file or directory\n"},
	} {
		words := strings.Fields(c.args)
		args := append([]string{"cert", words[0]}, ca...)
		r := inProcess(t, recorded, append(args, words[1:]...)...)
		want := c.err
		if want != "" {
			want += "Failed running \"cert " + words[0] + "\"\n"
		}
		if r.err != want || r.out != "" || (r.code != 0) != (want != "") {
			t.Errorf("cert %s: exit %d %q %q; want %q", c.args, r.code, r.out, r.err, want)
		}
		if i == 0 {
			os.Mkdir("safe", 0o755)
		}
	}
	day := func(d time.Duration) string { return time.Now().UTC().Add(d).Format("2006/01/02") }
	const year = 366 * 24 * time.Hour
	list := "Certificate directory: certs\nUsage\tCertificate File\tKey File\tExpires\tNotes\tError\n" +
		"CA\tca.crt\t\t" + day(10*year) + "\tnum certs: 1\t\nNode\tnode.crt\tnode.key\t" + day(5*year) + "\taddresses: localhost,127.0.0.1\t\n" +
		"Client\tclient.maxroach.crt\tclient.maxroach.key\t" + day(48*time.Hour) + "\tuser: maxroach\t\n"
	root := "Client\tclient.root.crt\tclient.root.key\t" + day(5*year) + "\tuser: root\t\n"
	if r := inProcess(t, recorded, "cert", "list", "--certs-dir=certs"); r.out != list+root || r.err != "" || r.code != 0 {
		t.Errorf("cert list: %+v\nwant %s", r, list+root)
	}
	for file, mode := range map[string]os.FileMode{"certs/ca.crt": 0o644, "certs/node.crt": 0o644, "certs/node.key": 0o600, "certs/client.root.key": 0o600, "safe/ca.key": 0o600} {
		if fi, err := os.Stat(file); err != nil || fi.Mode() != mode {
			t.Errorf("%s: %v, %v; want %v", file, fi, err, mode)
		}
		if b, _ := os.ReadFile(file); strings.HasSuffix(file, ".key") && !strings.HasPrefix(string(b), "-----BEGIN RSA PRIVATE KEY-----\n") {
			t.Errorf("%s is no PKCS#1 key", file)
		}
	}
	os.Chmod("certs/client.root.key", 0o644)
	bad := "key file certs/client.root.key has permissions -rw-r--r--, exceeds -rwx------"
	if r := inProcess(t, recorded, "cert", "list", "--certs-dir=certs"); !strings.HasSuffix(r.out, "\nClient\tclient.root.crt\t\t"+day(5*year)+"\tuser: <unknown>\t"+bad+"\n") ||
		!strings.HasSuffix(r.err, "  error finding key for certs/client.root.crt: "+bad+"\n") || r.code != 0 {
		t.Errorf("cert list with a key for all: %+v", r)
	}

	node, authority, client := load(t, "certs/node.crt")[0], load(t, "certs/ca.crt")[0], load(t, "certs/client.root.crt")[0]
	if node.Subject.String() != "CN=node,O=Cockroach" || !slices.Equal(node.DNSNames, []string{"localhost"}) || len(node.IPAddresses) != 1 || !slices.Equal(node.ExtKeyUsage, both) {
		t.Errorf("node.crt: %v %v %v %v", node.Subject, node.DNSNames, node.IPAddresses, node.ExtKeyUsage)
	}
	if !authority.IsCA || authority.MaxPathLen != 1 || authority.Subject.String() != "CN=Cockroach CA,O=Cockroach" || node.CheckSignatureFrom(authority) != nil {
		t.Errorf("ca.crt: %v %d %v", authority.IsCA, authority.MaxPathLen, authority.Subject)
	}
	if client.Subject.CommonName != "root" || !slices.Equal(client.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}) {
		t.Errorf("client.root.crt: %v %v", client.Subject, client.ExtKeyUsage)
	}
	// Another authority goes before the old one in the same file.
	if r := inProcess(t, recorded, "cert", "create-ca", "--certs-dir=certs", "--ca-key=safe/second.key", "--overwrite"); r.code != 0 {
		t.Errorf("a second authority: %+v", r)
	}
	if all := load(t, "certs/ca.crt"); len(all) != 2 || !all[1].Equal(authority) {
		t.Errorf("ca.crt has %d certificates", len(all))
	}
	if r := inProcess(t, recorded, "cert", "create-node", "localhost", "--certs-dir=elsewhere", "--ca-key=safe/ca.key"); r.code != 1 ||
		!strings.Contains(r.err, "error loading CA certificate elsewhere/ca.crt and key safe/ca.key: open elsewhere/ca.crt: no such file or directory") {
		t.Errorf("no authority: %+v", r)
	}
}

func load(t *testing.T, path string) []*x509.Certificate {
	t.Helper()
	var all []*x509.Certificate
	for rest := read(t, path); ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return all
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
}

// TestHandMadeCluster: an authority and certificates made with 2.0's own command, a folder for each
// node without root's, and root's elsewhere: the way that clusters were set up by hand.
func TestHandMadeCluster(t *testing.T) {
	t.Parallel()
	const tag = "v2.0.7"
	all, keys := nodes(t, tag, 3), t.TempDir()
	admin := filepath.Join(keys, "certs")
	cert := func(dir string, args ...string) {
		t.Helper()
		if r := command(t, tag, append(append([]string{"cert"}, args...), "--certs-dir="+dir, "--ca-key="+filepath.Join(keys, "ca.key"))...); r.code != 0 {
			t.Fatalf("cert %v: %+v", args, r)
		}
	}
	cert(admin, "create-ca")
	cert(admin, "create-client", "root")
	for _, n := range all {
		n.certs = only(t, admin, "ca.crt")
		n.spellOld()
		host, _, _ := strings.Cut(n.rpc, ":")
		cert(n.certs, "create-node", host, "localhost")
		n.start().healthy()
	}
	if r := command(t, tag, "init", "--certs-dir="+admin, all[0].old[0], all[0].old[1]); r.code != 0 || r.out != "Cluster successfully initialized\n" {
		t.Fatalf("init: %+v", r)
	}
	for _, n := range all {
		n.ready()
	}
	if r := command(t, tag, "sql", "--format=csv", "--certs-dir="+admin, "-e", "select 1 as one", all[1].old[0], all[1].old[1]); r.out != "one\n1\n" {
		t.Errorf("sql: %+v", r)
	}
	if !strings.Contains(all[0].out(), "?sslmode=verify-full&sslrootcert=") || strings.Contains(all[0].out(), "sslcert") {
		t.Errorf("banner: %s", all[0].out())
	}
}
