package leader

import (
	"log/slog"
	"time"
)

// Option changes how Acquire works.
type Option func(*options)

type options struct {
	log     *slog.Logger
	session time.Duration
	connect time.Duration
	holder  Holder
	waiting func(Holder)
}

// WithLogger gives a logger; without it nothing is logged.
func WithLogger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

// WithSessionTimeout asks ZooKeeper for this session time-out instead of 20 s. A successor waits about that long for a
// scheduler that died; a scheduler stops itself after two thirds of it without ZooKeeper.
func WithSessionTimeout(d time.Duration) Option { return func(o *options) { o.session = d } }

// WithConnectTimeout bounds the wait for the first session instead of 30 s. The wait for the lock itself is bounded by
// Acquire's context alone.
func WithConnectTimeout(d time.Duration) Option { return func(o *options) { o.connect = d } }

// WithHolder says what others see of us while we hold the lock; without it, ThisProcess as of the call of Acquire.
func WithHolder(h Holder) Option { return func(o *options) { o.holder = h } }

// WithWaiting is told each time that somebody else turns out to hold the lock. It must not block.
func WithWaiting(f func(Holder)) Option { return func(o *options) { o.waiting = f } }
