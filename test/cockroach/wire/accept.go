package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

// Caller is who is at the other end of a connection.
type Caller struct {
	// TLS is nil in clear. Its first peer certificate, if any, is the caller's, and verified.
	TLS *tls.ConnectionState
	// SQL says that the connection was opened for SQL.
	SQL bool
}

type callerKey struct{}

// CallerOf gives the caller of a handler's context.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// The first messages of PostgreSQL's protocol: eight bytes that ask for TLS, or a
// start in clear, which has a version where the other has its number.
var sslRequest = []byte{0, 0, 0, 8, 4, 210, 22, 47}

// needTLS is the answer to SQL in clear.
const needTLS = "node is running secure mode, SSL connection required"

// settings is the frame with which an insecure server of HTTP/2 greets; a TLS client
// takes it for a bad record.
var settings = []byte{0, 0, 0, 4, 0, 0, 0, 0, 0}

var errNotTLS = errors.New("tls: first record does not look like a TLS handshake")

// stream is a connection whose first bytes were read ahead.
type stream struct {
	net.Conn
	r *bufio.Reader
}

func (s stream) Read(b []byte) (int, error) { return s.r.Read(b) }

// accept goes through what comes before the first request. One port takes RPC, SQL
// in clear and SQL that asks for TLS, by their first bytes.
func (s *Server) accept(raw net.Conn) (net.Conn, Caller, error) {
	c := stream{raw, bufio.NewReader(raw)}
	first, err := c.r.Peek(1)
	if err != nil {
		if s.TLS != nil {
			err = &HandshakeError{Err: err}
		}
		return nil, Caller{}, err
	}
	caller := Caller{}
	if first[0] == 0 {
		if caller.SQL = true; !s.startTLS(c) {
			return nil, caller, errors.New("a client of PostgreSQL's protocol, or one without TLS")
		}
	}
	switch {
	case s.TLS == nil && first[0] == 22:
		c.Write(settings)
		return nil, caller, errNotTLS
	case s.TLS == nil:
		return c, caller, greeted(c.r, &caller)
	case first[0] != 22 && first[0] != 0:
		if greeted(c.r, &caller) == nil && caller.SQL {
			refuse(c)
			return nil, caller, errors.New(needTLS)
		}
		return nil, caller, &HandshakeError{Err: errNotTLS}
	}
	t := tls.Server(c, s.TLS)
	if err := t.HandshakeContext(s.ctx); err != nil {
		return nil, caller, &HandshakeError{Err: err}
	}
	state := t.ConnectionState()
	caller.TLS = &state
	in := stream{t, bufio.NewReader(t)}
	if first, err := in.r.Peek(1); err == nil && first[0] == 0 {
		pgFault(in, "0A000", "the stand-in does not speak PostgreSQL's protocol")
	}
	return in, caller, greeted(in.r, &caller)
}

// startTLS answers a client of PostgreSQL's protocol, and says whether TLS begins.
func (s *Server) startTLS(c stream) bool {
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil {
		return false
	}
	if !bytes.Equal(head, sslRequest) {
		if n := int64(binary.BigEndian.Uint32(head)) - 8; n > 0 && n < 10000 {
			io.CopyN(io.Discard, c, n)
		}
		if s.TLS != nil {
			pgFault(c, "08P01", needTLS)
		} else {
			pgFault(c, "0A000", "the stand-in does not speak PostgreSQL's protocol")
		}
		return false
	}
	if s.TLS == nil {
		c.Write([]byte{'N'})
		return false
	}
	_, err := c.Write([]byte{'S'})
	return err == nil
}

// pgFault writes an error of PostgreSQL's protocol.
func pgFault(w io.Writer, state, text string) {
	body := fmt.Sprintf("SFATAL\x00C%s\x00M%s\x00\x00", state, text)
	b := append([]byte{'E'}, binary.BigEndian.AppendUint32(nil, uint32(len(body)+4))...)
	w.Write(append(b, body...))
}

// greeted reads the greeting.
func greeted(r *bufio.Reader, caller *Caller) error {
	line := make([]byte, len(greeting))
	if _, err := io.ReadFull(r, line); err != nil {
		return err
	}
	if string(line) == greeting {
		return nil
	}
	line = append(line, make([]byte, len(greetingSQL)-len(greeting))...)
	if string(line[:len(greeting)]) != greetingSQL[:len(greeting)] {
		return errors.New("not a greeting")
	}
	if _, err := io.ReadFull(r, line[len(greeting):]); err != nil || string(line) != greetingSQL {
		return errors.New("not a greeting")
	}
	caller.SQL = true
	return nil
}

// refuse answers the first request of a client of SQL in clear. The request is read
// first: a connection that is closed with something unread loses the answer.
func refuse(c stream) {
	var q request
	if _, err := readFrame(c, &q); err == nil {
		writeFrame(c, reply{Fault: &Fault{SQLState: "08P01", Message: needTLS}}, nil)
	}
}
