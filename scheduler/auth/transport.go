package auth

import (
	"io"
	"net/http"
)

// Transport carries requests over base with the session's token. After a 401 it logs in anew and makes the request once
// more: a server that does not know who asks has done nothing yet, so repeating is safe for every call. A request whose
// body cannot be read twice is not repeated.
func (s *Session) Transport(base http.RoundTripper) http.RoundTripper {
	return &carrier{session: s, base: base}
}

type carrier struct {
	session *Session
	base    http.RoundTripper
}

// RoundTrip makes the request, at most twice. The error is a *LoginError when there is no token to send.
func (c *carrier) RoundTrip(request *http.Request) (*http.Response, error) {
	text, err := c.session.token(request.Context())
	if err != nil {
		drop(request.Body)
		return nil, err
	}
	response, err := c.base.RoundTrip(with(request, text))
	if err != nil || response.StatusCode != http.StatusUnauthorized {
		return response, err
	}
	again, ok := repeatable(request)
	if !ok || !c.session.reject(text) {
		return response, nil
	}
	next, err := c.session.token(request.Context())
	if err != nil {
		drop(response.Body)
		return nil, err
	}
	// The little that a refusal holds is read, so that its connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, answerSize))
	drop(response.Body)
	return c.base.RoundTrip(with(again, next))
}

// with is the request and its token; the request itself must stay as it is (http.RoundTripper).
func with(request *http.Request, text secret) *http.Request {
	clone := request.Clone(request.Context())
	clone.Header.Set("Authorization", "token="+text())
	return clone
}

// repeatable is the request with its body from the start.
func repeatable(request *http.Request) (*http.Request, bool) {
	if request.Body == nil || request.Body == http.NoBody {
		return request, true
	}
	if request.GetBody == nil {
		return nil, false
	}
	body, err := request.GetBody()
	if err != nil {
		return nil, false
	}
	clone := request.Clone(request.Context())
	clone.Body = body
	return clone, true
}

func drop(body io.ReadCloser) {
	if body != nil {
		_ = body.Close() // nothing was sent that a failed close could lose
	}
}
