package server

// BindError is an address that could not be listened on; Flag is the flag that
// sets it.
type BindError struct {
	Flag string
	Err  error
}

func (e *BindError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *BindError) Unwrap() error { return e.Err }

// StoreError is a store that could not be written: the node must not go on.
type StoreError struct{ Err error }

func (e *StoreError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *StoreError) Unwrap() error { return e.Err }
