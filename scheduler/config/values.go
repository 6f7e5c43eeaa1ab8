package config

import (
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// ValueError says what is wrong with a value and what to write instead.
type ValueError struct {
	Message string
	Remedy  string
}

// Error is message and remedy.
func (e *ValueError) Error() string { return e.Message + "; " + e.Remedy }

// Count is a whole number.
type Count int64

// UnmarshalText reads a whole number.
func (c *Count) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return &ValueError{"is not a whole number", "write digits only, such as 3"}
	}
	*c = Count(n)
	return nil
}

// Port is a TCP port.
type Port uint64

// UnmarshalText reads a port.
func (p *Port) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 16)
	if err != nil {
		return &ValueError{"is not a port", "write a number from 1 to 65535"}
	}
	*p = Port(n)
	return nil
}

// Amount is a number in thousandths, as Mesos counts CPUs.
type Amount tasks.Milli

// most is far above any amount that Mesos has, and far below what thousandths overflow at.
const most = 1e12

// UnmarshalText reads a decimal number. NaN and infinities are none.
func (a *Amount) UnmarshalText(text []byte) error {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(value >= -most && value <= most) {
		return &ValueError{"is not a number", "write a number such as 0.5"}
	}
	*a = Amount(tasks.MilliOf(value))
	return nil
}

// Duration is a time span; a bare number means seconds, as in the SDK.
type Duration time.Duration

// UnmarshalText reads 90s, 2m or 90.
func (d *Duration) UnmarshalText(text []byte) error {
	raw := string(text)
	if _, err := strconv.ParseFloat(raw, 64); err == nil {
		raw += "s"
	}
	span, err := time.ParseDuration(raw)
	if err != nil {
		return &ValueError{"is not a time span", "write a number with a unit, such as 90s or 5m"}
	}
	*d = Duration(span)
	return nil
}

// Flag is a boolean; as in the SDK its first letter decides: t, y, f or n in any case. 1 and 0 are taken too.
type Flag bool

// UnmarshalText reads a flag.
func (f *Flag) UnmarshalText(text []byte) error {
	letter := ""
	if len(text) > 0 {
		letter = strings.ToLower(string(text[:1]))
	}
	switch {
	case letter == "t", letter == "y", string(text) == "1":
		*f = true
	case letter == "f", letter == "n", string(text) == "0":
		*f = false
	default:
		return &ValueError{"is neither yes nor no", "write true or false"}
	}
	return nil
}

// Memory is a size of memory: a share of the node's memory, or bytes.
type Memory string

// plenty is more memory in MB than any node has, for judging the form of a size alone.
const plenty = 1 << 40

// UnmarshalText checks the form. Whether the size fits into a node is checked with NODE_MEM, and the node turns it into
// bytes when it starts.
func (m *Memory) UnmarshalText(text []byte) error {
	if _, err := cockroach.MemoryBytes(string(text), plenty); err != nil {
		return &ValueError{"is not a size of memory", "write a share such as 25% or 0.25, or a size such as 1GiB"}
	}
	*m = Memory(text)
	return nil
}

// Secret never shows its value.
type Secret string

// String hides the value, for every way of printing.
func (Secret) String() string { return "[redacted]" }

// GoString hides the value from %#v.
func (Secret) GoString() string { return "[redacted]" }

// MarshalText hides the value from encoders and logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
