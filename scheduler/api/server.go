package api

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Limits of a request. Answers are small but for the helper, some 20 MB that an agent on a slow line must be able to
// fetch; all others are bounded by the same time, because the server knows one.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 15 * time.Minute
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	maxBody       = 64 << 10
)

// FirstByteTimeout is how long a connection that may be TLS or plain may be silent at its beginning.
const FirstByteTimeout = headerTimeout

// Server makes an HTTP server with bounded headers, bodies and times, so that a client that sends slowly, or too much,
// holds up nobody else. Its Shutdown ends the contexts of requests, or one that waits for events would hold it up.
func Server(handler http.Handler) *http.Server {
	ctx, end := context.WithCancel(context.Background())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	server.RegisterOnShutdown(end)
	return server
}
