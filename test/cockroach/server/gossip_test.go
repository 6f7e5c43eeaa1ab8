package server

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestSecondHandWord: what a node believes of one that it never heard itself. It must not take a live node for dead because it
// is new, nor a dead one for alive because others pass its last word round.
func TestSecondHandWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		g := newGossip()
		time.Sleep(10 * time.Second)
		silence := func(id int) time.Duration { return time.Since(g.get(id).heard(start)) }
		if got := silence(1); got != 10*time.Second {
			t.Errorf("a node that nobody told of is silent for %s; want the time since the own start", got)
		}
		g.relay(map[int]time.Duration{1: 7 * time.Second, 2: time.Second})
		g.hear(3, "a:1", 1, 1, false)
		time.Sleep(time.Second)
		g.relay(map[int]time.Duration{1: time.Hour, 3: 20 * time.Second})
		if a, b, c := silence(1), silence(2), silence(3); a != 8*time.Second || b != 2*time.Second || c != time.Second {
			t.Errorf("silent for %s, %s, %s; want 8s, 2s, 1s", a, b, c)
		}
		if got := g.silences(); len(got) != 1 || got[3] != time.Second {
			t.Errorf("passes on %v; want first-hand word alone", got)
		}
		g.hear(2, "a:2", 1, 1, false)
		if got := silence(2); got != 0 {
			t.Errorf("silent for %s right after its own word", got)
		}
		if got := g.addresses(); len(got) != 2 {
			t.Errorf("addresses %v; nobody told that of node 1", got)
		}
	})
}
