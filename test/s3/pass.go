package s3

import (
	"context"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"
)

const slowDown = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`

// handler passes requests to the server as they are: the Host header is signed, so it stays the proxy's.
func (p *Proxy) handler(scheme string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slow, delay, cut := p.fate(r)
		if sleep(r.Context(), delay) != nil || p.pass(r.Context()) != nil {
			panic(http.ErrAbortHandler)
		}
		if slow {
			w.Header().Set("Content-Type", "application/xml")
			w.Header().Set("Connection", "close")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, slowDown) // who hung up needs no answer
			return
		}
		request := body{ReadCloser: r.Body, ctx: r.Context(), proxy: p, pace: &p.up, left: -1}
		if cut != nil && !cut.Answer {
			request.left = cut.After
		}
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host = scheme, p.target
		out.RequestURI = ""
		out.Header.Del("Connection")
		out.Body = &request
		if r.ContentLength == 0 {
			out.Body = http.NoBody
		}
		answer, err := p.upstream.RoundTrip(out)
		if err != nil {
			panic(http.ErrAbortHandler) // which cuts the client's connection too
		}
		defer answer.Body.Close()
		p.answer(w, r, answer, cut)
	})
}

func (p *Proxy) answer(w http.ResponseWriter, r *http.Request, answer *http.Response, cut *Cut) {
	reply := body{ReadCloser: answer.Body, ctx: r.Context(), proxy: p, pace: &p.down, left: -1}
	if cut != nil && cut.Answer {
		if cut.Before {
			panic(http.ErrAbortHandler)
		}
		reply.left = cut.After
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	if _, err := io.Copy(w, &reply); err != nil {
		_ = http.NewResponseController(w).Flush() // so that the client gets what came before the cut
		panic(http.ErrAbortHandler)
	}
}

// pacer lets so many bytes pass in a second.
type pacer struct {
	mu   sync.Mutex
	rate int64
	next time.Time
}

func (p *pacer) set(rate int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate, p.next = rate, time.Time{}
}

// wait takes the time that n bytes need. What was not used of the past is lost, but for the twentieth of a second that a busy
// machine may oversleep.
func (p *pacer) wait(ctx context.Context, n int) error {
	p.mu.Lock()
	if p.rate == 0 {
		p.mu.Unlock()
		return nil
	}
	if earliest := time.Now().Add(-50 * time.Millisecond); p.next.Before(earliest) {
		p.next = earliest
	}
	p.next = p.next.Add(time.Duration(n) * time.Second / time.Duration(p.rate))
	wait := time.Until(p.next)
	p.mu.Unlock()
	return sleep(ctx, wait)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
