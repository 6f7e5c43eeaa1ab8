package node

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const secureName = "cockroachdb-0-node-init.crdb.example"

// secureTask is a task of a secure service and the authority behind its scheduler.
func secureTask(t *testing.T) (*task, *authority) {
	k, a := newTask(t, fakeConfig{Version: "v24.1.6"}), newAuthority(t)
	a.names = []string{secureName}
	a.handle(k.scheduler.mux)
	k.env["CRDB_INIT"], k.env["CRDB_TLS"], k.env["CRDB_TLS_TOKEN"], k.env["CRDB_TLS_NAME"] = "true", "true", "one-time-token", secureName
	return k, a
}

// TestSecureNode runs a secure node's life: certificates, init, ready over TLS, its cluster by SQL, what is served, a renewal, and a
// person's SIGHUP.
func TestSecureNode(t *testing.T) {
	k, a := secureTask(t)
	k.start()
	k.until("ready", func() bool { return k.ready() == nil })
	k.until("reported", func() bool { return len(k.scheduler.seen()) == 1 })
	if got := k.scheduler.seen()[0].ClusterID; got != fakeClusterID {
		t.Errorf("reported cluster %s", got)
	}
	if err := k.live(); err != nil {
		t.Error(err)
	}
	k.needSaid("running cockroach start --certs-dir="+filepath.Join(k.memory.Path, "cockroachdb-node-"), "this node is in cluster "+fakeClusterID)
	first := ""
	k.until("served", func() bool { first = a.lastServed().Serial; return first != "" && a.lastServed().Problem == "" })
	a.set(func() { a.renew = true })
	k.until("another one is served", func() bool { w := a.lastServed(); return w.Serial != first && w.Problem == "" })
	if err := k.ready(); err != nil {
		t.Errorf("after the renewal: %v", err)
	}
	hangups := strings.Count(k.out.String(), "fake: hangup")
	k.signals <- syscall.SIGHUP
	k.until("a person's hangup", func() bool { return strings.Count(k.out.String(), "fake: hangup") > hangups })
	for _, secret := range []string{"one-time-token", "PRIVATE KEY"} {
		if k.said(secret) {
			t.Errorf("it says %q", secret)
		}
	}
	if at := k.keys(); len(at) != 2 || !strings.HasPrefix(at[0], k.memory.Path) || !strings.HasPrefix(at[1], k.memory.Path) {
		t.Errorf("keys are at %q", at)
	}
	found := 0
	_ = filepath.Walk(k.volume, func(path string, info os.FileInfo, err error) error {
		if strings.HasSuffix(path, ".key") || strings.HasSuffix(path, ".crt") {
			found++
		}
		return err
	})
	if found > 0 {
		t.Errorf("%d keys and certificates are on the volume", found)
	}
	// The check under another name fails, and the node still lives: what is not trusted is not dead.
	state, err := ReadState(k.sandbox)
	if err != nil {
		t.Fatal(err)
	}
	state.TLSName = "other.example"
	if err := WriteState(k.sandbox, state); err != nil {
		t.Fatal(err)
	}
	if err := k.ready(); err == nil || !strings.Contains(err.Error(), "not other.example") {
		t.Errorf("under another name: %v", err)
	}
	if err := k.live(); err != nil {
		t.Errorf("under another name: %v", err)
	}
	k.signals <- syscall.SIGTERM
	k.ended(0)
	k.noKeys()
}

// keys are the files with a private key, wherever the task can have put them, links followed.
func (k *task) keys() (at []string) {
	k.t.Helper()
	for _, root := range []string{k.sandbox, k.volume, k.memory.Path} {
		err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
			if err != nil || info.Size() > 1<<20 {
				return nil // it went meanwhile, or is a program
			}
			if target, err := os.Stat(path); err != nil || target.Size() > 1<<20 {
				return nil // a link to a program
			}
			if text, _ := os.ReadFile(path); strings.Contains(string(text), "PRIVATE KEY") {
				at = append(at, path)
			}
			return nil
		})
		if err != nil {
			k.t.Fatal(err)
		}
	}
	return at
}

// noKeys looks that a task which has ended left none.
func (k *task) noKeys() {
	k.t.Helper()
	left, err := os.ReadDir(k.memory.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || len(left) > 0 || len(k.keys()) > 0 {
		k.t.Errorf("%v, %v and %q are left", err, left, k.keys())
	}
}

// TestSecureNodeWithoutMemory is one on an agent without /dev/shm, and one after a helper that was killed.
func TestSecureNodeWithoutMemory(t *testing.T) {
	k, _ := secureTask(t)
	k.memory.Check = func(string) error { return errors.New("it is not of type tmpfs") }
	k.start()
	k.until("ready", func() bool { return k.ready() == nil })
	k.needSaid("WARNING: the private keys of this task are in its sandbox", "every user who is logged in", "--certs-dir="+filepath.Join(k.sandbox, "certs"))
	k.signals <- syscall.SIGTERM
	k.ended(0)
	k.noKeys()
}

// TestKilledHelperLeavesItsKeysToTheNext: one that has no certificates itself takes them away too.
func TestKilledHelperLeavesItsKeysToTheNext(t *testing.T) {
	k, _ := secureTask(t)
	k.memory.Path = filepath.Join(k.sandbox, "shm") // where the program of its own finds it
	if err := os.Mkdir(k.memory.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	helper := k.program()
	k.until("keys", func() bool { return len(k.keys()) > 0 && k.ready() == nil })
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = helper.Wait()
	if len(k.keys()) == 0 {
		t.Fatal("who removed them?")
	}
	next := newTask(t, fakeConfig{Version: "v24.1.6", ExitAtOnce: 1})
	next.memory = k.memory
	next.start()
	next.ended(1)
	next.needSaid("removed the private keys that a killed helper left in " + k.memory.Path)
	k.noKeys()
}

func TestSecureNodeWithoutACertificate(t *testing.T) {
	for name, c := range map[string]struct {
		change func(k *task, a *authority)
		says   string
	}{
		"used token":    {func(_ *task, a *authority) { a.status = 410 }, "the token of this launch was used with another key"},
		"refused token": {func(_ *task, a *authority) { a.status = 403 }, "the scheduler does not take the token"},
		"wrong names":   {func(_ *task, a *authority) { a.names = nil }, "the node's certificate: x509: certificate is valid for localhost, not " + secureName},
		"no room":       {func(k *task, _ *authority) { _ = os.Mkdir(filepath.Join(k.sandbox, "ca.crt"), 0o700) }, "write the file ca.crt"},
	} {
		k, a := secureTask(t)
		c.change(k, a)
		k.start()
		k.ended(tasks.ExitCertificate)
		k.needSaid("ERROR: ", c.says)
		if k.said("running cockroach") {
			t.Errorf("%s: the database was started", name)
		}
		k.noKeys()
	}
}

func TestSecureNodeWaitsForTheScheduler(t *testing.T) {
	k, a := secureTask(t)
	a.set(func() { a.status = 503 })
	k.start()
	k.until("it says so", func() bool { return k.said("cannot get certificates from the scheduler") })
	if err := k.live(); err != nil {
		t.Errorf("while it waits: %v", err)
	}
	a.set(func() { a.status = 0 })
	k.until("ready", func() bool { return k.ready() == nil })
	k.signals <- syscall.SIGTERM
	k.ended(0)
}

func TestSignalWhileWaitingForACertificate(t *testing.T) {
	k, a := secureTask(t)
	a.set(func() { a.status = 503 })
	k.start()
	k.until("it says so", func() bool { return k.said("cannot get certificates from the scheduler") })
	k.signals <- syscall.SIGTERM
	k.ended(128 + int(syscall.SIGTERM))
	k.noKeys()
}

func TestAdvertisedAddressThatTheCertificateLacks(t *testing.T) {
	k, _ := secureTask(t)
	k.env["CRDB_ADVERTISE"] = "127.0.0.9:26257"
	k.start()
	k.until("it says so", func() bool { return k.said("WARNING: the certificate lacks 127.0.0.9, which this node advertises") })
	k.until("it was started all the same", k.phase(Waiting))
	k.signals <- syscall.SIGTERM
	k.ended(0)
}

// TestDatabaseThatCannotConnectToItself has the answer of v20.1.5 with such a certificate (T:11b).
func TestDatabaseThatCannotConnectToItself(t *testing.T) {
	answer := `{"error": "all SubConns are in TransientFailure, latest connection error: connection error: desc = \"transport: authentication handshake failed: ` +
		`x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs\"", "code": 14}`
	address := peerServer(t, func(w http.ResponseWriter, _ string) {
		w.WriteHeader(503)
		_, _ = w.Write([]byte(answer))
	})
	at, err := cockroach.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	out := &lockedBuffer{}
	m := &membership{settings: Settings{HTTP: at, Advertise: at}, web: plainWeb(), names: "localhost", journal: NewJournal(out, time.Now), poll: time.Millisecond}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := m.waitForCluster(ctx, address); err == nil {
		t.Error("it is in a cluster")
	}
	const says = "the certificate lacks the name or address that was dialled. It advertises "
	if text := out.String(); strings.Count(text, says) != 1 || !strings.Contains(text, "good for localhost") {
		t.Errorf("said:\n%s", text)
	}
}

// TestPeersOfASecureCluster: one that wants a login is in a cluster, whose id SQL tells; one that cannot tell it still is.
func TestPeersOfASecureCluster(t *testing.T) {
	address := peerServer(t, func(w http.ResponseWriter, _ string) { w.WriteHeader(401) })
	nodes := plainWeb()
	for name, c := range map[string]struct {
		asker clusterAsker
		id    string
	}{
		"told": {func(context.Context, string) (string, error) { return otherID, nil }, otherID}, "not told": {func(context.Context, string) (string, error) { return "", errors.New("no") }, ""}, "nobody asks": {nil, ""},
	} {
		nodes.cluster = c.asker
		got, id, err := nodes.askCluster(t.Context(), address)
		if got != cockroach.Member || id != c.id || (err == nil) != (c.id != "") {
			t.Errorf("%s: %v %q %v", name, got, id, err)
		}
	}
	if others := foreign([]peerAnswer{{address: address, membership: cockroach.Member}}, otherID); len(others) > 0 {
		t.Errorf("a peer that does not tell its cluster counts as foreign: %q", others)
	}
}

func TestSQLAddress(t *testing.T) {
	at := func(host string, port int) cockroach.Address { return cockroach.Address{Host: host, Port: port} }
	s := Settings{Listen: at("", 26257), HTTP: at("", 8080), Advertise: at("n0", 26257), Join: []cockroach.Address{at("n0", 26257), at("n1", 26258)}}
	for address, want := range map[string]cockroach.Address{"127.0.0.1:8080": at("127.0.0.1", 26257), "n1:8080": at("n1", 26258), "n2:8080": {}, "n0:8080": {}} {
		if got, known := sqlAddress(s, address); got != want || known != (want != cockroach.Address{}) {
			t.Errorf("%s: %v, %v", address, got, known)
		}
	}
	s.JoinHTTP = []cockroach.Address{at("n5", 1), at("n6", 2)}
	if got, _ := sqlAddress(s, "n6:2"); got != at("n1", 26258) {
		t.Errorf("got %v", got)
	}
}

func TestSchedulerOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			t.Error("a redirect was followed")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	response, err := SchedulerAccess{URL: server.URL, CA: inPEM(server.Certificate().Raw)}.Client(time.Second).Get(server.URL)
	if err != nil || response.StatusCode != http.StatusTemporaryRedirect {
		t.Fatalf("%v, %v", response, err)
	}
	response.Body.Close()
	var unknown x509.UnknownAuthorityError
	if _, err := (SchedulerAccess{URL: server.URL}).Client(time.Second).Get(server.URL); !errors.As(err, &unknown) {
		t.Errorf("without its authority: %v", err)
	}
}

func TestLastReload(t *testing.T) {
	const failed = "E261122 07:19:30.7 34 security/certificate_manager.go:181  could not reload certificates: problem with node.crt\n"
	const done = "I261122 07:19:31.7 34 security/certificate_manager.go:183  successfully reloaded certificates\n"
	for log, want := range map[string]string{
		failed: "could not reload certificates: problem with node.crt", failed + done: "", done + failed + "other\n": "could not reload certificates: problem with node.crt", "": "",
	} {
		if got := lastReload(log); got != want {
			t.Errorf("%q: %q", log, got)
		}
	}
	store := t.TempDir()
	if err := os.Mkdir(filepath.Join(store, "logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := reloadTrouble(store, time.Now()); got != "" {
		t.Errorf("without a log: %q", got)
	}
	if err := os.WriteFile(filepath.Join(store, "logs", "cockroach.log"), []byte(strings.Repeat("x", reloadTail)+"\n"+failed), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := reloadTrouble(store, time.Now()); got == "" {
		t.Error("the log's end was not read")
	}
	if got := reloadTrouble(store, time.Now().Add(time.Hour)); got != "" {
		t.Errorf("an old complaint counts: %q", got)
	}
}
