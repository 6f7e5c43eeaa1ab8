package auth

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	// firstPause is the wait after a login that failed; it doubles up to mostPause.
	firstPause = time.Second
	mostPause  = 30 * time.Second
	// young is the age below which a refused token is not replaced: another one would be refused too.
	young = 10 * time.Second
)

// DefaultAhead is how long before its end a token is replaced, when nothing else is said (the DC/OS SDK's value).
const DefaultAhead = 30 * time.Second

// Options are the particulars of a session. Zero values mean what is named with the field.
type Options struct {
	// Transport carries the logins (http.DefaultTransport).
	Transport http.RoundTripper
	// Ahead is how long before its end a token is replaced (DefaultAhead).
	Ahead time.Duration
	// Log gets what changed (nowhere).
	Log *slog.Logger
}

// Session holds the token of an account and replaces it in time. Any goroutine may use it.
type Session struct {
	account Credential
	client  *http.Client
	ahead   time.Duration
	log     *slog.Logger
	// turn is held by the one request that logs in; the others wait for it, or for their own end.
	turn chan struct{}

	mu      sync.Mutex
	current token
	failed  error
	// pause follows the last failure and ends at next.
	pause time.Duration
	next  time.Time
}

// NewSession connects to nothing yet. The account must name an endpoint.
func NewSession(account Credential, options Options) *Session {
	if options.Transport == nil {
		options.Transport = http.DefaultTransport
	}
	if options.Ahead <= 0 {
		options.Ahead = DefaultAhead
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Session{account: account, ahead: options.Ahead, log: options.Log, turn: make(chan struct{}, 1),
		client: &http.Client{Transport: options.Transport,
			// A login that was redirected would be sent again to whoever the answer names.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// String names the account and hides the token.
func (s *Session) String() string { return "session of " + s.account.String() }

// GoString does the same for %#v.
func (s *Session) GoString() string { return s.String() }

// token gives one that counts now, after a login if need be. The error is a *LoginError, or the end of ctx.
func (s *Session) token(ctx context.Context) (secret, error) {
	if text, fresh := s.held(time.Now()); fresh {
		return text, nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	// Whoever had the turn before may have logged in.
	now := time.Now()
	text, fresh := s.held(now)
	if fresh {
		return text, nil
	}
	if err := s.pausing(now); err != nil {
		return text, unless(text, err)
	}
	got, err := login(ctx, s.client, s.account)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx) // the request ended, which says nothing about the login
	}
	s.note(got, err)
	if err != nil {
		return text, unless(text, err)
	}
	return got.text, nil
}

// unless lets a token that still counts pass, though replacing it failed.
func unless(text secret, err error) error {
	if text != nil {
		return nil
	}
	return err
}

// held is the token that counts, if there is one, and whether its replacement can wait.
func (s *Session) held(now time.Time) (text secret, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current.valid(now) {
		return nil, false
	}
	return s.current.text, now.Before(s.current.renewAt(s.ahead))
}

// pausing is the reason of the last failure while it is too early for another try.
func (s *Session) pausing(now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.next) {
		return s.failed
	}
	return nil
}

// note keeps what came of a login, and logs it when it differs from the last one.
func (s *Session) note(got token, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		if s.current.text == nil || s.failed != nil {
			s.log.Info("logged in to DC/OS", "account", s.account.UID, "at", s.account.Endpoint, "token_ends", got.ends)
		}
		s.current, s.failed, s.pause, s.next = got, nil, 0, time.Time{}
		return
	}
	if s.failed == nil || s.failed.Error() != err.Error() {
		s.log.Warn("login to DC/OS failed, trying again", "error", err.Error())
	}
	s.failed = err
	s.pause = min(max(2*s.pause, firstPause), mostPause)
	s.next = time.Now().Add(s.pause)
}

// reject gives up a token that was refused with 401. It returns false when another login would change nothing.
func (s *Session) reject(text secret) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current.text.same(text) {
		return true // it was replaced meanwhile
	}
	if time.Since(s.current.began) < young {
		return false
	}
	s.log.Warn("our token was refused before its end, logging in anew", "account", s.account.UID)
	s.current.ends = s.current.began
	return true
}
