package door

import (
	"crypto/sha256"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Reread is a value made of files, made again when what they hold changes. Nobody has to be told of a change, and no restart is needed.
// What cannot be read or used is logged once, and the former value stays.
type Reread[T any] struct {
	source Source[T]

	current atomic.Pointer[T]
	mu      sync.Mutex
	looked  time.Time
	seen    [][sha256.Size]byte // of the texts, which may be secrets
	trouble string
}

// Source is where a Reread comes from.
type Source[T any] struct {
	// What it is, for the log.
	What string
	// Read gives the texts of the files; nil when nothing stands in a file.
	Read func() ([][]byte, error)
	// Make makes the value. Its error is logged, and must hold no secret.
	Make func(texts [][]byte) (T, error)
	// Every is how often the files are looked at, at most.
	Every time.Duration
	Now   func() time.Time
	Log   *slog.Logger
}

// NewReread begins with a value that was made of these texts.
func NewReread[T any](first T, texts [][]byte, source Source[T]) *Reread[T] {
	r := &Reread[T]{source: source, seen: sums(texts), looked: source.Now()}
	r.current.Store(&first)
	return r
}

// Value is the value of now. It is for any goroutine; while one looks at the files, the others go on with what there is.
func (r *Reread[T]) Value() T {
	if r.source.Read != nil && r.mu.TryLock() {
		if now := r.source.Now(); now.Sub(r.looked) >= r.source.Every || now.Before(r.looked) {
			r.looked = now
			r.look()
		}
		r.mu.Unlock()
	}
	return *r.current.Load()
}

func (r *Reread[T]) look() {
	texts, err := r.source.Read()
	if err == nil && slices.Equal(sums(texts), r.seen) {
		// What could not be used is tried again: a certificate may become valid, or its other half may have come.
		if r.trouble == "" {
			return
		}
	}
	var value T
	if err == nil {
		value, err = r.source.Make(texts)
	}
	if err != nil {
		if r.trouble != err.Error() {
			r.source.Log.Warn(r.source.What+" changed and cannot be used; the former stays in force", "error", err)
		}
		r.trouble = err.Error()
		return
	}
	if !slices.Equal(sums(texts), r.seen) {
		r.source.Log.Info(r.source.What + " changed, the new one is in force")
	}
	r.trouble, r.seen = "", sums(texts)
	r.current.Store(&value)
}

func sums(texts [][]byte) [][sha256.Size]byte {
	list := make([][sha256.Size]byte, 0, len(texts))
	for _, text := range texts {
		list = append(list, sha256.Sum256(text))
	}
	return list
}
