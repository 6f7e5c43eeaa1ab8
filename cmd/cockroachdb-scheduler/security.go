package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
)

// transport carries requests to the master: certified by the cluster's CA, and with the account's token where there is one.
func transport(settings config.Settings, named *files, log *slog.Logger) (http.RoundTripper, error) {
	trusted, err := roots(settings.Security.CAFile, named, log)
	if err != nil {
		return nil, err
	}
	plain := mesos.Transport(&tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12})
	account, given := settings.Account()
	if !given {
		return plain, nil
	}
	session := auth.NewSession(account, auth.Options{Transport: plain, Ahead: time.Duration(settings.Security.Refresh), Log: log})
	return session.Transport(plain), nil
}

// roots are the CAs that count: those of the file, or the system's with the sandbox's. Nil is the system's alone.
func roots(path string, named *files, log *slog.Logger) (*x509.CertPool, error) {
	if path != "" {
		text, err := named.again(path)
		if err != nil {
			return nil, err
		}
		return auth.Roots(path, text)
	}
	text, err := named.read(auth.SandboxCA)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			log.Warn("the cluster's CA in the sandbox cannot be read, the system's CAs count", "error", err)
		}
		return nil, nil
	}
	return auth.RootsAndSystem(text)
}
