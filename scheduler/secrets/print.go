package secrets

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// String hides what the safe holds.
func (s *Safe) String() string { return redacted }

// Format hides what the safe holds from every verb of package fmt.
func (s *Safe) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides what the safe holds from logs.
func (s *Safe) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides what the safe holds from encoders.
func (s *Safe) MarshalText() ([]byte, error) { return []byte(redacted), nil }
