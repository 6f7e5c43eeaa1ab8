package model

import (
	"container/heap"
	"time"
)

// timer is something to do at a time. There is no cancelling: what a timer does first looks whether it is still wanted.
type timer struct {
	at   time.Time
	turn uint64 // order among equal times
	do   func()
}

type timerHeap []timer

func (h timerHeap) Len() int { return len(h) }
func (h timerHeap) Less(a, b int) bool {
	if h[a].at.Equal(h[b].at) {
		return h[a].turn < h[b].turn
	}
	return h[a].at.Before(h[b].at)
}
func (h timerHeap) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h *timerHeap) Push(x any)   { *h = append(*h, x.(timer)) }
func (h *timerHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (m *Model) after(d time.Duration, do func()) { m.at(m.now.Add(d), do) }

func (m *Model) at(at time.Time, do func()) {
	m.turn++
	heap.Push(&m.timers, timer{at: at, turn: m.turn, do: do})
}

// touch brings the model to a time before something is done to it.
func (m *Model) touch(now time.Time) {
	m.advance(now)
	m.known = nil
}

// advance brings the model to a time: what was due before happens first, each at its own time.
func (m *Model) advance(now time.Time) {
	if m.now.IsZero() {
		m.now, m.elected = now, now
	}
	for len(m.timers) > 0 && !m.timers[0].at.After(now) {
		due := heap.Pop(&m.timers).(timer)
		if due.at.After(m.now) {
			m.now = due.at
		}
		due.do()
		m.known = nil
	}
	if now.After(m.now) {
		m.now = now
	}
}

func (m *Model) next() (time.Time, bool) {
	if len(m.timers) == 0 {
		return time.Time{}, false
	}
	return m.timers[0].at, true
}
