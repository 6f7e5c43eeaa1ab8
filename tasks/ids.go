package tasks

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/google/uuid"
)

// IDs makes random-looking UUIDs from a seed, so that a pure function can name new things: the same seed gives the
// same ids. The shell seeds it from the system's randomness once for each frame.
type IDs struct {
	seed [16]byte
	next uint64
}

// NewIDs starts a sequence.
func NewIDs(seed [16]byte) *IDs { return &IDs{seed: seed} }

// Next gives the next UUID of the sequence, in the form of a version 4 UUID (RFC 9562, section 5.4).
func (s *IDs) Next() string {
	var input [24]byte
	copy(input[:], s.seed[:])
	binary.BigEndian.PutUint64(input[16:], s.next)
	s.next++
	sum := sha256.Sum256(input[:])
	id := uuid.UUID(sum[:16])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}
