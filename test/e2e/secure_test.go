package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const passphrase = "correct horse battery staple e2e"

// secured is a service that speaks TLS, with an authority of its own.
func secured(t *testing.T, m *mesos, settings ...string) *service {
	t.Helper()
	file := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(file, []byte(passphrase+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return install(t, m, append([]string{"TLS_ENABLED=true", "TLS_CA_PASSPHRASE=" + file}, settings...)...)
}

// credentials has a certificate made for a SQL user, and gives the folder that it is in.
func (s *service) credentials(t *testing.T, user string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "certs")
	said := s.ask(t, "certs", "client", user, "--out", dir)
	matches(t, "certs client", said, `postgresql://`+user+`@.*sslmode=verify-full`)
	for name, mode := range map[string]os.FileMode{".": 0o700, "ca.crt": 0o644, "client." + user + ".crt": 0o644, "client." + user + ".key": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %o, want %o", name, info.Mode().Perm(), mode)
		}
	}
	return dir
}

// sqlAs runs a statement as the user whose certificate is in the folder.
func sqlAs(t *testing.T, dir, user, ip, statement string) answer {
	t.Helper()
	return output(t, exec.CommandContext(t.Context(), filepath.Join(programs, "cockroach"),
		"sql", "--certs-dir="+dir, "--user="+user, "--host="+ip+":26257", "-e", statement))
}

// certificates is what the service knows of them.
func (s *service) certificates(t *testing.T) (wire.Certificates, error) {
	t.Helper()
	var list wire.Certificates
	got := s.cli(t, "certs", "list", "--json")
	if got.code != 0 {
		return list, fmt.Errorf("certs list: exit code %d: %s", got.code, got.stderr)
	}
	return list, json.Unmarshal([]byte(got.stdout), &list)
}

// serials are those of the nodes' certificates, which all have to be served.
func (s *service) serials(t *testing.T) map[string]string {
	t.Helper()
	serials := map[string]string{}
	eventually(t, s.process, "every node serves its certificate", func() error {
		list, err := s.certificates(t)
		if err != nil {
			return err
		}
		for _, node := range list.Nodes {
			if node.State != "served" {
				return fmt.Errorf("%s is %s", node.Task, node.State)
			}
			serials[node.Task] = node.Serial
		}
		return nil
	})
	return serials
}

// visitor connects to nodes all the time and counts what went wrong.
type visitor struct {
	lock   sync.Mutex
	roots  *x509.CertPool
	visits int
	faults []string
	end    context.CancelFunc
	done   sync.WaitGroup
}

// visit begins: a new connection to each node, one after the other, until stop.
func visit(t *testing.T, ips []string, bundle string) *visitor {
	t.Helper()
	v := &visitor{}
	v.trust(t, bundle)
	ctx, end := context.WithCancel(context.Background())
	v.end = end
	v.done.Go(func() {
		for ctx.Err() == nil {
			for _, ip := range ips {
				v.knock(ctx, ip)
			}
		}
	})
	t.Cleanup(func() { v.end(); v.done.Wait() })
	return v
}

func (v *visitor) trust(t *testing.T, bundle string) {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(bundle)) {
		t.Fatalf("no certificates in %q", bundle)
	}
	v.lock.Lock()
	defer v.lock.Unlock()
	v.roots = roots
}

func (v *visitor) knock(ctx context.Context, ip string) {
	v.lock.Lock()
	roots := v.roots
	v.lock.Unlock()
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+ip+":8123/health", nil)
	if err == nil {
		var answer *http.Response
		if answer, err = client.Do(request); err == nil {
			answer.Body.Close()
		}
	}
	v.lock.Lock()
	defer v.lock.Unlock()
	v.visits++
	if err != nil && ctx.Err() == nil {
		v.faults = append(v.faults, fmt.Sprintf("%s %v", time.Now().UTC().Format(time.TimeOnly), err))
	}
}

// stop ends the visits: none may have failed.
func (v *visitor) stop(t *testing.T) {
	t.Helper()
	v.end()
	v.done.Wait()
	if v.visits == 0 {
		t.Error("nobody connected")
	}
	for _, fault := range v.faults {
		t.Error(fault)
	}
	t.Logf("%d connections, none failed", v.visits)
}

// TestASecureCluster is a secure cluster's life: users with certificates, new certificates and a new authority under clients that
// connect all the time, without a restart of any node, and nothing secret left anywhere.
func TestASecureCluster(t *testing.T) {
	t.Parallel()
	m := machines(t, 3)
	s := secured(t, m, helperFromFile(), shortGrace, "LOG_LEVEL=debug", "BACKUP_CPUS=0.1")
	before := deployed(t, m, s)
	root := s.credentials(t, "root")
	if got := sqlAs(t, root, "root", m.ips[0], "CREATE USER maxroach"); got.code != 0 {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	for i, ip := range m.ips {
		user, dir := "maxroach", s.credentials(t, "maxroach")
		if got := sqlAs(t, dir, user, ip, "SELECT current_user()"); got.code != 0 || !strings.Contains(got.stdout, user) {
			t.Errorf("node %d as %s: exit code %d\n%s%s", i, user, got.code, got.stdout, got.stderr)
		}
		if got := sql(t, ip, "SELECT 1"); got.code == 0 || !strings.Contains(got.stderr, "SSL") {
			t.Errorf("node %d without TLS: exit code %d\n%s", i, got.code, got.stderr)
		}
	}
	matches(t, "endpoints pg", s.ask(t, "endpoints", "pg"), "sslmode=verify-full")
	matches(t, "insecure starts", strings.Join(commands(m), "\n"), "--certs-dir=")

	clients := visit(t, m.ips, s.ask(t, "certs", "show-ca"))
	first := s.serials(t)
	s.ask(t, "certs", "rotate")
	second := s.serials(t)
	for task, serial := range second {
		if serial == first[task] {
			t.Errorf("%s has the certificate that it had", task)
		}
	}
	// A scheduler that dies in the middle of a rotation has a successor that goes on.
	s.ask(t, "certs", "rotate", "--no-wait")
	s.kill()
	s.start(t)
	s.reaches(t, "rotate-certificates", wire.StatusComplete)
	if third := s.serials(t); same(third, second) || len(third) != 3 {
		t.Errorf("serials %v, and before %v", third, second)
	}

	s.changesItsAuthority(t, m, clients, root)
	clients.stop(t)
	now := look(t, m)
	if !same(now.processes, before.processes) || !maps.Equal(now.tasks, before.tasks) {
		t.Errorf("%v, and before %v: a node was restarted", now, before)
	}
	nothingSecret(t, m, s)

	// A node that is launched anew gets a certificate of the new authority, and leaves no key of its last launch.
	keys := keyFolders(t, m)
	s.ask(t, "pod", "restart", "cockroachdb-1")
	s.anew(t, m, node1, before.tasks[node1])
	s.serials(t)
	anew := keyFolders(t, m)
	if len(keys) != 3 || len(anew) != 3 {
		t.Fatalf("keys in %v, and before in %v", anew, keys)
	}
	for ip, folder := range keys {
		if _, err := os.Stat(folder); (err == nil) != (anew[ip] == folder) {
			t.Errorf("%s had its keys in %s and has them in %s: %v", ip, folder, anew[ip], err)
		}
	}

	// Nor does any node of a service that is no more.
	s.stop(t)
	s.set(uninstallAgain)
	s.start(t)
	s.isGone(t, m)
	eventually(t, s.process, "no keys are left", func() error { // a helper removes them once its database has ended
		for ip, folder := range anew {
			if _, err := os.Stat(folder); !os.IsNotExist(err) {
				return fmt.Errorf("%s left its keys in %s: %v", ip, folder, err)
			}
		}
		return nil
	})
}

// commands are the command lines of the databases.
func commands(m *mesos) []string {
	var list []string
	for _, pid := range m.databases() {
		list = append(list, commandLine(pid))
	}
	return list
}

// changesItsAuthority goes through the three steps, as a person does.
func (s *service) changesItsAuthority(t *testing.T, m *mesos, clients *visitor, root string) {
	t.Helper()
	old := s.ask(t, "certs", "show-ca")
	s.ask(t, "certs", "rotate", "--authority", "--yes", "--no-wait")
	waits := func(stage string) {
		t.Helper()
		eventually(t, s.process, "the change waits for somebody's word", func() error {
			list, err := s.certificates(t)
			if err == nil && (!strings.Contains(list.Waiting, "--proceed") || list.Change != stage) {
				err = fmt.Errorf("change %q, waiting %q", list.Change, list.Waiting)
			}
			return err
		})
	}
	waits("trust")
	both := s.ask(t, "certs", "show-ca")
	if strings.Count(both, "BEGIN CERTIFICATE") != 2 || !strings.Contains(both, strings.TrimSpace(old)) {
		t.Fatalf("the bundle has not the old and the new authority:\n%s", both)
	}
	clients.trust(t, both)
	s.ask(t, "certs", "rotate", "--proceed", "--no-wait")
	waits("reissue")
	fresh := s.credentials(t, "root")
	for _, dir := range []string{root, fresh} {
		bundle := filepath.Join(dir, "ca.crt")
		if err := os.WriteFile(bundle, []byte(both), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := sqlAs(t, dir, "root", m.ips[1], "SELECT 1"); got.code != 0 {
			t.Errorf("between the stages: exit code %d\n%s", got.code, got.stderr)
		}
	}
	s.ask(t, "certs", "rotate", "--proceed")
	s.reaches(t, "rotate-certificates", wire.StatusComplete)
	if now := s.ask(t, "certs", "show-ca"); strings.Count(now, "BEGIN CERTIFICATE") != 1 || now == old {
		t.Errorf("the bundle is\n%s", now)
	}
	if got := sqlAs(t, fresh, "root", m.ips[2], "SELECT 1"); got.code != 0 {
		t.Errorf("with a certificate of the new authority: exit code %d\n%s", got.code, got.stderr)
	}
	if got := sqlAs(t, root, "root", m.ips[2], "SELECT 1"); got.code == 0 {
		t.Error("a certificate of the old authority is still taken")
	}
}

// keyFolders are where the databases have their keys, by address: in memory, for their own user alone, and in no sandbox.
func keyFolders(t *testing.T, m *mesos) map[string]string {
	t.Helper()
	found := map[string]string{}
	for ip, pid := range m.databases() {
		for _, word := range strings.Fields(commandLine(pid)) {
			if certs, ok := strings.CutPrefix(word, "--certs-dir="); ok {
				found[ip] = filepath.Dir(certs)
			}
		}
		if !strings.HasPrefix(found[ip], "/dev/shm/cockroachdb-node-") {
			t.Errorf("the keys of %s are in %q", ip, found[ip])
		}
		for path, mode := range map[string]os.FileMode{"": 0o700, "certs/node.key": 0o600, "certs-client/client.root.key": 0o600} {
			if info, err := os.Stat(filepath.Join(found[ip], path)); err != nil || info.Mode().Perm() != mode {
				t.Errorf("%s/%s: %v, %v", found[ip], path, info, err)
			}
		}
	}
	return found
}

// nothingSecret looks for keys and the passphrase where others may read.
func nothingSecret(t *testing.T, m *mesos, s *service) {
	t.Helper()
	v := &vault{service: s, m: m}
	for _, place := range v.places(t) {
		for _, secret := range []string{"PRIVATE KEY", passphrase} {
			if strings.Contains(place.text, secret) {
				t.Errorf("%s holds %q", place.name, secret)
			}
		}
	}
}

// TestFromInsecureToSecureAndBack: a running cluster changes over with its data, all nodes at once, and only when somebody says so.
func TestFromInsecureToSecureAndBack(t *testing.T) {
	t.Parallel()
	m := machines(t, 3)
	s := install(t, m, helperFromFile(), "NODE_KILL_GRACE=10s")
	before := deployed(t, m, s)
	write(t, m.ips[0], "kept", "before the change")
	file := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(file, []byte(passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	again := func(settings ...string) {
		t.Helper()
		if code := s.stop(t); code != 0 {
			t.Errorf("exit code %d after SIGTERM", code)
		}
		s.set(settings...)
		s.start(t)
	}
	again("TLS_ENABLED=true", "TLS_CA_PASSPHRASE="+file)
	s.reaches(t, "deploy", wire.StatusError)
	matches(t, "plan status deploy", s.ask(t, "plan", "status", "deploy"), "TLS_CHANGE=full-stop")
	if now := look(t, m); !same(now.processes, before.processes) {
		t.Errorf("processes %v, and before %v", now.processes, before.processes)
	}
	again("TLS_CHANGE=full-stop")
	s.reaches(t, "deploy", wire.StatusComplete)
	root := s.credentials(t, "root")
	for _, ip := range m.ips {
		if got := sqlAs(t, root, "root", ip, "SELECT name FROM kept"); got.code != 0 || !strings.Contains(got.stdout, "before the change") {
			t.Errorf("%s: exit code %d\n%s%s", ip, got.code, got.stdout, got.stderr)
		}
	}
	again("TLS_ENABLED=false")
	s.reaches(t, "deploy", wire.StatusComplete)
	for _, ip := range m.ips {
		read(t, ip, "kept", "before the change")
	}
	now := look(t, m)
	now.oneCluster(t, before)
	if !slices.Equal(now.volumes, before.volumes) {
		t.Errorf("volumes %v, and before %v", now.volumes, before.volumes)
	}
}
