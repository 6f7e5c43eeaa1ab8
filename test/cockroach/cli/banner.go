package cli

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/crlog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/signals"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// openLog sends the node's log to its file, and to standard error as well with
// --logtostderr.
func (c *session) openLog(cfg *server.Config) (io.Closer, error) {
	dir := c.logFolder(cfg.StorePath)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder for logs: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "cockroach.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	var out io.Writer = f
	if c.logsToStderr() {
		out = io.MultiWriter(f, c.Err)
	}
	cfg.Log = slog.New(crlog.New(out))
	b := version.BuildOf(c.v)
	cfg.Log.Info(fmt.Sprintf("CockroachDB %s %s (%s, built %s, %s)", b.Distribution, b.Tag, b.Target, b.Time, b.Go))
	cfg.Log.Info("starting cockroach node", "store", cfg.StorePath, "listen", cfg.Listen, "http", cfg.HTTP, "join", cfg.Join)
	return f, nil
}

func (c *session) logsToStderr() bool {
	return c.p.Given("logtostderr") && !strings.EqualFold(c.p.Text("logtostderr", ""), "NONE")
}

func (c *session) warnInsecure() {
	c.shout("WARNING: RUNNING IN INSECURE MODE!\n\nWhoever can reach this node can read and change all data. There are no passwords and no encryption.")
}

// sayWaiting tells that the node listens and waits. 2.0 said nothing.
func (w *watch) sayWaiting() {
	if w.v.Before(2, 1, 0) || w.n.Facts().Phase == server.Starting {
		return
	}
	text := "INFO: initial startup completed.\nNode will now attempt to join a running cluster, or wait for `cockroach init`."
	if w.v.Before(19, 1, 0) {
		text = "INFO: initial startup completed, will now wait for `cockroach init`\nor a join to a running cluster to start accepting clients."
	}
	w.shout(text + "\nCheck the log file(s) for progress. ")
}

func (w *watch) sayAlone() {
	if w.v.AtLeast(2, 1, 0) {
		w.shout("WARNING: The server appears to be unable to contact the other nodes in the cluster. Please try:\n\n" +
			"- starting the other nodes, if you haven't already;\n- checking --join, --listen-addr and --advertise-addr;\n" +
			"- running `cockroach init` if the cluster is new.")
	}
}

func (w *watch) sayHard(sig os.Signal) {
	w.shout(fmt.Sprintf("ERROR: received signal '%s' during shutdown, initiating hard shutdown - node may take longer to restart & clients may need to wait for leases to expire", signals.Name(sig)))
}

// stacks writes all goroutines' stacks to standard error.
func (w *watch) stacks() {
	b := make([]byte, 1<<20)
	w.Err.Write(b[:runtime.Stack(b, true)])
}

// die ends the process by the signal itself, so that its parent sees which.
func die(sig os.Signal) {
	s := sig.(syscall.Signal)
	signal.Reset(s)
	syscall.Kill(os.Getpid(), s)
	// The signal is under way; should it be blocked, the code says the same.
	time.Sleep(time.Second)
	os.Exit(128 + int(s))
}

// sqlURL is for root, with the certificate that lies next to the node's, if one does.
func (c *session) sqlURL(certs *security.Manager, n *server.Node) string {
	base := "postgresql://root@" + n.Descriptor().SQLAddress + "?"
	if certs == nil {
		return base + "sslmode=disable"
	}
	set, q := certs.Set(), url.Values{"sslmode": {"verify-full"}}
	dir := set.Path
	if whole, err := filepath.EvalSymlinks(dir); err == nil && c.v.AtLeast(19, 1, 0) {
		if dir, err = filepath.Abs(whole); err != nil {
			dir = whole
		}
	}
	q.Set("sslrootcert", filepath.Join(dir, "ca.crt"))
	if cert, key := set.Paths("root"); cert != "" {
		q.Set("sslcert", filepath.Join(dir, cert))
		q.Set("sslkey", filepath.Join(dir, key))
	}
	return base + q.Encode()
}

// banner is what a node prints once it is in its cluster.
// Source: cockroachdb-versions.md, 1.6.
func (w *watch) banner(n *server.Node) {
	f, d, b := n.Facts(), n.Descriptor(), version.BuildOf(w.v)
	now := time.Now().UTC()
	fmt.Fprintf(w.Out, "CockroachDB node starting at %s (took %.1fs)\n", now.Format("2006-01-02 15:04:05.999999999 +0000 UTC"), now.Sub(f.Started).Seconds())
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w.Out, "%-21s%s\n", name+":", value)
		}
	}
	web, client, scheme := "webui", "cockroach <client cmd> --host="+d.Address+" --insecure", "http://"
	if w.certs != nil {
		client, scheme = "cockroach <client cmd> --host="+d.Address+" --certs-dir="+w.certs.Set().Path, "https://"
	}
	if w.v.Before(2, 1, 0) {
		web, client = "admin", ""
	}
	line("build", fmt.Sprintf("%s %s @ %s (%s)", b.Distribution, b.Tag, b.Time, b.Go))
	line(web, scheme+d.HTTPAddress)
	line("sql", w.sqlURL(w.certs, n))
	line("RPC client flags", client)
	logs, err := filepath.Abs(w.logFolder(f.Store))
	if err == nil {
		line("logs", logs)
	}
	line("temp dir", f.Temp)
	line("external I/O path", w.p.Text("external-io-dir", filepath.Join(f.Store, "extern")))
	line("attrs", strings.Join(d.Attrs, ":"))
	line("locality", localityText(d.Locality))
	line("store[0]", "path="+f.Store)
	if w.v.AtLeast(20, 1, 0) && w.v.Before(21, 1, 0) {
		line("storage engine", map[bool]string{true: "rocksdb", false: "pebble"}[w.v.Before(20, 2, 0)])
	}
	if w.p.Command == "start-single-node" && f.How == server.NewCluster {
		w.shout("INFO: Replication was disabled for this cluster.\nWhen/if adding nodes in the future, update zone configurations to increase the replication factor.")
	}
	line("status", f.How)
	line("clusterID", f.ClusterID)
	line("nodeID", fmt.Sprint(f.ID))
}

func localityText(tiers []flags.Tier) string {
	var parts []string
	for _, t := range tiers {
		parts = append(parts, t.Key+"="+t.Value)
	}
	return strings.Join(parts, ",")
}
