package httpshell

import (
	"net/http"
	"time"
)

// What the faults do to requests and streams.

// strike does what a fault wants done with a request to the scheduler API and says whether that was all.
func (f *Faults) strike(w http.ResponseWriter, r *http.Request) bool {
	f.mu.Lock()
	redirect, hang, fail, failure := f.redirect, false, false, f.answer
	switch {
	case redirect != "":
	case f.hang > 0:
		f.hang--
		hang = true
	case f.calls > 0:
		f.calls--
		fail = true
	}
	f.mu.Unlock()
	switch {
	case redirect != "":
		w.Header().Set("Location", "//"+redirect+"/master/api/v1/scheduler")
		w.WriteHeader(http.StatusTemporaryRedirect)
	case hang:
		_, _ = discard(r.Body)
		select {
		case <-r.Context().Done():
		case <-f.server.owner.done:
		}
	case fail:
		failure.write(w)
	default:
		return false
	}
	return true
}

// beforeAnswer waits as DelayAnswers has it, at most as long as the client does.
func (f *Faults) beforeAnswer(r *http.Request) {
	f.mu.Lock()
	delay := f.delay
	f.mu.Unlock()
	if delay <= 0 {
		return
	}
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
	case <-f.server.owner.done:
	}
}

func (f *Faults) noHeartbeats() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mute
}

// held returns nil while events flow, else a channel that is closed when they do again.
func (f *Faults) held() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hold
}
