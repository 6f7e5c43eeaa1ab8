package model

import (
	"sort"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// shares are the dominant shares of roles and frameworks; nil when there is nobody to share with.
type shares struct {
	total    amounts
	byRole   map[string]amounts
	byClaims map[claim]amounts
}

// amounts are those of the resources in shared, in that order.
type amounts [3]float64

var shared = [3]string{"cpus", "mem", "disk"}

func (m *Model) shares(claims int) *shares {
	if claims < 2 {
		return nil
	}
	s := &shares{byRole: map[string]amounts{}, byClaims: map[claim]amounts{}}
	for _, a := range m.agentOrder {
		s.total.add(a.total)
		for _, o := range a.offers {
			s.add(claim{o.framework, o.role}, o.resources)
		}
		for _, e := range a.executors {
			f := m.frameworks[e.key.framework]
			if f == nil {
				continue
			}
			s.add(claim{f, e.role}, e.resources)
			for _, t := range e.tasks {
				s.add(claim{f, e.role}, t.resources)
			}
		}
	}
	return s
}

func (s *shares) add(c claim, p pile.Pile) {
	if s == nil {
		return
	}
	role, one := s.byRole[c.role], s.byClaims[c]
	role.add(p)
	one.add(p)
	s.byRole[c.role], s.byClaims[c] = role, one
}

func (a *amounts) add(p pile.Pile) {
	for n, name := range shared {
		a[n] += p.Scalar(name)
	}
}

func (s *shares) sort(claims []claim) {
	if s == nil {
		return
	}
	dominant := func(used amounts) (share float64) {
		for n, total := range s.total {
			if total > 0 {
				share = max(share, used[n]/total)
			}
		}
		return share
	}
	sort.SliceStable(claims, func(x, y int) bool {
		a, b := claims[x], claims[y]
		if ra, rb := dominant(s.byRole[a.role]), dominant(s.byRole[b.role]); ra != rb {
			return ra < rb
		}
		if a.role != b.role {
			return a.role < b.role
		}
		ca, cb := dominant(s.byClaims[a]), dominant(s.byClaims[b])
		if ca != cb {
			return ca < cb
		}
		return a.framework.id < b.framework.id
	})
}
