package s3

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// transport connects to the store. It speaks HTTP/1.1 only, so that a connection carries one request at a time and its silence
// is that of the request.
func transport(roots *x509.CertPool, stall time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy:           http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &watched{Conn: conn, stall: stall}, nil
		},
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       min(30*time.Second, stall/2),
		MaxIdleConnsPerHost:   maxParallel,
		// An object stored with Content-Encoding: gzip is to come as it is stored: ranges and checksums are of those bytes.
		DisableCompression: true,
	}
}

// writePiece is the most that is written under one deadline, so that a slow network is not taken for a dead one.
const writePiece = 64 << 10

// watched is a connection that fails when nothing was sent or received for a while: a part that the store does not take, an
// answer that does not come, a body that stops. Every byte in either direction extends both deadlines, for while a part
// is sent nothing is received.
type watched struct {
	net.Conn
	stall time.Duration
}

func (w *watched) extend() error { return w.SetDeadline(time.Now().Add(w.stall)) }

func (w *watched) Read(p []byte) (int, error) {
	if err := w.extend(); err != nil {
		return 0, err
	}
	return w.Conn.Read(p)
}

func (w *watched) Write(p []byte) (int, error) {
	written := 0
	for {
		if err := w.extend(); err != nil {
			return written, err
		}
		n, err := w.Conn.Write(p[written:min(len(p), written+writePiece)])
		written += n
		if err != nil || written == len(p) {
			return written, err
		}
	}
}
