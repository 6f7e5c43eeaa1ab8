package cli

import (
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// shortestHidden is how long a key is at least that is searched for in all that is printed: a shorter one is a word that
// stands in other text too. Keys of AWS have 16 characters and more.
const shortestHidden = 8

// hide keeps keys out of everything that is printed from now on, whoever wrote it: a trace, an answer of the scheduler that
// repeats what it was sent, an error of a library. It is the second guard; the first is that nothing prints keys.
func (s *session) hide(keys ...string) {
	var pairs []string
	for _, key := range keys {
		if len(key) < shortestHidden {
			continue
		}
		for _, form := range forms(key) {
			pairs = append(pairs, form, "[redacted]")
		}
	}
	if len(pairs) > 0 {
		replacer := strings.NewReplacer(pairs...)
		s.stdout, s.stderr = hiding{s.stdout, replacer}, hiding{s.stderr, replacer}
	}
}

// forms are a key as it is, as a part of a URL, and within quotation marks of JSON and of Go.
func forms(key string) []string {
	escaped := url.QueryEscape(key)
	quoted := strconv.Quote(key)
	all := []string{key, escaped, strings.ReplaceAll(escaped, "+", "%20"), url.PathEscape(key), quoted[1 : len(quoted)-1]}
	if text, err := json.Marshal(key); err == nil {
		all = append(all, string(text[1:len(text)-1]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// hiding writes text without keys. Every text of the plug-in is written whole, so that no key falls between two writes.
type hiding struct {
	w    io.Writer
	keys *strings.Replacer
}

// Write writes p without keys; errors are those of the writer below.
func (h hiding) Write(p []byte) (int, error) {
	if _, err := h.keys.WriteString(h.w, string(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}
