package sim

import (
	"sync"
	"sync/atomic"
)

// Failure is a history that broke an invariant.
type Failure struct {
	History History
	Err     error
	// Text tells where everything stood.
	Text string
}

// Many lives the histories of n seeds from first on, in several goroutines. More are settings beside those that a history has. It stops at the first failure, and gives the
// one with the lowest seed, so that what comes out does not depend on how the goroutines ran.
func Many(first uint64, n, workers int, more ...string) (Figures, *Failure) {
	var taken atomic.Int64
	var stop atomic.Bool
	var lock sync.Mutex
	var total Figures
	var failure *Failure
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			var mine Figures
			for !stop.Load() {
				at := taken.Add(1) - 1
				if at >= int64(n) {
					break
				}
				history := Generate(first + uint64(at))
				history.Environ = append(history.Environ, more...)
				figures, text, err := Live(history)
				mine.Add(figures)
				if err == nil {
					continue
				}
				stop.Store(true)
				lock.Lock()
				if failure == nil || history.Seed < failure.History.Seed {
					failure = &Failure{History: history, Err: err, Text: text}
				}
				lock.Unlock()
			}
			lock.Lock()
			total.Add(mine)
			lock.Unlock()
		})
	}
	all.Wait()
	return total, failure
}

// Invariant is the name of what was broken.
func (f Failure) Invariant() string { return nameOf(f.Err) }
