package certs

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Faults are everything that is wrong with a request. Fields have the names of the request's JSON.
type Faults []wire.Fault

// Error names all of them in one line.
func (f Faults) Error() string {
	var list []string
	for _, one := range f {
		list = append(list, fmt.Sprintf("%s: %s (%s)", one.Field, one.Message, one.Remedy))
	}
	return strings.Join(list, "; ")
}

func (f *Faults) add(field, value, message, remedy string) {
	*f = append(*f, wire.Fault{Field: field, Value: value, Message: message, Remedy: remedy})
}

// orNil is the faults as an error, nil when there are none.
func (f Faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Refusal is something that was asked for and not given, with a status of HTTP and a sentence.
type Refusal struct {
	Code    int
	Message string
}

// Error is the sentence.
func (r *Refusal) Error() string { return r.Message }

// Locked says that a stored authority cannot be used with these settings: the process is not to go on.
type Locked struct{ Message, Remedy string }

// Error is message and remedy.
func (l *Locked) Error() string { return l.Message + "; " + l.Remedy }
