package cli

import (
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/crlog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
)

// defaultCerts is where certificates are looked for when nobody says.
func (c *session) defaultCerts() string { return filepath.Join(c.Env("HOME"), ".cockroach-certs") }

// rules are those that folders of certificates are read by.
func (c *session) rules() security.Rules {
	skip, _ := strconv.ParseBool(c.Env("COCKROACH_SKIP_KEY_PERMISSION_CHECK"))
	return security.Rules{Version: c.v, AnyMode: skip, Principals: c.p.All("cert-principal-map")}
}

// clientFiles reads a client's folder, and warns on standard error as the client's log does.
func (c *session) clientFiles(path string) (*security.Folder, error) {
	f, err := c.rules().Read(path)
	if err != nil {
		return nil, &security.NeedError{What: "using security settings", Err: err}
	}
	log := slog.New(crlog.New(c.Err))
	for _, w := range f.Warnings {
		log.Warn(w)
	}
	return f, nil
}

// nodeCerts reads a node's folder, nil for an insecure node.
func (c *session) nodeCerts() (*security.Manager, error) {
	if c.p.Bool("insecure") {
		return nil, nil
	}
	m, err := c.rules().Manage(c.p.Text("certs-dir", c.defaultCerts()))
	if err != nil {
		return nil, &failure{err: noCertificates("failed to start server: ", err), loud: true}
	}
	return m, nil
}

// checkNames warns about addresses that the node's certificate is not good for. Nobody will
// reach the node there, and it says so and goes on. Source: 11b.
func (c *session) checkNames(cfg server.Config) {
	if cfg.Certs == nil {
		return
	}
	s := cfg.Certs.Set()
	for _, w := range s.Warnings {
		cfg.Log.Warn(w)
	}
	cfg.Log.Info("[n?] server certificate addresses: " + s.Names(false))
	var wrong []string
	for _, a := range []struct{ what, addr string }{{"advertise address", cfg.Node.Address}, {"advertise SQL address", cfg.Node.SQLAddress}} {
		if host, _, err := net.SplitHostPort(a.addr); err == nil && !s.Named(host) {
			wrong = append(wrong, fmt.Sprintf("%s %q not in node certificate (%s)", a.what, host, s.Names(false)))
		}
	}
	if len(wrong) > 0 {
		text := "[n?] " + strings.Join(wrong, "\n") + "\nSecure client connections are likely to fail.\n" +
			"Consider extending the node certificate or tweak --listen-addr/--advertise-addr/--sql-addr/--advertise-sql-addr."
		cfg.Log.Warn(text)
		c.shout("WARNING: " + text)
	}
	cfg.Log.Info("[n?] web UI certificate addresses: " + s.Names(true))
}

// reload reads the certificates again on SIGHUP.
func (w *watch) reload() {
	w.log.Info("hangup received, flushing logs")
	if w.certs == nil {
		return
	}
	w.log.Info(`received signal "hangup", triggering certificate reload`)
	if err := w.certs.Reload(); err != nil {
		w.log.Warn("could not reload certificates: " + err.Error())
		return
	}
	w.log.Info("successfully reloaded certificates")
}
