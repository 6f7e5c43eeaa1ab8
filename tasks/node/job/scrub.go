package job

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
)

const redacted = "[redacted]"

// shortest is the length below which a text is too common to be hidden wherever it stands.
const shortest = 6

// scrubbing is a writer that replaces secrets in what goes through. Each write is searched by itself: the journal writes whole
// messages.
type scrubbing struct {
	out     io.Writer
	mu      sync.Mutex
	secrets []string
}

// hide adds secrets, as they are and as they look in a URL.
func (s *scrubbing) hide(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(url.QueryEscape(secret), "+", "%20")} {
			if len(secret) >= shortest && !slices.Contains(s.secrets, form) {
				s.secrets = append(s.secrets, form)
			}
		}
	}
	// A longer one first: one may be part of another.
	slices.SortFunc(s.secrets, func(a, b string) int { return len(b) - len(a) })
}

// clean is text without the secrets.
func (s *scrubbing) clean(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	return text
}

// Write writes p without the secrets.
func (s *scrubbing) Write(p []byte) (int, error) {
	if _, err := io.Copy(s.out, bytes.NewReader([]byte(s.clean(string(p))))); err != nil {
		return 0, err
	}
	return len(p), nil
}
