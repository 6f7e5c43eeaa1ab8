package auth

// hidden is what a secret prints as.
const hidden = "[redacted]"

// secret is text that never shows: a token.
type secret string

// String hides the text, for every way of printing.
func (secret) String() string { return hidden }

// GoString hides the text from %#v.
func (secret) GoString() string { return hidden }

// MarshalText hides the text from encoders and logs.
func (secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
