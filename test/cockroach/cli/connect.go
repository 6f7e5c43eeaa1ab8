package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// target is whom a client command talks to, and as whom.
type target struct {
	addr, user, database string
	insecure             bool
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
	if !t.insecure {
		return t, noCertificates("")
	}
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
	}
	if db := strings.Trim(u.Path, "/"); db != "" {
		t.database = db
	}
	if mode := u.Query().Get("sslmode"); mode != "" {
		t.insecure = mode == "disable"
	}
	return nil
}

// noCertificates is the answer to anything secure: the stand-in has no TLS yet,
// and a node without its certificates answers the same.
func noCertificates(where string) error {
	return errors.New("cannot load certificates.\nCheck your certificate settings, set --certs-dir, or use --insecure for insecure clusters.\n\n" +
		where + "problem with CA certificate: not found (the stand-in serves --insecure alone)")
}

// cannotDial wraps a failed connection in the version's words.
func (c *session) cannotDial(err error) error {
	if c.v.Before(2, 1, 0) {
		return fmt.Errorf("unable to connect or connection lost.\n\nPlease check the address and credentials such as certificates (if attempting to\ncommunicate with a secure cluster).\n\n%w", err)
	}
	return fmt.Errorf("cannot dial server.\nIs the server running?\nIf the server is running, check --host client-side and --advertise server-side.\n\n%w", err)
}

// dial connects to the target.
func (c *session) dial(ctx context.Context) (*wire.Conn, target, error) {
	t, err := c.target()
	if err != nil {
		return nil, t, err
	}
	conn, err := wire.Dial(ctx, t.addr)
	if err != nil {
		return nil, t, c.cannotDial(err)
	}
	return conn, t, nil
}

// call makes one call over a connection of its own.
func (c *session) call(ctx context.Context, op string, in, out any) error {
	conn, _, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return c.lost(conn.Call(ctx, op, in, out))
}

// lost words the loss of a connection in the middle of a call.
func (c *session) lost(err error) error {
	var f *wire.Fault
	if err == nil || errors.As(err, &f) {
		return err
	}
	return fmt.Errorf("connection lost.\n\n%w", err)
}

// rpc words a fault as clients of gRPC see it.
func rpc(err error) error {
	var f *wire.Fault
	if errors.As(err, &f) {
		return errors.New(f.RPC())
	}
	return err
}
