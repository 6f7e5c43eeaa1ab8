package door

import (
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Refusals counts requests that brought no good token, and says so in the log now and then. Whoever tries tokens cannot fill
// the log, and no token stands there.
type Refusals struct {
	Log *slog.Logger
	Now func() time.Time
	// Every is the least time between two lines.
	Every time.Duration

	total atomic.Uint64
	mu    sync.Mutex
	last  time.Time
	told  uint64
}

// Refused counts one.
func (f *Refusals) Refused(r *http.Request) {
	total := f.total.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.Now(); f.last.IsZero() || now.Sub(f.last) >= f.Every {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		f.Log.Warn("requests to the API without a good token were refused", "since the last such line", total-f.told, "last from", host)
		f.last, f.told = now, total
	}
}

// Total is how many there were since the start.
func (f *Refusals) Total() uint64 { return f.total.Load() }
