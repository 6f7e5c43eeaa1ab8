package sqlstore

import "fmt"

// Error is a fault of a statement. State is the SQLSTATE code.
type Error struct {
	State, Message, Detail, Hint string
}

func (e *Error) Error() string { return e.Message }

func errorf(state, format string, args ...any) *Error {
	return &Error{State: state, Message: fmt.Sprintf(format, args...)}
}
