package leader

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Reasons for which Lost closes; compare with errors.Is on Leadership.Err.
var (
	// ErrReleased: Release was called.
	ErrReleased = errors.New("the leader lock was given back")
	// ErrDoubt: ZooKeeper did not confirm our session in time; another scheduler may hold the lock soon.
	ErrDoubt = errors.New("ZooKeeper did not confirm in time that this scheduler still holds the leader lock")
	// ErrExpired: ZooKeeper ended our session.
	ErrExpired = errors.New("ZooKeeper ended the session that held the leader lock")
	// ErrGone: our lock node was removed by somebody.
	ErrGone = errors.New("the leader lock's node was removed")
)

// WaitError says that Acquire's context ended before the lock was free. It unwraps to the context's error.
type WaitError struct {
	Path   string
	Holder Holder // zero when it could not be found out
	Cause  error
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("waiting for the leader lock %s: %v; it is held by %s; stop that scheduler, or wait until its session in ZooKeeper ends",
		e.Path, e.Cause, e.Holder)
}

// Unwrap returns the context's error.
func (e *WaitError) Unwrap() error { return e.Cause }

// Leadership is the right to work. It ends once, for good.
type Leadership struct {
	lost    chan struct{}
	release func()
	since   time.Time

	mu    sync.Mutex
	err   error
	until time.Time   // on the monotonic clock; zero: for ever
	timer *time.Timer // nil: for ever
}

// forever is a leadership without a timer.
func forever() *Leadership {
	return &Leadership{lost: make(chan struct{}), release: func() {}, since: time.Now()}
}

// limited is a leadership that ends by itself at the given time, unless extended.
func limited(until time.Time, release func()) *Leadership {
	l := &Leadership{lost: make(chan struct{}), release: release, since: time.Now(), until: until}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(time.Until(until), l.timeUp)
	return l
}

// Lost closes when this process may no longer act: on our own timer, a third of the session time-out before the server
// can give the lock to another; at once when the server says so; and after Release. Stop everything within that third: after
// it the lock is given up.
func (l *Leadership) Lost() <-chan struct{} { return l.lost }

// Held tells whether we may act at this moment. It also looks at the clock, for the case that this process was stopped
// for a while and the timer has not been served yet.
func (l *Leadership) Held() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err == nil && (l.timer == nil || time.Now().Before(l.until))
}

// Since is when the lock was taken.
func (l *Leadership) Since() time.Time { return l.since }

// Left is the time until the leadership ends by itself, unless it is proved again; zero once it has ended. It is false for one
// that does not end by itself.
func (l *Leadership) Left() (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer == nil {
		return 0, false
	}
	if l.err != nil {
		return 0, true
	}
	return max(0, time.Until(l.until)), true
}

// Err is nil while the lock is held, and then the reason why it no longer is.
func (l *Leadership) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Release gives the lock back, so that a successor need not wait for the session to end. Lost closes first. Without a
// server it takes up to two seconds. It may be called more than once and after the loss; call it when nothing acts any more.
func (l *Leadership) Release() {
	l.lose(ErrReleased)
	l.release()
}

// extend moves the end. A leadership that has ended stays ended.
func (l *Leadership) extend(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil || l.timer == nil {
		return
	}
	l.until = until
	l.timer.Reset(time.Until(until))
}

// timeUp is the timer. It may come from before an extension.
func (l *Leadership) timeUp() {
	l.mu.Lock()
	early := time.Now().Before(l.until)
	l.mu.Unlock()
	if !early {
		l.lose(ErrDoubt)
	}
}

// lose ends the leadership for the first reason given.
func (l *Leadership) lose(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = why
	if l.timer != nil {
		l.timer.Stop()
	}
	close(l.lost)
}
