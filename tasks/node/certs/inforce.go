package certs

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// view is what the two ports of a node show.
type view struct{ sql, http seen }

// finding is what is told to the scheduler about a view.
type finding struct {
	serial string
	trust  []string
	// problem says why what was given last is not in force, nil when it is.
	problem error
}

// judge holds what is seen against what was given last, present, and before that, former, which may be nil.
func judge(v view, present, former *Issued, name string) finding {
	leaf := v.sql.chain[0]
	f := finding{serial: Serial(leaf), trust: present.Trust}
	if present.shownBy(v.sql) {
		f.serial = present.Serial
	}
	trusting := present.trustedBy(v.sql)
	switch {
	case trusting:
	case former != nil && former.trustedBy(v.sql):
		f.trust = former.Trust
	default:
		f.trust = nil
	}
	switch {
	case !present.shownBy(v.sql):
		f.problem = fmt.Errorf("new SQL connections get the certificate %s, and not %s", Serial(leaf), present.Serial)
	case !present.shownBy(v.http):
		f.serial = Serial(v.http.chain[0])
		f.problem = fmt.Errorf("new HTTP connections get the certificate %s, and not %s", Serial(v.http.chain[0]), present.Serial)
	case !trusting:
		f.problem = errors.New("the database still trusts other authorities than those in " + caFile)
	default:
		if err := verifyNode(v.sql.chain, pool(present.authorities), name); err != nil {
			f.problem = fmt.Errorf("what new connections get does not hold: %w", err)
		}
	}
	return f
}

// shownBy says whether connections get this certificate.
func (i *Issued) shownBy(s seen) bool {
	return len(s.chain) > 0 && bytes.Equal(s.chain[0].Raw, i.node.leaf().Raw)
}

// trustedBy says whether a server takes clients from just these authorities. One that does not say whom it trusts is taken at its
// certificate: it reads both files in one go. Authorities of one name count by their number: a change of authority adds one or
// takes one away.
func (i *Issued) trustedBy(s seen) bool {
	if len(s.trust) == 0 {
		return i.shownBy(s)
	}
	var ours [][]byte
	for _, authority := range i.authorities {
		ours = append(ours, authority.RawSubject)
	}
	theirs := slices.Clone(s.trust)
	slices.SortFunc(ours, bytes.Compare)
	slices.SortFunc(theirs, bytes.Compare)
	return slices.EqualFunc(ours, theirs, bytes.Equal)
}
