package certs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

var errInClear = errors.New("it came over plain HTTP, where others may have read it: give the scheduler's API a certificate (API_TLS_CERT), and make a new pair")

// RefusedError is a token that the scheduler does not take.
type RefusedError struct {
	// Used says that another key came with it before.
	Used    bool
	Message string
}

func (e *RefusedError) Error() string {
	if e.Used {
		return "the token of this launch was used with another key: " + e.Message
	}
	return "the scheduler does not take the token of this launch: " + e.Message
}

// Enrol gets the first certificates of a launch. It tries for as long as the scheduler is away or asks to come again: nothing else
// starts a node then either. The error is a *RefusedError or *UnfitError where trying again does not help, else the context's.
func (d Desk) Enrol(ctx context.Context, token string) (*Issued, error) {
	keys, err := NewKeys() // for all tries: the token is bound to the first key that comes with it
	if err != nil {
		return nil, err
	}
	lines := trouble{say: d.Say, now: d.Now, every: sayAgain}
	for pause := d.paces().first; ; pause = min(2*pause, d.paces().longest) {
		issued, err := d.ask(ctx, keys, token, nil)
		if err == nil {
			return issued, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var refused *answered
		var unfit *UnfitError
		switch {
		case errors.As(err, &unfit):
			return nil, err
		case errors.As(err, &refused):
			switch refused.status {
			case http.StatusForbidden, http.StatusGone:
				return nil, &RefusedError{refused.status == http.StatusGone, refused.message}
			case http.StatusBadRequest:
				return nil, fmt.Errorf("the scheduler does not understand the signing request: %s", refused.message)
			case http.StatusConflict: // the authority was changed between signing and handing out
				pause = d.paces().first
			}
		}
		lines.about("cannot get certificates from the scheduler at %s, trying on: %v", d.URL, err)
		if !sleep(ctx, pause) {
			return nil, context.Cause(ctx)
		}
	}
}

// trouble says what goes wrong, each new text at once and the same one again only after a while.
type trouble struct {
	say   func(format string, args ...any)
	now   func() time.Time
	every time.Duration
	last  string
	at    time.Time
}

func (t *trouble) about(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text == t.last && t.now().Sub(t.at) < t.every {
		return
	}
	t.last, t.at = text, t.now()
	t.say("WARNING: %s", text)
}

// over says that the trouble is, if there was any.
func (t *trouble) over(text string) {
	if t.last != "" {
		t.last = ""
		t.say("%s", text)
	}
}

// sleep waits for d; false means that ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
