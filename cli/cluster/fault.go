package cluster

import "fmt"

// Fault is a setting that cannot be used.
type Fault struct {
	Field   string // flag, variable or file and key
	Value   string // as found, "" where there is none to show; never a secret
	Message string
	Remedy  string
}

// Error names all parts in one line.
func (f *Fault) Error() string {
	text := f.Field
	if f.Value != "" {
		text += fmt.Sprintf(" %q", f.Value)
	}
	text += ": " + f.Message
	if f.Remedy != "" {
		text += ". " + f.Remedy
	}
	return text
}

// Unknown says that no cluster could be chosen: none is set up, none is
// attached, or more than one is.
type Unknown struct {
	Message string
	Remedy  string
}

// Error gives the message alone; the remedy is for those who show it.
func (u *Unknown) Error() string { return u.Message }
