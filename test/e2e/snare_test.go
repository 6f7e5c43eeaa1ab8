package e2e

import (
	"sync"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// point is a named moment of a scheduler's work: a write that it asks of its store, or a call to its master. It is killed
// there before the other side has heard of it, or afterwards and before the scheduler has heard of that.
type point struct {
	name string
	// write and call say whether a write or a call is the one; one of them is nil.
	write func(change) bool
	call  func(*scheduler.Call, map[string]stored) bool
	after bool
	// do, if set, is what leads to it, once it is watched for. The scheduler runs.
	do func(t *testing.T)
}

// snare stands between a scheduler and both its store and its master, and kills it at one point. What it says to others, it
// says to nobody then: the point is exact, however slow the machine is.
type snare struct {
	mu      sync.Mutex
	set     *point
	victim  chan *process
	hit     chan struct{}
	records map[string]stored
	// faults are what should not have been seen on the way.
	faults []string
	seen   map[string]bool
	// struck counts the schedulers that were killed, or are about to be. Their sessions at the store are closed for them.
	struck int
}

func newSnare() *snare {
	return &snare{records: map[string]stored{}, seen: map[string]bool{}}
}

// arm waits for a point from now on. The process that is to be killed is told once it is known.
func (s *snare) arm(at point) (victim chan<- *process, hit <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set, s.victim, s.hit = &at, make(chan *process, 1), make(chan struct{})
	return s.victim, s.hit
}

// disarm lets everything pass.
func (s *snare) disarm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set = nil
}

// takes says whether this is the point, and from then on it is no more. Whoever gets a strike has to carry it out.
func (s *snare) takes(is func(point) bool) (strike func(), after bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil || !is(*s.set) {
		return nil, false
	}
	victim, hit, at := s.victim, s.hit, *s.set
	s.set = nil
	s.struck++
	return func() {
		(<-victim).kill()
		close(hit)
	}, at.after
}

// springs waits until a scheduler of a service was killed at the point. One that does not run is started for it.
func (s *snare) springs(t *testing.T, on *service, at point) {
	t.Helper()
	began := time.Now()
	victim, hit := s.arm(at)
	if on.process == nil || !on.running() {
		on.start(t)
	}
	victim <- on.process
	if at.do != nil {
		at.do(t)
	}
	select {
	case <-hit:
		t.Logf("killed %s, after %s", at.name, time.Since(began).Round(time.Millisecond))
	case <-on.ended:
		select {
		case <-hit: // both at once
			t.Logf("killed %s, after %s", at.name, time.Since(began).Round(time.Millisecond))
		case <-time.After(time.Second):
			t.Fatalf("%s: the scheduler ended by itself", at.name)
		}
	case <-time.After(patience):
		t.Fatalf("%s: not reached within %s", at.name, patience)
	}
}

// fault notes what should not have happened.
func (s *snare) fault(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, text)
}

// clean fails the test for what should not have been seen.
func (s *snare) clean(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, fault := range s.faults {
		t.Error(fault)
	}
}
