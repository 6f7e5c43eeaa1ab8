package mesos

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Transport carries requests to masters, with these TLS settings (nil: the system's CAs). It is the one used when
// Config.Transport is nil. It never asks for compression, because a compressing proxy would hold heartbeats back until its
// block is full.
func Transport(settings *tls.Config) http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSClientConfig:       settings,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		MaxIdleConnsPerHost:   2,
		IdleConnTimeout:       90 * time.Second,
		DisableCompression:    true,
	}
}

// explained adds what to do about a connection that failed for want of trust, or of the same protocol on both ends.
func explained(err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return fmt.Errorf("%w; name the file of the cluster's CA in DCOS_CA_FILE, and check that the certificate is for this name", err)
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return fmt.Errorf("%w; this master speaks no TLS: leave MESOS_TLS out, or write http:// in MESOS_MASTER", err)
	}
	return err
}
