package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Each connection opens with a greeting that says whether its calls go by RPC or by
// SQL in the real program. The number changes with the protocol.
const (
	greeting    = "cockroach stand-in protocol 3\n"
	greetingSQL = "cockroach stand-in protocol 3 SQL\n"
)

// maxFrame bounds one message, in bytes, so that noise cannot claim memory.
const maxFrame = 64 << 20

type request struct {
	Op   string          `json:"op"`
	Body json.RawMessage `json:"body,omitempty"`
	blob []byte
}

type reply struct {
	Fault *Fault          `json:"fault,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
	blob  []byte
}

// Carrier is a message with bytes that go next to its JSON as they are: the text
// of statements, pieces of a dump, pages. Their field is left out of the JSON.
type Carrier interface{ Blob() []byte }

// Receiver is the same on the way in.
type Receiver interface{ SetBlob([]byte) }

func blobOf(v any) []byte {
	if c, ok := v.(Carrier); ok {
		return c.Blob()
	}
	return nil
}

func writeFrame(w io.Writer, v any, blob []byte) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	n := len(b) + len(blob)
	if n > maxFrame {
		return fmt.Errorf("message of %d bytes exceeds the limit of %d", n, maxFrame)
	}
	frame := make([]byte, 8, 8+n)
	binary.BigEndian.PutUint32(frame, uint32(n))
	binary.BigEndian.PutUint32(frame[4:], uint32(len(b)))
	_, err = w.Write(append(append(frame, b...), blob...))
	return err
}

// readFrame decodes a message and gives the bytes that came with it.
func readFrame(r io.Reader, v any) ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n, m := binary.BigEndian.Uint32(head[:]), binary.BigEndian.Uint32(head[4:])
	if n > maxFrame || m > n {
		return nil, fmt.Errorf("message of %d bytes exceeds the limit of %d", n, maxFrame)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b[:m], v); err != nil {
		return nil, fmt.Errorf("decode message: %w", err)
	}
	return b[m:], nil
}
