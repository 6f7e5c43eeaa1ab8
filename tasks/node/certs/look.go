package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// lookLimit bounds one look at a port: before its cluster is there, a node takes SQL connections and answers none.
const lookLimit = 5 * time.Second

// seen is what a new connection to a port gets.
type seen struct {
	// chain is what the server shows, the leaf first.
	chain []*x509.Certificate
	// trust are the raw names of the authorities that it takes clients from, nil where it does not say.
	trust [][]byte
}

// sslRequest asks a PostgreSQL server for TLS: the length of the message, and the code 80877103 (PostgreSQL's protocol, 55.2.10).
var sslRequest = []byte{0, 0, 0, 8, 4, 210, 22, 47}

// lookAtSQL connects to the SQL port at address.
func lookAtSQL(ctx context.Context, address, name string) (seen, error) {
	return look(ctx, address, name, func(c net.Conn) error {
		if _, err := c.Write(sslRequest); err != nil {
			return err
		}
		answer := make([]byte, 1)
		if _, err := io.ReadFull(c, answer); err != nil {
			return err
		}
		if answer[0] != 'S' {
			return errors.New("the SQL port does not speak TLS")
		}
		return nil
	})
}

// lookAtHTTP connects to the HTTP port at address.
func lookAtHTTP(ctx context.Context, address, name string) (seen, error) {
	return look(ctx, address, name, func(net.Conn) error { return nil })
}

// look makes one new connection, whatever certificate is shown, and verifies nothing: what is seen is judged later.
func look(ctx context.Context, address, name string, begin func(net.Conn) error) (s seen, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("connect to %s: %w", address, err)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return s, err
	}
	defer connection.Close()
	deadline, _ := ctx.Deadline()
	if err := connection.SetDeadline(deadline); err != nil {
		return s, err
	}
	if err := begin(connection); err != nil {
		return s, err
	}
	client := tls.Client(connection, &tls.Config{
		MinVersion: tls.VersionTLS12, ServerName: name, InsecureSkipVerify: true,
		GetClientCertificate: func(wish *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			s.trust = wish.AcceptableCAs
			return &tls.Certificate{}, nil // none: servers take SQL clients with passwords too
		},
	})
	if err := client.HandshakeContext(ctx); err != nil {
		return s, err
	}
	s.chain = client.ConnectionState().PeerCertificates
	return s, nil
}
