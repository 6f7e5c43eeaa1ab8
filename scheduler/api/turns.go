package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"
)

// strangersAtOnce is how many requests without a person's token may wait for the core at once: it takes one event at a time, and
// nobody who has no token is to fill its queue. A thousand nodes report a few times a second together.
const strangersAtOnce = 64

// turnWait is how long a request waits for its turn.
const turnWait = 10 * time.Second

// turns bounds how many requests are served at once. A body is read before a request takes its turn, so that a slow one holds up
// nobody; bodies are bounded already.
type turns chan struct{}

func newTurns(most int) turns { return make(turns, most) }

// serve answers 503 when no turn comes.
func (t turns) serve(handler http.Handler, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		// It is refused for its body without the core, and its context may have ended with the connection.
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
		handler.ServeHTTP(w, r)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	wait := time.NewTimer(turnWait)
	defer wait.Stop()
	select {
	case t <- struct{}{}:
		defer func() { <-t }()
		handler.ServeHTTP(w, r)
	case <-wait.C:
		w.Header().Set("Retry-After", "5")
		plain(w, http.StatusServiceUnavailable, errBusy.Error())
	case <-r.Context().Done():
	}
}

var errBusy = errors.New("too many reports at once, try again later")

// broken gives the error that ended a body.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
