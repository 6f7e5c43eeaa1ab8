package backup

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/archive"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

var programs = struct {
	sync.Mutex
	dir string
}{}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "stand-in-backup-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	programs.dir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func program(t *testing.T, tag string) string {
	t.Helper()
	programs.Lock()
	defer programs.Unlock()
	path := filepath.Join(programs.dir, tag)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := archive.Build(t.Context(), version.MustParse(tag), path); err != nil {
		t.Fatal(err)
	}
	return path
}

// patience bounds what is waited for, on a machine that does a lot besides.
const patience = 2 * time.Minute

// node is a running one-node cluster.
type node struct {
	t          *testing.T
	tag, addr  string
	data, logs string
	cmd        *exec.Cmd
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func start(t *testing.T, tag string, env ...string) *node {
	t.Helper()
	dir := t.TempDir()
	n := &node{t: t, tag: tag, addr: free(t), data: filepath.Join(dir, "data"), logs: filepath.Join(dir, "out")}
	out, err := os.Create(n.logs)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	n.cmd = exec.Command(program(t, tag), "start-single-node", "--insecure", "--store=path="+n.data, "--listen-addr="+n.addr, "--http-addr="+free(t))
	n.cmd.Stdout, n.cmd.Stderr = out, out
	n.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}, env...)
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		n.cmd.Process.Kill()
		n.cmd.Wait()
	})
	n.until("the node serves", func() bool { out, _ := n.try("SELECT 1"); return out != "" })
	return n
}

func (n *node) until(what string, ok func() bool) {
	n.t.Helper()
	for end := time.Now().Add(patience); ; {
		began := time.Now()
		if ok() {
			return
		}
		if time.Now().After(end) {
			n.t.Fatalf("waited in vain: %s", what)
		}
		// Some look by starting programs: whoever waits leaves four fifths of the time to what is waited for.
		time.Sleep(min(max(20*time.Millisecond, 4*time.Since(began)), time.Second))
	}
}

// try runs statements on standard input, where a key may stand, and gives what
// came out, without the header of one-row results, and the error text.
func (n *node) try(statements ...string) (out, fault string) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(n.t, n.tag), "sql", "--insecure", "--format=csv", "--host="+n.addr)
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = strings.NewReader(strings.Join(statements, ";\n")+";\n"), &o, &e, []string{"HOME=" + os.TempDir()}
	if err := cmd.Run(); err != nil {
		fault = e.String() + err.Error()
	}
	return o.String(), fault
}

func (n *node) sql(statements ...string) string {
	n.t.Helper()
	out, fault := n.try(statements...)
	if fault != "" {
		n.t.Fatalf("%v: %s", statements, fault)
	}
	return out
}

// last is the last line of what a statement gave.
func (n *node) last(statement string) string {
	n.t.Helper()
	lines := strings.Split(strings.TrimSpace(n.sql(statement)), "\n")
	return lines[len(lines)-1]
}

// ends waits for a job and gives its status and error.
func (n *node) ends(job string) (status, fault string) {
	n.t.Helper()
	n.until("job "+job+" ends", func() bool {
		status = n.last("SELECT status FROM [SHOW JOBS] WHERE job_id = " + job)
		return status == "succeeded" || status == "failed" || status == "canceled"
	})
	return status, n.last("SELECT error FROM [SHOW JOBS] WHERE job_id = " + job)
}

func (n *node) dump(database string) string {
	n.t.Helper()
	return n.sql("SELECT create_statement FROM "+database+".crdb_internal.create_statements WHERE database_name = '"+database+"' ORDER BY descriptor_name",
		"SELECT * FROM "+database+".t", "SELECT * FROM "+database+".u", "SELECT last_value FROM "+database+".s")
}

// uri is a collection on the server, with the keys.
func uri(s *s3.Server, bucket string) string {
	q := url.Values{"AWS_ACCESS_KEY_ID": {s.AccessKey}, "AWS_SECRET_ACCESS_KEY": {s.SecretKey}, "AWS_ENDPOINT": {s.Endpoint}, "AWS_REGION": {s.Region}}
	return "s3://" + bucket + "/backups/one/shop?" + q.Encode()
}

func (n *node) fill() {
	n.t.Helper()
	n.sql("CREATE DATABASE shop", "CREATE SEQUENCE shop.s", "CREATE TABLE shop.t (id INT PRIMARY KEY, s STRING, k INT UNIQUE)",
		"CREATE TABLE shop.u (id INT PRIMARY KEY REFERENCES shop.t (id), b BYTES, j JSONB, d DECIMAL(10,2))",
		"CREATE VIEW shop.v AS SELECT id FROM shop.public.t",
		"INSERT INTO shop.t SELECT i, repeat(md5(i::STRING), 10), i*7919 FROM generate_series(1, 10000) AS g(i)",
		`INSERT INTO shop.u VALUES (1, b'\x00\xff', '{"a": 1}', 1.50)`, "SELECT setval('shop.s', 7, false)")
}
