package virtual

import (
	"sort"
	"time"
)

// deed is something an executor does at a time.
type deed struct {
	at time.Time
	do func()
}

// plan has do done after d, in order of time and, at the same time, of planning.
func (c *Cluster) plan(d time.Duration, do func()) {
	at := c.now.Add(d)
	n := sort.Search(len(c.deeds), func(n int) bool { return c.deeds[n].at.After(at) })
	c.deeds = append(c.deeds, deed{})
	copy(c.deeds[n+1:], c.deeds[n:])
	c.deeds[n] = deed{at, do}
}

// Now is the virtual time.
func (c *Cluster) Now() time.Time { return c.now }

// Step lets d pass, event by event.
func (c *Cluster) Step(d time.Duration) {
	end := c.now.Add(d)
	for c.stepTo(end) {
	}
	c.now = end
	c.Model.Advance(c.now)
	c.pump()
}

// RunUntil lets time pass until done says so, asking after every event, or until most has passed. It returns whether done
// said so. A scheduler under test is usually run inside done.
func (c *Cluster) RunUntil(done func() bool, most time.Duration) bool {
	end := c.now.Add(most)
	for !done() {
		if !c.stepTo(end) {
			c.Step(end.Sub(c.now))
			return done()
		}
	}
	return true
}

// stepTo goes to the next moment something happens, if that is not after end.
func (c *Cluster) stepTo(end time.Time) bool {
	next, ok := c.Model.Next()
	if len(c.deeds) > 0 && (!ok || c.deeds[0].at.Before(next)) {
		next, ok = c.deeds[0].at, true
	}
	if !ok || next.After(end) {
		return false
	}
	if next.After(c.now) {
		c.now = next
	}
	c.Model.Advance(c.now)
	c.pump()
	for len(c.deeds) > 0 && !c.deeds[0].at.After(c.now) {
		do := c.deeds[0].do
		c.deeds = c.deeds[1:]
		do()
		c.pump()
	}
	return true
}
