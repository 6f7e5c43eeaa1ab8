package placement

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with a constraint.
type Fault struct {
	// Row counts from 1; 0 means the text as a whole.
	Row int `json:"row"`
	// Field is the row's field, empty where there is none.
	Field string `json:"field,omitempty"`
	// Value is the part that is wrong, as it was written.
	Value   string `json:"value"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// String is the fault with its remedy.
func (f Fault) String() string { return f.Problem() + ". " + f.Remedy }

// Problem is the fault without its remedy: placement row 1 (hostname): "UNIK": there is no such operator.
func (f Fault) Problem() string {
	where := "placement"
	if f.Row > 0 {
		where += fmt.Sprintf(" row %d", f.Row)
	}
	if f.Field != "" {
		where += fmt.Sprintf(" (%s)", f.Field)
	}
	return fmt.Sprintf("%s: %q: %s", where, f.Value, f.Message)
}

// ParseError is what Parse gives for a text that it cannot read: all faults at once, in the order of the rows.
type ParseError struct{ Faults []Fault }

// Error lists the faults, one after another.
func (e *ParseError) Error() string {
	lines := make([]string, 0, len(e.Faults))
	for _, fault := range e.Faults {
		lines = append(lines, fault.String())
	}
	return strings.Join(lines, "; ")
}
