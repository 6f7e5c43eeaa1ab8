package cli

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
)

// target is whom a client command talks to, and as whom.
type target struct {
	addr, user, database string
	insecure             bool

	// For TLS: a folder, or what a URL says.
	certs           string
	byURL           bool
	mode            security.Mode
	root, cert, key string
	password        string
}

// session is what the target's requests carry.
func (t target) session() server.SessionRequest {
	return server.SessionRequest{User: t.user, Password: t.password}
}

// target reads flags and the variables that client commands take from their
// surroundings. Source: cockroachdb-versions.md, 1.5 and 4.1.
func (c *session) target() (target, error) {
	or := func(values ...string) string {
		for _, v := range values {
			if v != "" {
				return v
			}
		}
		return ""
	}
	host, port := c.p.Addr("host")
	if c.v.Before(2, 1, 0) {
		// 2.0 took the text as it is: a colon in it is part of the host.
		host, port = c.p.Text("host", ""), ""
	}
	envHost, envPort := c.Env("COCKROACH_HOST"), ""
	if h, p, err := net.SplitHostPort(envHost); err == nil && c.v.AtLeast(2, 1, 0) {
		envHost, envPort = h, p
	}
	t := target{
		user:     or(c.p.Text("user", ""), c.Env("COCKROACH_USER"), "root"),
		database: or(c.p.Text("database", ""), c.Env("COCKROACH_DATABASE"), "defaultdb"),
	}
	t.insecure = c.p.Bool("insecure")
	if !c.p.Given("insecure") {
		t.insecure, _ = strconv.ParseBool(c.Env("COCKROACH_INSECURE"))
	}
	host, port = or(host, envHost, "localhost"), or(c.p.Text("port", ""), port, c.Env("COCKROACH_PORT"), envPort, "26257")
	t.addr = net.JoinHostPort(strings.Trim(host, "[]"), port)
	if raw := or(c.p.Text("url", ""), c.Env("COCKROACH_URL")); raw != "" {
		if err := t.readURL(raw); err != nil {
			return t, err
		}
	}
	t.certs = or(c.p.Text("certs-dir", ""), c.Env("COCKROACH_CERTS_DIR"), c.defaultCerts())
	return t, nil
}

func (t *target) readURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "postgresql" && u.Scheme != "postgres") {
		return fmt.Errorf("invalid value for --url: %q is not a postgresql:// URL", raw)
	}
	if u.Hostname() != "" {
		port := u.Port()
		if port == "" {
			port = "26257"
		}
		t.addr = net.JoinHostPort(u.Hostname(), port)
	}
	if u.User != nil {
		t.user = u.User.Username()
		t.password, _ = u.User.Password()
	}
	if db := strings.Trim(u.Path, "/"); db != "" {
		t.database = db
	}
	q := u.Query()
	if mode := q.Get("sslmode"); mode != "" {
		t.insecure, t.byURL, t.mode = mode == "disable", true, security.Mode(mode)
		t.root, t.cert, t.key = q.Get("sslrootcert"), q.Get("sslcert"), q.Get("sslkey")
	}
	return nil
}
