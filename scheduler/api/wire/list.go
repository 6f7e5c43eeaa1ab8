package wire

import "encoding/json"

// List is a slice that is sent as [] when it is nil. The SDK never sends null
// in place of an empty list. An ordinary []T is assignable to it.
type List[T any] []T

// Names is what every listing answers: plans, pods, endpoints, configurations,
// state properties; and, with a single entry, target id and framework id.
type Names = List[string]

// MarshalJSON writes the list as a JSON array, never as null.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	// Not json.Marshal: it would write < and > as \u003c and \u003e.
	return compact([]T(l))
}

var _ json.Marshaler = List[string]{}
