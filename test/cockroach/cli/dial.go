package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// dial connects to the target as a client of SQL.
func (c *session) dial(ctx context.Context) (*wire.Conn, target, error) {
	t, err := c.target()
	if err != nil {
		return nil, t, err
	}
	d := wire.Dialer{SQL: true}
	if !t.insecure {
		if d.TLS, err = c.sqlTLS(&t); err != nil {
			return nil, t, c.sqlFault(err)
		}
	}
	conn, err := d.Dial(ctx, t.addr)
	if err != nil {
		return nil, t, c.sqlFault(err)
	}
	return conn, t, nil
}

// sqlTLS is how a client of SQL shows who it is: by the user's certificate, by the
// password in the URL, or by one that a person types, whom a test does not have.
func (c *session) sqlTLS(t *target) (func(string) (*tls.Config, error), error) {
	host, _, err := net.SplitHostPort(t.addr)
	if err != nil {
		return nil, err
	}
	if t.byURL {
		conf, err := c.rules().URL(host, t.mode, t.root, t.cert, t.key)
		return func(string) (*tls.Config, error) { return conf, nil }, err
	}
	f, err := c.clientFiles(t.certs)
	if err != nil {
		return nil, err
	}
	conf, pair, err := f.ClientOf(host, t.user)
	switch {
	case err != nil:
		return nil, err
	case pair:
		err = f.Driver(t.user)
	case t.password == "":
		fmt.Fprint(c.Out, "Enter password: ")
		return nil, errors.New("inappropriate ioctl for device")
	}
	return func(string) (*tls.Config, error) { return conf, nil }, err
}

// dialRPC connects to the target as root, and asks whether it answers at all.
func (c *session) dialRPC(ctx context.Context) (*wire.Conn, target, error) {
	t, err := c.target()
	if err != nil {
		return nil, t, err
	}
	conn, err := c.heartbeat(ctx, t)
	if err != nil {
		return nil, t, c.rpcFault(err, t)
	}
	return conn, t, nil
}

// heartbeat gives a connection to a node that answers.
func (c *session) heartbeat(ctx context.Context, t target) (*wire.Conn, error) {
	var d wire.Dialer
	if !t.insecure {
		f, err := c.clientFiles(t.certs)
		if err != nil {
			return nil, err
		}
		d.TLS = f.Root
	}
	conn, err := d.Dial(ctx, t.addr)
	if err != nil {
		return nil, err
	}
	if err := conn.Call(ctx, server.OpHealth, struct{}{}, nil); err != nil {
		conn.Close()
		return nil, late(err)
	}
	return conn, nil
}

// late finds the alert of a handshake that this side thought was over: with TLS 1.3 a server
// looks at the client's certificate afterwards.
func late(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" {
		return &wire.HandshakeError{Err: op, Remote: true}
	}
	return err
}

// call makes one RPC over a connection of its own.
func (c *session) call(ctx context.Context, op string, in, out any) error {
	conn, _, err := c.dialRPC(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return c.lost(conn.Call(ctx, op, in, out))
}

// lost words the loss of a connection in the middle of a call, and what a server says to
// a client of SQL that it does not let in.
func (c *session) lost(err error) error {
	var f *wire.Fault
	var shake *wire.HandshakeError
	switch err = late(err); {
	case err == nil:
		return nil
	case errors.As(err, &f) && f.SQLState == "08P01" && strings.Contains(f.Message, "SSL connection required"):
		return errors.New(notAuthentic + securityHint + "\n\npq: " + f.Message)
	case errors.As(err, &f):
		return err
	case errors.As(err, &shake):
		return c.sqlFault(shake)
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = io.EOF
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
