package cli

// usageError is a command line that cannot be understood.
type usageError struct{ text string }

// Error gives the text without program name and hint.
func (e *usageError) Error() string { return e.text }
