package api

import (
	"net/http"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
)

const redacted = "[redacted]"

// backups answers which backups a folder of a bucket holds. The keys come with the request, are used for it alone, and are kept
// nowhere. It is a POST because of them; it changes nothing.
func (h handlers) backups(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	if h.options.Backups == nil {
		plain(w, http.StatusNotImplemented, "This scheduler does not look into buckets")
		return
	}
	var request wire.BackupsRequest
	if err := readStrictly(r, &request); err != nil {
		badBody(w, err, "request", `a JSON object such as {"bucket": "my-bucket", "iam": true}`)
		return
	}
	store, err := jobs.CheckStore(request.Store)
	if err != nil {
		refuse(w, err, "the bucket cannot be looked at")
		return
	}
	request.Store = store
	found, err := h.options.Backups(r.Context(), request)
	if err != nil {
		code, message := refusal(err)
		if code == http.StatusInternalServerError {
			// It is the store that failed, or the way to it.
			code = http.StatusBadGateway
		}
		plain(w, code, without(message, request.Keys))
		return
	}
	answer(w, http.StatusOK, found)
}

// without takes keys out of a text: stores name the key id that they do not know.
func without(text string, keys wire.Keys) string {
	for _, key := range []string{keys.SecretAccessKey, keys.SessionToken, keys.AccessKeyID} {
		if key != "" {
			text = strings.ReplaceAll(text, key, redacted)
		}
	}
	return text
}
