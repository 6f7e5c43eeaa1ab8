package s3

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "[redacted]"

// Keys are the key pair of an account of the store, and the session token of a temporary one. They print as [redacted] under
// every verb of fmt, in slog, and in JSON and every other text encoding; but fmt does not ask the type of an unexported field, so
// keep them in exported ones.
type Keys struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// Format hides the keys from every verb of fmt.
func (Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// String hides the keys from those who ask for a string by hand.
func (Keys) String() string { return hidden }

// LogValue hides the keys from slog.
func (Keys) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the keys from encoding/json and the like.
func (Keys) MarshalText() ([]byte, error) { return []byte(hidden), nil }
