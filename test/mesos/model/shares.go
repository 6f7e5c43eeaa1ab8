package model

import (
	"sort"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// shares are the dominant shares of roles and frameworks; nil when there is nobody to share with.
type shares struct {
	total            map[string]float64
	byRole, byClaims map[string]map[string]float64 // role or role+framework -> resource -> amount
}

var shared = []string{"cpus", "mem", "disk"}

func (m *Model) shares(claims int) *shares {
	if claims < 2 {
		return nil
	}
	s := &shares{total: map[string]float64{}, byRole: map[string]map[string]float64{}, byClaims: map[string]map[string]float64{}}
	for _, a := range m.agentOrder {
		for _, name := range shared {
			s.total[name] += a.total.Scalar(name)
		}
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
	for _, name := range shared {
		amount := p.Scalar(name)
		addTo(s.byRole, c.role, name, amount)
		addTo(s.byClaims, c.role+"\x00"+c.framework.id, name, amount)
	}
}

func addTo(sums map[string]map[string]float64, key, name string, amount float64) {
	if sums[key] == nil {
		sums[key] = map[string]float64{}
	}
	sums[key][name] += amount
}

func (s *shares) sort(claims []claim) {
	if s == nil {
		return
	}
	dominant := func(used map[string]float64) (share float64) {
		for _, name := range shared {
			if s.total[name] > 0 {
				share = max(share, used[name]/s.total[name])
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
		ca, cb := dominant(s.byClaims[a.role+"\x00"+a.framework.id]), dominant(s.byClaims[b.role+"\x00"+b.framework.id])
		if ca != cb {
			return ca < cb
		}
		return a.framework.id < b.framework.id
	})
}
