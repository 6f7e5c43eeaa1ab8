package cli_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"net/http"
	"net/http/httptest"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// signer is a scheduler that signs, with what is to be wrong with its answers.
type signer struct {
	*httptest.Server
	key   *ecdsa.PrivateKey
	ca    *x509.Certificate
	caPEM string

	known    wire.Certificates
	refuse   *canned  // the answer to a signing request
	name     string   // who the certificate is for, in place of the user
	otherKey bool     // it is for another key
	server   bool     // it is for a server
	noPG     bool     // where the database is reached is not known
	dns      []string // names of the nodes, none in most tests
	asked    []wire.ClientRequest
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	s := &signer{known: secured()}
	s.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(1000 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &s.key.PublicKey, s.key)
	if err != nil {
		t.Fatal(err)
	}
	if s.ca, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	s.caPEM = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *signer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.Method + " " + r.URL.Path {
	case "GET /v1/certificates":
		_ = json.NewEncoder(w).Encode(s.known)
	case "GET /v1/endpoints/pg":
		if s.noPG {
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		_ = json.NewEncoder(w).Encode(wire.Endpoint{VIP: "pg.cockroachdb.l4lb.thisdcos.directory:26257", DNS: s.dns})
	case "POST /v1/certificates/client":
		if s.refuse != nil {
			w.Header().Set("Content-Type", s.refuse.kind)
			w.WriteHeader(s.refuse.status)
			_, _ = w.Write([]byte(s.refuse.body))
			return
		}
		_ = json.NewEncoder(w).Encode(s.sign(r))
	default:
		http.NotFound(w, r)
	}
}

func (s *signer) sign(r *http.Request) wire.ClientIssued {
	var request wire.ClientRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		panic(err)
	}
	s.asked = append(s.asked, request)
	block, _ := pem.Decode([]byte(request.Request))
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: request.User}, NotBefore: time.Now().Add(-time.Minute),
		NotAfter: time.Now().Add(720*time.Hour + time.Minute), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	key := csr.PublicKey
	if s.name != "" {
		template.Subject.CommonName = s.name
	}
	if s.otherKey {
		key = &s.key.PublicKey
	}
	if s.server {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, s.ca, key, s.key)
	if err != nil {
		panic(err)
	}
	return wire.ClientIssued{Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), CA: s.caPEM, Serial: "4d", NotAfter: template.NotAfter}
}

func (s *signer) run(t *testing.T, args ...string) outcome {
	t.Helper()
	return run(t, map[string]string{"COCKROACHDB_SCHEDULER_URL": s.URL}, append([]string{"certs", "client"}, args...)...)
}

// tree are the files below a folder with their modes.
func tree(t *testing.T, root string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		list = append(list, info.Mode().String()+" "+filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAClientCertificateThatWorks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		flags []string
		files []string
		rsa   bool
	}{
		{"elliptic", nil, []string{"drwx------ a b", "drwx------ a b/certs", "-rw-r--r-- a b/certs/ca.crt", "-rw-r--r-- a b/certs/client.max-roach.crt", "-rw------- a b/certs/client.max-roach.key"}, false},
		{"java", []string{"--pkcs8", "--rsa", "--lifetime", "720h30m"}, []string{"drwx------ a b", "drwx------ a b/certs", "-rw-r--r-- a b/certs/ca.crt", "-rw-r--r-- a b/certs/client.max-roach.crt",
			"-rw------- a b/certs/client.max-roach.key", "-rw------- a b/certs/client.max-roach.key.pk8"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, root := newSigner(t), t.TempDir()
			dir := filepath.Join(root, "a b", "certs")
			o := s.run(t, append([]string{"max-roach", "--out", dir}, tt.flags...)...)
			if o.exit != 0 || o.stderr != "" {
				t.Fatalf("exit %d: %s", o.exit, o.stderr)
			}
			if got := tree(t, root); runtime.GOOS != "windows" && !slices.Equal(got, tt.files) {
				t.Errorf("files\n%v, want\n%v", got, tt.files)
			}
			pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "client.max-roach.crt"), filepath.Join(dir, "client.max-roach.key"))
			if err != nil {
				t.Fatal(err)
			}
			if _, isRSA := pair.PrivateKey.(*rsa.PrivateKey); isRSA != tt.rsa {
				t.Errorf("the key is a %T", pair.PrivateKey)
			}
			if tt.rsa {
				der, err := os.ReadFile(filepath.Join(dir, "client.max-roach.key.pk8"))
				if err != nil {
					t.Fatal(err)
				}
				java, err := x509.ParsePKCS8PrivateKey(der)
				if err != nil || !pair.PrivateKey.(*rsa.PrivateKey).Equal(java.(crypto.PrivateKey)) {
					t.Errorf("the key for Java is another one: %v", err)
				}
				if s.asked[0].Lifetime != 2593800 {
					t.Errorf("lifetime %d", s.asked[0].Lifetime)
				}
			}
			if s.asked[0].User != "max-roach" {
				t.Errorf("asked for %q", s.asked[0].User)
			}
			connects(t, o.stdout, dir)
			got := strings.ReplaceAll(o.stdout, url.PathEscape(filepath.ToSlash(root)), "/home/me")
			got = strings.ReplaceAll(strings.ReplaceAll(got, filepath.ToSlash(root), "/home/me"), root, "/home/me")
			lines := strings.SplitN(got, "\n", 2)
			if !strings.Contains(lines[0], `user "max-roach" expires 2`) || !strings.HasSuffix(lines[0], "(in 30 days).") {
				t.Errorf("first line %q", lines[0])
			}
			checkGolden(t, "certs_client_"+tt.name, &fixture{Server: s.Server}, strings.Join(tt.flags, " "), outcome{stdout: lines[1]})
		})
	}
}

// connects reads the connection string as a driver does.
func connects(t *testing.T, printed, dir string) {
	t.Helper()
	_, line, _ := strings.Cut(printed, "Connection string:\n  ")
	line, _, _ = strings.Cut(line, "\n")
	u, err := url.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{"sslmode": {"verify-full"}, "sslrootcert": {filepath.ToSlash(filepath.Join(dir, "ca.crt"))},
		"sslcert": {filepath.ToSlash(filepath.Join(dir, "client.max-roach.crt"))}, "sslkey": {filepath.ToSlash(filepath.Join(dir, "client.max-roach.key"))}}
	if u.User.String() != "max-roach" || u.Host != "pg.cockroachdb.l4lb.thisdcos.directory:26257" || !reflect.DeepEqual(u.Query(), want) {
		t.Errorf("connection string %s: %v", line, u.Query())
	}
}

func TestAllFilesOfAClientOrNone(t *testing.T) {
	refused := &canned{400, "application/json", `{"message":"the certificate is not issued","faults":[{"field":"user","value":"root2","message":"has a bad name","remedy":"take another"},` +
		`{"field":"lifetime","value":"9000h","message":"is longer than the settings allow","remedy":"at most 8760h"},{"field":"request","value":"-----BEGIN","message":"is odd"}]}`}
	for name, tt := range map[string]struct {
		alter  func(*signer)
		before map[string]string // files
		flags  []string
		says   []string
		after  []string // names
	}{
		"refused": {func(s *signer) { s.refuse = refused }, nil, nil,
			[]string{"the certificate is not issued", `user "root2": has a bad name. Take another.`, `--lifetime "9000h": is longer`, "request: is odd"}, nil},
		"breaks off":     {func(s *signer) { s.refuse = &canned{500, "text/plain", "store is gone"} }, nil, nil, []string{"the scheduler failed to answer"}, nil},
		"changes":        {func(s *signer) { s.refuse = &canned{409, "text/plain", "the authority changes"} }, nil, nil, []string{"signs nothing now", "the authority changes"}, nil},
		"locked":         {func(s *signer) { s.refuse = &canned{503, "text/plain", "the passphrase does not open the key"} }, nil, nil, []string{"could not sign", "the passphrase does not open the key", "cockroachdb why"}, nil},
		"other key":      {func(s *signer) { s.otherKey = true }, nil, nil, []string{"the certificate is for another key"}, nil},
		"other user":     {func(s *signer) { s.name = "root" }, nil, nil, []string{`the certificate is for "root"`}, nil},
		"other use":      {func(s *signer) { s.server = true }, nil, nil, []string{"does not fit the authorities"}, nil},
		"insecure":       {func(s *signer) { s.known = wire.Certificates{} }, nil, nil, []string{"the service is not secure", "TLS_ENABLED=true"}, nil},
		"no authority":   {func(s *signer) { s.known.Authorities = nil }, nil, nil, []string{"none that it could sign with", "cockroachdb why"}, nil},
		"given pair":     {func(s *signer) { s.known.Source, s.known.Authorities[0].Signs = "pair", false }, nil, nil, []string{"was given finished certificates"}, nil},
		"key is there":   {nil, map[string]string{"certs/client.max.key": "mine"}, nil, []string{"client.max.key\": is there already", "--force"}, []string{"certs", "certs/client.max.key"}},
		"both are there": {nil, map[string]string{"certs/client.max.key": "mine", "certs/client.max.crt": "mine"}, nil, []string{"2 settings cannot be used", "client.max.crt"}, []string{"certs", "certs/client.max.crt", "certs/client.max.key"}},
		"other ca":       {nil, map[string]string{"certs/ca.crt": "another"}, nil, []string{"with other authorities"}, []string{"certs", "certs/ca.crt"}},
		"no folder":      {nil, map[string]string{"certs": "a file"}, nil, []string{"--out", "cannot be written: not a directory"}, []string{"certs"}},
		"folder in the way": {nil, map[string]string{"certs/client.max.key/x": "", "certs/ca.crt": "another"}, []string{"--force"}, []string{"is a folder"},
			[]string{"certs", "certs/ca.crt", "certs/client.max.key", "certs/client.max.key/x"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, root := newSigner(t), t.TempDir()
			if tt.alter != nil {
				tt.alter(s)
			}
			for file, text := range tt.before {
				path := filepath.Join(root, filepath.FromSlash(file))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			o := s.run(t, append([]string{"max", "--out", filepath.Join(root, "certs")}, tt.flags...)...)
			if o.exit != 1 || o.stdout != "" {
				t.Errorf("exit %d, stdout %q", o.exit, o.stdout)
			}
			for _, text := range tt.says {
				if !strings.Contains(o.stderr, text) {
					t.Errorf("stderr lacks %q:\n%s", text, o.stderr)
				}
			}
			var names []string
			for _, line := range tree(t, root) {
				_, name, _ := strings.Cut(line, " ")
				names = append(names, name)
			}
			if !slices.Equal(names, tt.after) {
				t.Errorf("files %q, want %q", names, tt.after)
			}
			for file, text := range tt.before {
				if got, err := os.ReadFile(filepath.Join(root, file)); err != nil || string(got) != text {
					t.Errorf("%s holds %q now (%v)", file, got, err)
				}
			}
		})
	}
}

func TestFilesOfAClientAreReplacedWhenAsked(t *testing.T) {
	s, dir := newSigner(t), t.TempDir()
	for _, flags := range [][]string{nil, {"--force", "--json"}} {
		if o := s.run(t, append([]string{"max", "--out", dir}, flags...)...); o.exit != 0 {
			t.Fatal(o.stderr)
		}
	}
	// ca.crt is the same for all users of a folder.
	if o := s.run(t, "other", "--out", dir); o.exit != 0 {
		t.Fatal(o.stderr)
	}
	if got := tree(t, dir); len(got) != 5 {
		t.Errorf("files %q", got)
	}
	if _, err := tls.LoadX509KeyPair(filepath.Join(dir, "client.max.crt"), filepath.Join(dir, "client.max.key")); err != nil {
		t.Error(err)
	}
}

func TestAFileIsWrittenThoughNobodyKnowsWhereTheDatabaseIs(t *testing.T) {
	s, dir := newSigner(t), t.TempDir()
	s.noPG = true
	o := s.run(t, "max", "--out", dir)
	if o.exit != 0 || !strings.Contains(o.stdout, "postgresql://max@<host>:26257/") || !strings.Contains(o.stderr, "The files are written.") || len(tree(t, dir)) != 3 {
		t.Errorf("exit %d\n%s%s", o.exit, o.stdout, o.stderr)
	}
}

// Without DC/OS there is nobody who knows virtual addresses.
func TestTheFirstNodeIsNamedWithoutDCOS(t *testing.T) {
	s, dir := newSigner(t), t.TempDir()
	s.dns = []string{"10.0.0.7:26257", "10.0.0.8:26257"}
	if o := s.run(t, "max", "--out", dir); !strings.Contains(o.stdout, "postgresql://max@10.0.0.7:26257/") {
		t.Errorf("exit %d\n%s%s", o.exit, o.stdout, o.stderr)
	}
}

func TestNamesOfSQLUsersAreCheckedBeforeTheCall(t *testing.T) {
	long := strings.Repeat("x", 64)
	for _, tt := range []struct {
		args string
		says []string
	}{
		{"Max", []string{"has capitals", "Write max."}},
		{"-- -max", []string{"begins with a hyphen"}},
		{"../x", []string{`user "../x": has characters`}},
		{"a/b", []string{"has characters that names of SQL users cannot have"}},
		{"m\u00fcller max=", []string{"unexpected argument"}},
		{"a=b", []string{"has characters"}},
		{"node", []string{"the name that the nodes themselves have"}},
		{"X!" + long + " --lifetime 1s", []string{"4 settings cannot be used", "has 66 characters", "has capitals", "has characters", `--lifetime "1s": is shorter`}},
		{"max --lifetime -1h", []string{"is shorter than a minute"}},
		{"", []string{"the name of the SQL user is missing"}},
		{"..", []string{`".." cannot be the name of the SQL user`}},
	} {
		s, dir := newSigner(t), filepath.Join(t.TempDir(), "certs")
		o := s.run(t, append([]string{"--out", dir}, strings.Fields(tt.args)...)...)
		if _, err := os.Stat(dir); o.exit != 1 || err == nil || len(s.asked) > 0 {
			t.Errorf("%s: exit %d, asked %v", tt.args, o.exit, s.asked)
		}
		for _, text := range tt.says {
			if !strings.Contains(o.stderr, text) {
				t.Errorf("%s: stderr lacks %q:\n%s", tt.args, text, o.stderr)
			}
		}
	}
	if o := newSigner(t).run(t, "max"); o.exit != 1 || !strings.Contains(o.stderr, "the folder --out is missing") {
		t.Errorf("without a folder: %s", o.stderr)
	}
}
