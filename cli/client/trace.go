package client

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// trace shows the queries as they happen, for -v. It is for reading alone: a
// line that cannot be written is lost.
type trace struct {
	w      io.Writer // nil for no trace
	bodies bool
	tokens []cluster.Token // each may be empty
}

func (t trace) asking(q query, body []byte) {
	with := " (without a token)"
	for _, token := range t.tokens {
		if !token.Empty() {
			with = " (with a token)"
		}
	}
	t.line("> " + q.String() + with)
	t.body(body)
}

func (t trace) answered(a Answer, took time.Duration) {
	kind := a.kind
	if kind == "" {
		kind = "unnamed type"
	}
	t.line(fmt.Sprintf("< %d %s, %d bytes of %s, %s", a.Status, http.StatusText(a.Status), len(a.Body), kind, took.Round(time.Millisecond)))
	t.body(a.Body)
}

func (t trace) failed(err error) { t.line("< " + err.Error()) }

func (t trace) body(body []byte) {
	if t.bodies && len(body) > 0 {
		t.line(string(redact(body)))
	}
}

func (t trace) line(s string) {
	if t.w != nil {
		fmt.Fprintln(t.w, t.hide(s))
	}
}

// hide takes the tokens out of text that a server may have echoed.
func (t trace) hide(s string) string {
	for _, token := range t.tokens {
		if !token.Empty() {
			s = strings.ReplaceAll(s, token.Reveal(), "<token>")
		}
	}
	return s
}
