package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// Dialer makes connections. The zero one speaks in clear, as RPC does.
type Dialer struct {
	// TLS gives the configuration for a host; nil: in clear.
	TLS func(host string) (*tls.Config, error)
	// SQL connects as a client of SQL does: TLS is asked for first.
	SQL bool
}

// HandshakeError is a TLS handshake that failed. Remote says that it was the other
// side that did not like ours.
type HandshakeError struct {
	Err    error
	Remote bool
}

func (e *HandshakeError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *HandshakeError) Unwrap() error { return e.Err }

// ErrInsecure is a server of SQL that has no TLS.
var ErrInsecure = errors.New("pq: SSL is not enabled on the server")

// Dial connects to addr (host:port). The error is the dialer's own, so that callers
// can show "connection refused" as the real program does, or a *HandshakeError.
func (d Dialer) Dial(ctx context.Context, addr string) (*Conn, error) {
	var conf *tls.Config
	if d.TLS != nil {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		if conf, err = d.TLS(host); err != nil {
			return nil, err
		}
	}
	var plain net.Dialer
	c, err := plain.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if conf != nil {
		stop := context.AfterFunc(ctx, func() { c.Close() })
		secured, err := d.secure(ctx, c, conf)
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			c.Close()
			return nil, err
		}
		c = secured
	}
	hello := greeting
	if d.SQL {
		hello = greetingSQL
	}
	if _, err := c.Write([]byte(hello)); err != nil {
		c.Close()
		return nil, fmt.Errorf("greet %s: %w", addr, err)
	}
	return &Conn{c: c}, nil
}

func (d Dialer) secure(ctx context.Context, c net.Conn, conf *tls.Config) (net.Conn, error) {
	if d.SQL {
		if _, err := c.Write(sslRequest); err != nil {
			return nil, fmt.Errorf("ask for TLS: %w", err)
		}
		answer := make([]byte, 1)
		if _, err := io.ReadFull(c, answer); err != nil {
			return nil, err
		}
		if !bytes.Equal(answer, []byte{'S'}) {
			return nil, ErrInsecure
		}
	}
	t := tls.Client(c, conf)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, &HandshakeError{Err: err, Remote: strings.HasPrefix(err.Error(), "remote error: ")}
	}
	return t, nil
}

// Transient words an error of a connection as gRPC's client does.
func Transient(err error) string {
	const failed = "initial connection heartbeat failed: rpc error: code = Unavailable desc = all SubConns are in TransientFailure, latest connection error: "
	return failed + Latest(err)
}

// Latest is the part of it that tells what happened.
func Latest(err error) string {
	var shake *HandshakeError
	var op *net.OpError
	switch {
	case errors.As(err, &shake):
		return fmt.Sprintf("connection error: desc = %q", "transport: authentication handshake failed: "+shake.Error())
	case errors.As(err, &op) && op.Op == "dial":
		return fmt.Sprintf("connection error: desc = %q", "transport: Error while dialing "+op.Error())
	}
	return "connection closed"
}
