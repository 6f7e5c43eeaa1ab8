package secrets

import (
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const (
	// Longest is how long keys are kept at most: whatever a job waits for for longer, its owner has forgotten the keys too.
	Longest = 24 * time.Hour
	// young keys are never swept: they are put here before the core hears of their job.
	young = 2 * time.Minute
)

// Safe holds keys by job. It is for several goroutines.
type Safe struct {
	now  func() time.Time
	lock sync.Mutex
	kept map[string]*entry
}

// New is an empty safe. The clock says how old keys are.
func New(now func() time.Time) *Safe { return &Safe{now: now, kept: map[string]*entry{}} }

// entry are the keys of one job.
type entry struct {
	id, secret, token []byte
	since             time.Time
}

// forget overwrites the keys.
func (e *entry) forget() {
	for _, bytes := range [][]byte{e.id, e.secret, e.token} {
		clear(bytes)
	}
}

// Put keeps the keys of a job. What was kept for it before is overwritten.
func (s *Safe) Put(job string, keys wire.Keys) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.drop(job)
	s.kept[job] = &entry{[]byte(keys.AccessKeyID), []byte(keys.SecretAccessKey), []byte(keys.SessionToken), s.now()}
}

// Take gives the keys of a job away: a second call finds none. It is false for keys that were never put here, or are gone.
func (s *Safe) Take(job string) (wire.Keys, bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	found, ok := s.kept[job]
	if !ok || s.old(found) {
		s.drop(job)
		return wire.Keys{}, false
	}
	keys := wire.Keys{AccessKeyID: string(found.id), SecretAccessKey: string(found.secret), SessionToken: string(found.token)}
	s.drop(job)
	return keys, true
}

// Drop forgets the keys of a job: it ended, or was refused.
func (s *Safe) Drop(job string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.drop(job)
}

// Sweep forgets the keys of jobs that are not live any more, and those that are too old.
func (s *Safe) Sweep(live func(job string) bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for job, found := range s.kept {
		if s.old(found) || s.now().Sub(found.since) > young && !live(job) {
			s.drop(job)
		}
	}
}

// Len is how many jobs there are keys for.
func (s *Safe) Len() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return len(s.kept)
}

func (s *Safe) old(e *entry) bool { return s.now().Sub(e.since) >= Longest }

func (s *Safe) drop(job string) {
	if found, ok := s.kept[job]; ok {
		found.forget()
		delete(s.kept, job)
	}
}
