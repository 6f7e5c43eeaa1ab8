package cli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// The parts of the real texts. Source: 11-certs and 11b.
const (
	notAuthentic = "SSL authentication error while connecting."
	securityHint = "\n\nIf the node is configured to require secure connections,\nremove --insecure and configure secure credentials instead."
	closedOn     = "server closed the connection.\nIs this a CockroachDB node?"
	noConnection = "\n\nFailed to connect to the node: "
	insecureHint = "cannot establish secure connection to insecure server.\nMaybe use --insecure?\n\n"
)

// noCertificates words a folder that is not enough.
func noCertificates(where string, err error) error {
	return fmt.Errorf("cannot load certificates.\nCheck your certificate settings, set --certs-dir, or use --insecure for insecure clusters.\n\n%s%w", where, err)
}

// cannotDial wraps a failed connection in the version's words.
func (c *session) cannotDial(err error) error {
	if c.v.Before(2, 1, 0) {
		return fmt.Errorf("unable to connect or connection lost.\n\nPlease check the address and credentials such as certificates (if attempting to\ncommunicate with a secure cluster).\n\n%w", err)
	}
	return fmt.Errorf("cannot dial server.\nIs the server running?\nIf the server is running, check --host client-side and --advertise server-side.\n\n%w", err)
}

// sqlFault words why a client of SQL got no connection.
func (c *session) sqlFault(err error) error {
	var need *security.NeedError
	var shake *wire.HandshakeError
	var op *net.OpError
	switch {
	case errors.As(err, &need):
		return noCertificates("", err)
	case errors.Is(err, wire.ErrInsecure):
		return errors.New(insecureHint + err.Error())
	case errors.As(err, &shake) && shake.Remote:
		return errors.New(notAuthentic + "\n\n" + shake.Error())
	case errors.As(err, &shake):
		return shake.Err
	case errors.As(err, &op):
		return c.cannotDial(err)
	}
	return err
}

// rpcFault words why a client of RPC got no connection.
func (c *session) rpcFault(err error, t target) error {
	var need *security.NeedError
	var shake *wire.HandshakeError
	var op *net.OpError
	var record tls.RecordHeaderError
	var f *wire.Fault
	switch {
	case errors.As(err, &f), errors.Is(err, os.ErrNotExist):
		return err
	case errors.As(err, &need):
		return noCertificates(strings.TrimPrefix(noConnection, "\n\n"), err)
	case errors.As(err, &op) && op.Op == "dial", c.v.Before(2, 1, 0):
		return c.cannotDial(err)
	case errors.As(err, &record):
		return errors.New(insecureHint + "Failed to connect to the node: " + wire.Transient(err))
	case errors.As(err, &shake) && !shake.Remote:
		return errors.New(notAuthentic + noConnection + wire.Transient(err))
	case t.insecure:
		return errors.New(closedOn + securityHint + noConnection + wire.Transient(err))
	}
	return errors.New(closedOn + noConnection + wire.Transient(err))
}
