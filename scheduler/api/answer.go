package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// answer writes a value as JSON with this status. Statuses that may not carry a body go out without one: the SDK
// sends one, which net/http refuses and clients ignore.
func answer(w http.ResponseWriter, status int, value any) {
	if status == http.StatusNoContent || status == http.StatusResetContent {
		w.WriteHeader(status)
		return
	}
	body, err := wire.Marshal(value)
	if err != nil {
		plain(w, http.StatusInternalServerError, "Couldn't encode the answer: "+err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that went away is its own affair.
	_, _ = w.Write(body)
}

// plain writes a text/plain answer, as the SDK does for what was not found.
func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
