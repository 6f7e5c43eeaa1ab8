package model

import "fmt"

// Refusal is the master's HTTP answer to a call it does not take: a status and a plain text body, both as a real master gives
// them (recorded in the errors scenario of the traces).
type Refusal struct {
	// Status is the HTTP status code: 400, 403, 404, 409 …
	Status int
	// Text is the body, without a newline.
	Text string
}

// Error makes a Refusal usable as an error.
func (r *Refusal) Error() string { return fmt.Sprintf("%d %s", r.Status, r.Text) }

// RefusedSubscribeWithStream is the answer to a valid SUBSCRIBE that carries a Mesos-Stream-Id header.
var RefusedSubscribeWithStream = &Refusal{Status: 400, Text: "Subscribe calls should not include the 'Mesos-Stream-Id' header"}

// unknownCall answers an operator's call that this edition does not know: its type reads as none.
var unknownCall = badRequest("Failed to validate master::Call: Expecting 'type' to be present")

func badRequest(format string, args ...any) *Refusal {
	return &Refusal{Status: 400, Text: fmt.Sprintf(format, args...)}
}

func invalidCall(format string, args ...any) *Refusal {
	return badRequest("Failed to validate scheduler::Call: "+format, args...)
}
