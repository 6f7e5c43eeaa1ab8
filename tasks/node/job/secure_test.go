package job

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// admitted says whether a cluster with these authorities takes a client: with a certificate of root, or any where there are none.
func admitted(ca string, args []string) bool {
	if ca == "" {
		if !slices.Contains(args, "--insecure") {
			fmt.Fprintln(os.Stderr, "ERROR: server closed the connection.")
			return false
		}
		return true
	}
	dir := ""
	for _, arg := range args {
		if value, found := strings.CutPrefix(arg, "--certs-dir="); found {
			dir = value
		}
	}
	if dir == "" {
		fmt.Fprintln(os.Stderr, "ERROR: SSL authentication error while connecting.\n\npq: node is running secure mode, SSL connection required\nFailed running \"sql\"")
		return false
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "client.root.crt"), filepath.Join(dir, "client.root.key"))
	if err == nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(ca))
		_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ERROR: SSL authentication error while connecting.\n\nremote error: tls: bad certificate\nFailed running \"sql\"")
		return false
	}
	return true
}

// signer is an authority that answers signing requests with certificates of a user.
func signer(t *testing.T) (ca string, sign func(user string) func(request string) (string, string)) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return ca, func(user string) func(string) (string, string) {
		return func(request string) (string, string) {
			block, _ := pem.Decode([]byte(request))
			if block == nil {
				t.Errorf("no signing request came: %q", request)
				return "", ""
			}
			csr, err := x509.ParseCertificateRequest(block.Bytes)
			if err != nil {
				t.Error(err)
				return "", ""
			}
			leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: user}, NotBefore: time.Now().Add(-time.Hour),
				NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
			der, err := x509.CreateCertificate(rand.Reader, leaf, template, csr.PublicKey, key)
			if err != nil {
				t.Error(err)
			}
			return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), ca
		}
	}
}

// secureBench is a job on a secure cluster.
func secureBench(t *testing.T, kind tasks.JobKind, certify func(string) (string, string), ca string) *bench {
	b := newBench(t, kind)
	b.env["CRDB_TLS"], b.db.CA = "true", ca
	b.scheduler = newFakeScheduler(t, tasks.Job{})
	b.scheduler.certify = certify
	return b
}

// gone looks that neither key nor certificate is left.
func (b *bench) gone() {
	b.t.Helper()
	entries, err := os.ReadDir(b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), "certs") {
			b.t.Errorf("%s is left", e.Name())
		}
	}
	if left, err := os.ReadDir(b.memory.Path); err != nil || len(left) > 0 {
		b.t.Errorf("%v is left, %v", left, err)
	}
}

func TestJobsOnASecureCluster(t *testing.T) {
	ca, sign := signer(t)
	b := secureBench(t, tasks.JobBackup, sign("root"), ca)
	b.succeeded(b.run())
	b.gone()
	b.kind, b.params.Into = tasks.JobRestore, "copy"
	b.succeeded(b.run())
	b.gone()
}

// holdsKey says whether a private key is in dir, links followed.
func holdsKey(dir string) bool {
	found := false
	_ = filepath.Walk(dir, func(path string, _ os.FileInfo, _ error) error {
		if info, err := os.Stat(path); err == nil && info.Size() < 1<<20 {
			text, _ := os.ReadFile(path) // folders have none
			found = found || strings.Contains(string(text), "PRIVATE KEY")
		}
		return nil
	})
	return found
}

// TestTheKeyOfAJobIsOutOfTheSandbox, but on an agent without memory for it.
func TestTheKeyOfAJobIsOutOfTheSandbox(t *testing.T) {
	ca, sign := signer(t)
	for _, missing := range []bool{false, true} {
		b := secureBench(t, tasks.JobBackup, sign("root"), ca)
		if missing {
			b.memory.Check = func(string) error { return errors.New("it is not of type tmpfs") }
		}
		b.db.DumpHangs = true
		where := make(chan [2]bool, 1)
		b.whenSaid("dumping", func() {
			where <- [2]bool{holdsKey(b.dir), holdsKey(b.memory.Path)}
			b.signals <- syscall.SIGTERM
		})
		b.run()
		if got := <-where; got != [2]bool{missing, !missing} {
			t.Errorf("missing %v: a key in sandbox and memory: %v", missing, got)
		}
		b.gone()
		if warned := strings.Contains(b.out.String(), "WARNING: the private keys of this task are in its sandbox"); warned != missing {
			t.Errorf("missing %v: said\n%s", missing, b.out)
		}
	}
}

func TestASecureJobThatIsStoppedLeavesNoKey(t *testing.T) {
	ca, sign := signer(t)
	b := secureBench(t, tasks.JobBackup, sign("root"), ca)
	b.db.DumpHangs = true
	b.stopWhen("dumping", syscall.SIGTERM)
	if end := b.run(); end.State != tasks.JobCancelled {
		t.Errorf("it ended as %+v", end)
	}
	b.gone()
}

func TestCertificatesThatAJobCannotUse(t *testing.T) {
	ca, sign := signer(t)
	_, signOther := signer(t)
	for name, c := range map[string]struct {
		certify func(string) (string, string)
		says    string
	}{
		"none":                 {func(string) (string, string) { return "", "" }, "no certificate came with the job"},
		"of another user":      {sign("joe"), `it is for "joe", and not for the user root`},
		"without authority":    {func(r string) (string, string) { text, _ := sign("root")(r); return text, "" }, "the authorities that came with the certificate: there is no certificate"},
		"of another authority": {func(r string) (string, string) { text, _ := signOther("root")(r); return text, ca }, "the certificate of the user root: x509"},
		"damaged":              {func(string) (string, string) { return "x", ca }, "there is no certificate in it"},
	} {
		b := secureBench(t, tasks.JobBackup, c.certify, ca)
		b.failed(b.run(), c.says)
		b.objects()
		b.gone()
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// TestASecureClusterAndAJobThatDoesNotKnow has the client's own words explained.
func TestASecureClusterAndAJobThatDoesNotKnow(t *testing.T) {
	ca, _ := signer(t)
	b := newBench(t, tasks.JobBackup)
	b.db.CA = ca
	b.pace.connect = 50 * time.Millisecond
	b.failed(b.run(), "SSL authentication error while connecting. (the node is secure, and the command came without certificates)")
}
