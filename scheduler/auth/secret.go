package auth

// hidden is what a secret prints as.
const hidden = "[redacted]"

// secret is text that never shows: a token. It is a function, because fmt reads a text in an unexported field past every
// String method; what is inside a function it cannot reach. Nil is none.
type secret func() string

func secretOf(text string) secret { return func() string { return text } }

// same compares the texts.
func (s secret) same(other secret) bool {
	return s != nil && other != nil && s() == other()
}

// String hides the text, for every way of printing.
func (secret) String() string { return hidden }

// GoString hides the text from %#v.
func (secret) GoString() string { return hidden }

// MarshalText hides the text from encoders and logs.
func (secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
