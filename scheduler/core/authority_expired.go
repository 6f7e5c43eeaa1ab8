package core

import (
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Expired says that the authority that signs is one that we made, and has expired. No certificate of it is good any more, nor can be
// signed: no node believes another, and a change in stages, whose first one it would have to sign, protects nothing.
func (s Security) Expired(now time.Time) bool {
	authority, known := s.authority(s.Issuer)
	return known && authority.Sealed != "" && s.Given == "" && !authority.NotAfter.After(now)
}

func (s Security) authority(id string) (tasks.Authority, bool) {
	at := slices.IndexFunc(s.Authorities, func(one tasks.Authority) bool { return one.ID == id })
	if at < 0 {
		return tasks.Authority{}, false
	}
	return s.Authorities[at], true
}

// alone has one authority sign, and be trusted, from now on, without stages.
func (f *frame) alone(authority tasks.Authority) {
	security := f.Facts.Security
	security.Authorities, security.Issuer, security.Trust = []tasks.Authority{authority}, authority.ID, []string{authority.ID}
	security.Change, security.Given = nil, ""
	f.Facts.Security = security
	f.beginAnew()
}

// endExpired ends a change of authority whose old one, which still signs, has expired: the new one takes its place at once. No job and no
// word of a person is waited for, because what they have of the old one is worth nothing.
func (f *frame) endExpired() {
	security := f.Facts.Security
	if security.Change == nil || security.Change.Stage != StageTrust || !security.Expired(f.Now) {
		return
	}
	next, known := security.authority(security.Trust[0])
	if !known || next.ID == security.Issuer || !next.NotAfter.After(f.Now) {
		return
	}
	f.alone(next)
	f.log(slog.LevelWarn, "the certificate authority has expired while it was being changed, the new one takes its place at once",
		"authority", next.ID, "before", security.Issuer)
	f.derive()
}
