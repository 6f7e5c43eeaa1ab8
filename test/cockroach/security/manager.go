package security

import (
	"crypto/tls"
	"sync/atomic"
)

// Manager has the set that new connections of a node get. A reload changes all of it or nothing.
type Manager struct {
	set   atomic.Pointer[Set]
	rules Rules
	path  string
}

// Manage reads the folder for the first time.
func (r Rules) Manage(path string) (*Manager, error) {
	s, err := r.Open(path)
	if err != nil {
		return nil, err
	}
	m := &Manager{rules: r, path: path}
	m.set.Store(s)
	return m, nil
}

// Set gives what is in force.
func (m *Manager) Set() *Set { return m.set.Load() }

// Reload reads the folder again. With an error what was in force stays.
func (m *Manager) Reload() error {
	next, err := m.rules.load(m.path)
	if next != nil {
		if lost := m.Set().keeps(next); lost != nil {
			return lost
		}
	}
	if err != nil {
		return err
	}
	if err := next.serve(); err != nil {
		return err
	}
	m.set.Store(next)
	return nil
}

// Server gives the configuration for RPC and SQL, of the time of each connection.
func (m *Manager) Server() *tls.Config {
	return &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return m.Set().Server, nil }}
}

// Web is the same for HTTP.
func (m *Manager) Web() *tls.Config {
	return &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return m.Set().Web, nil }}
}

// Client gives the node's configuration for a peer at a host.
func (m *Manager) Client(host string) (*tls.Config, error) { return m.Set().NodeClient(host) }
