package sqlstore

import "fmt"

// Ref says where a page lies, and what it must look like.
type Ref struct {
	At  int64  `json:"at"`
	Len int    `json:"len"`
	Sum uint32 `json:"sum"`
}

// Pages keep sealed leaves outside of the process' memory. A page is never
// changed; a freed one may still be asked for until the second snapshot after.
type Pages interface {
	Put(b []byte) (Ref, error)
	Get(r Ref) ([]byte, error)
	Free(r Ref)
}

// Memory is Pages for tests and for a state that nobody stores.
type Memory struct{ pages [][]byte }

// Put keeps a page.
func (m *Memory) Put(b []byte) (Ref, error) {
	m.pages = append(m.pages, b)
	return Ref{At: int64(len(m.pages) - 1), Len: len(b)}, nil
}

// Get gives a page back.
func (m *Memory) Get(r Ref) ([]byte, error) {
	if r.At < 0 || r.At >= int64(len(m.pages)) {
		return nil, fmt.Errorf("page %d is not known", r.At)
	}
	return m.pages[r.At], nil
}

// Free does nothing: tests are short.
func (m *Memory) Free(Ref) {}
