package cli

import (
	"errors"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

// meantError is an HTTP status of the scheduler, in the words of the command
// that got it.
type meantError struct {
	text   string // "there is no plan \"x\""
	remedy string
	err    *client.StatusError
}

// Error gives the words.
func (e *meantError) Error() string { return e.text }

// Unwrap gives the answer of the scheduler.
func (e *meantError) Unwrap() error { return e.err }

// meaning says what a status of the scheduler means for the command at hand.
// Other errors, none, and answers of Admin Router pass through.
func meaning(err error, status int, text, remedy string) error {
	e, ok := errors.AsType[*client.StatusError](err)
	if !ok || e.Status != status || e.FromRouter {
		return err
	}
	return &meantError{text: text, remedy: remedy, err: e}
}

// notThere is the meaning of a 404: the thing is none of those that the command
// in list shows.
func (s *session) notThere(err error, text, list string) error {
	return meaning(err, http.StatusNotFound, text, "See what there is: "+s.program+" "+list)
}

// noPod is the meaning of a 404 to a pod. As with the SDK, a pod is there from its first launch on.
func (s *session) noPod(err error, text, list string) error {
	return meaning(err, http.StatusNotFound, text, "See what there is: "+s.program+" "+list+
		"\nA pod that was never launched is not there yet; see how far it is: "+s.program+" plan status "+deployPlan)
}

// bodyOf is what the scheduler said with a failure; "" for other errors.
func bodyOf(err error) string {
	if e, ok := errors.AsType[*client.StatusError](err); ok && !e.FromRouter {
		return e.Body
	}
	return ""
}
