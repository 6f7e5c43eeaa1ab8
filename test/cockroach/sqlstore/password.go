package sqlstore

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

// user takes the rest of CREATE USER and ALTER USER.
func (p *parser) user(u CreateUser) CreateUser {
	t := p.peek()
	p.must(t.kind == word || t.kind == quoted || t.kind == literal)
	p.i++
	u.Name = t.text
	if p.words("with", "password") {
		u.Password, u.Secret = p.text(), true
	}
	return u
}

// sealed is what is kept of a password. Nodes have to come to the same without randomness; no
// password of a stand-in is worth more.
func sealed(name, password string) string {
	sum := sha256.Sum256([]byte(name + "\x00" + password))
	return hex.EncodeToString(sum[:])
}

func (s *Store) setPassword(n CreateUser) {
	if !n.Secret {
		return
	}
	if s.Passwords == nil {
		s.Passwords = map[string]string{}
	}
	s.Passwords[n.Name] = sealed(n.Name, n.Password)
}

// HasPassword says whether a password is a user's.
func (s *Store) HasPassword(name, password string) bool {
	want := s.Passwords[name]
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(sealed(name, password))) == 1
}
