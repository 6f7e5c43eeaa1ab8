package mesos

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// ErrNotSubscribed is the answer to a call while there is no subscription. Nothing was sent.
var ErrNotSubscribed = errors.New("not subscribed to a master: the call was not sent")

// errLeaderChanged ends a stream whose master leads no more.
var errLeaderChanged = errors.New("another master leads now")

// errClosed ends a stream that the master closed between two events.
var errClosed = errors.New("the master closed the stream")

// Refused is an answer that says no. The stream goes on.
type Refused struct {
	// Call is the name of the call in Mesos: ACCEPT.
	Call string
	// Master is the host and port that said so.
	Master string
	Status int
	// Text is what the master gave as the reason, one line of at most 500 bytes.
	Text string
}

func (e *Refused) Error() string {
	text := e.Text
	if text == "" {
		text = http.StatusText(e.Status)
	}
	message := fmt.Sprintf("master %s refused %s with %d: %s", e.Master, e.Call, e.Status, text)
	if remedy := e.remedy(); remedy != "" {
		message += "; " + remedy
	}
	return message
}

// InDoubt tells whether the call may have counted all the same: an error inside the master, or a proxy that gave up
// waiting for it. After every other refusal nothing was done.
func (e *Refused) InDoubt() bool {
	return e.Status >= http.StatusInternalServerError && e.Status != http.StatusServiceUnavailable
}

// remedy is what an operator can do about a refused subscription; a refused call needs none, the core tries again.
func (e *Refused) remedy() string {
	if e.Call != "SUBSCRIBE" {
		return ""
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return "the master wants authentication: give the service an account in DCOS_SERVICE_ACCOUNT_CREDENTIAL, one of this very cluster"
	case http.StatusForbidden:
		return "the master's ACLs forbid this principal to register: allow it to register frameworks with the service's role, " +
			"and with a service account leave FRAMEWORK_PRINCIPAL out or set it to the account's uid"
	case http.StatusNotFound:
		return "there is no Mesos scheduler API at this address: check MESOS_MASTER"
	case http.StatusServiceUnavailable:
		return "the master is not ready yet: wait, or look at its log"
	}
	return ""
}

// NoLeaderError says that masters or ZooKeeper answer, but none leads.
type NoLeaderError struct {
	// At is whom we asked.
	At     string
	Detail string
}

func (e *NoLeaderError) Error() string {
	return fmt.Sprintf("no leading master at %s: %s; an election takes some seconds, after that check that a quorum of masters runs",
		e.At, e.Detail)
}

// SilentError says that the stream brought nothing, not even a heartbeat, for too long.
type SilentError struct {
	For time.Duration
}

func (e *SilentError) Error() string {
	return fmt.Sprintf("the master was silent for %s: the stream counts as dead", e.For)
}

// MalformedError says that the stream brought something that is not an event.
type MalformedError struct {
	Detail string
}

func (e *MalformedError) Error() string { return "the master sent a malformed event: " + e.Detail }

// TooLargeError says that an event is larger than we are ready to hold.
type TooLargeError struct {
	// Limit in bytes.
	Limit int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the master sent an event of more than %d bytes: it was not read", e.Limit)
}

// EndedError is the master's ERROR event: it will not have this framework any more, or another scheduler has taken its
// place. Connecting again would fight that scheduler, so Run ends.
type EndedError struct {
	Message string
}

func (e *EndedError) Error() string { return "the master ended the subscription: " + e.Message }

// tries are the errors of several masters in one line.
type tries []error

func (t tries) Error() string {
	texts := make([]string, len(t))
	for i, err := range t {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (t tries) Unwrap() []error { return t }

// stable is an error's text without what differs from try to try (our own port), so that the same trouble is told once.
func stable(err error) string {
	text := err.Error()
	var op *net.OpError
	if errors.As(err, &op) && op.Source != nil {
		text = strings.ReplaceAll(text, op.Source.String()+"->", "")
	}
	return text
}
