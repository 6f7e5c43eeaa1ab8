package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// greeting opens each connection; its number changes with the protocol.
const greeting = "cockroach stand-in protocol 1\n"

// maxFrame bounds one message, in bytes, so that noise cannot claim memory.
const maxFrame = 64 << 20

type request struct {
	Op   string          `json:"op"`
	Body json.RawMessage `json:"body,omitempty"`
}

type reply struct {
	Fault *Fault          `json:"fault,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
}

func writeFrame(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	if len(b) > maxFrame {
		return fmt.Errorf("message of %d bytes exceeds the limit of %d", len(b), maxFrame)
	}
	frame := make([]byte, 4, 4+len(b))
	binary.BigEndian.PutUint32(frame, uint32(len(b)))
	_, err = w.Write(append(frame, b...))
	return err
}

func readFrame(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxFrame {
		return fmt.Errorf("message of %d bytes exceeds the limit of %d", n, maxFrame)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("decode message: %w", err)
	}
	return nil
}
