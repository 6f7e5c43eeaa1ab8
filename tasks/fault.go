package tasks

import "fmt"

// Fault is one thing that is wrong with what the operator asked for: which field, which value, what is wrong, and what
// to do about it. Validation returns all faults, never only the first.
type Fault struct {
	Field string `json:"field"`
	Value string `json:"value"`
	// Old is the value in force, where the fault is in going from one to the other; otherwise it is empty.
	Old     string `json:"old,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Error is the fault in one line.
func (f Fault) Error() string {
	return fmt.Sprintf("%s=%q: %s; %s", f.Field, f.Value, f.Message, f.Remedy)
}
