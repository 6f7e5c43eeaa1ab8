package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// ReachError says that no whole answer came: no connection, no trust, no time.
type ReachError struct {
	Query string // "GET http://…"
	Err   error
}

// Error says what was asked and what went wrong.
func (e *ReachError) Error() string { return fmt.Sprintf("%s: %v", e.Query, e.Err) }

// Unwrap gives the error of the network or of TLS.
func (e *ReachError) Unwrap() error { return e.Err }

// StatusError is an answer whose HTTP status means failure.
type StatusError struct {
	Query  string
	Status int
	Body   string // cut, and without the token
	// FromRouter: Admin Router answered, not the scheduler.
	FromRouter bool
	// WantsToken: the scheduler wants a token of its own, and got none that is good.
	WantsToken bool
	// WantsTLS: the scheduler wants to be asked by https.
	WantsTLS bool
}

// Error says what was asked and which status came back.
func (e *StatusError) Error() string { return fmt.Sprintf("%s: HTTP status %d", e.Query, e.Status) }

// FormatError is an answer that is not what was asked for, as when the address
// is that of another server.
type FormatError struct {
	Query string
	Kind  string // Content-Type of the answer
	What  string // "it is a web page"
}

// Error says what was asked and why the answer cannot be used.
func (e *FormatError) Error() string {
	return fmt.Sprintf("%s: the answer of type %q is not what was asked for: %s", e.Query, e.Kind, e.What)
}

// longestBody is how much of a failed answer is worth showing.
const longestBody = 2000

func (c *Client) statusError(a Answer) error {
	body := strings.TrimSpace(c.trace.hide(string(a.Body)))
	return &StatusError{
		Query:      a.query.String(),
		Status:     a.Status,
		Body:       shorten(body, longestBody),
		FromRouter: !c.target.Direct && (a.html() || strings.Contains(body, "service not found")),
		WantsToken: a.challenged,
		WantsTLS:   a.Status == http.StatusForbidden && body == wire.UseHTTPS,
	}
}

// Failure is the error of an answer that was taken for one by its status and turned out to be none: a *StatusError.
func (c *Client) Failure(a Answer) error { return c.statusError(a) }

// html: pages come from Admin Router or a proxy, never from the scheduler's API.
func (a Answer) html() bool { return strings.HasPrefix(a.kind, "text/html") }

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + fmt.Sprintf(" … (%d bytes in all)", len(s))
}

// stripURL takes the wrapping of net/http off, which repeats method and URL.
func stripURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
