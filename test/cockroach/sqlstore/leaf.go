package sqlstore

import (
	"bytes"
	"encoding/binary"
	"math"
	"sort"
)

// forever is when a version that is still there is gone.
const forever = math.MaxInt64

// latest is the moment of a read that does not ask for the past.
const latest = forever - 1

// version is one row from the moment it was made until it was gone, in
// nanoseconds of the cluster's clock.
type version struct {
	made, gone int64
	key, row   []byte
}

// leaf is a run of versions by key, then by age. A sealed leaf has its versions
// in the pages alone.
type leaf struct {
	First  []byte `json:"first"`
	Live   int    `json:"live"`   // versions that are not gone
	Newest int64  `json:"newest"` // latest moment at which anything in it was made or gone
	Past   bool   `json:"past,omitempty"`
	Ref    Ref    `json:"ref"`

	vs    []version
	size  int
	dirty bool
	used  uint64
}

const leafSize = 128 << 10

// at finds where key begins.
func (l *leaf) at(key []byte) int {
	return sort.Search(len(l.vs), func(i int) bool { return bytes.Compare(l.vs[i].key, key) >= 0 })
}

// living finds the version of key that is not gone, or -1.
func (l *leaf) living(key []byte) int {
	for i := l.at(key); i < len(l.vs) && bytes.Equal(l.vs[i].key, key); i++ {
		if l.vs[i].gone == forever {
			return i
		}
	}
	return -1
}

func (v version) size() int { return len(v.key) + len(v.row) + 24 }

func (l *leaf) encode() []byte {
	b := make([]byte, 0, l.size)
	for _, v := range l.vs {
		b = binary.AppendVarint(b, v.made)
		b = binary.AppendVarint(b, v.gone)
		b = append(binary.AppendUvarint(b, uint64(len(v.key))), v.key...)
		b = append(binary.AppendUvarint(b, uint64(len(v.row))), v.row...)
	}
	return b
}

// decodeLeaf reads versions; they share b.
func decodeLeaf(b []byte) []version {
	var vs []version
	piece := func() []byte {
		n, k := binary.Uvarint(b)
		p := b[k : k+int(n) : k+int(n)]
		b = b[k+int(n):]
		return p
	}
	for len(b) > 0 {
		var v version
		var k int
		v.made, k = binary.Varint(b)
		b = b[k:]
		v.gone, k = binary.Varint(b)
		b = b[k:]
		v.key = piece()
		v.row = piece()
		vs = append(vs, v)
	}
	return vs
}
