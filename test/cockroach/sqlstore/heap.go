package sqlstore

import (
	"bytes"
	"slices"
	"sort"
)

// heap is the rows of one table, index or sequence, with their history.
type heap struct {
	Leaves []*leaf `json:"leaves"`
	Next   int64   `json:"next,omitempty"` // the last row number that was given out

	pool *pool
}

// pool bounds the versions that all heaps of a store hold in memory.
type pool struct {
	pages   Pages
	leaf    int // bytes that a leaf is filled to
	most    int // bytes that are held before leaves are sealed
	held    int // bytes
	open    []*leaf
	clock   uint64
	horizon int64 // what was gone before it is forgotten
}

// heldMost is how many bytes of versions are ordinarily held.
const heldMost = 32 << 20

// load brings a leaf's versions into memory to change them.
func (p *pool) load(l *leaf) error {
	p.clock++
	l.used = p.clock
	if l.vs != nil {
		return nil
	}
	if l.vs, l.size = []version{}, 0; l.Ref.Len > 0 {
		b, err := p.pages.Get(l.Ref)
		if err != nil {
			l.vs = nil
			return err
		}
		l.vs = decodeLeaf(b)
	}
	for _, v := range l.vs {
		l.size += v.size()
	}
	p.open = append(p.open, l)
	p.held += l.size
	return p.trim()
}

// trim seals the half of the leaves that was not used for longest.
func (p *pool) trim() error {
	if p.held < p.most {
		return nil
	}
	slices.SortFunc(p.open, func(a, b *leaf) int { return int(int64(b.used) - int64(a.used)) })
	keep := max(len(p.open)/2, 1)
	for _, l := range p.open[keep:] {
		if err := p.seal(l); err != nil {
			return err
		}
	}
	p.open = slices.Clone(p.open[:keep])
	return nil
}

// seal writes a leaf out and lets go of its versions.
func (p *pool) seal(l *leaf) error {
	if l.dirty {
		if err := p.write(l); err != nil {
			return err
		}
	}
	p.held -= l.size
	l.vs = nil
	return nil
}

// write stores a changed leaf, without what nobody may ask for any more.
func (p *pool) write(l *leaf) error {
	if l.Past {
		kept := l.vs[:0:0]
		l.Past = false
		for _, v := range l.vs {
			if v.gone >= p.horizon {
				kept = append(kept, v)
				l.Past = l.Past || v.gone != forever
			} else {
				l.size -= v.size()
				p.held -= v.size()
			}
		}
		l.vs = kept
		if l.vs == nil {
			l.vs = []version{}
		}
	}
	if l.Ref.Len > 0 {
		p.pages.Free(l.Ref)
	}
	l.Ref, l.dirty = Ref{}, false
	if len(l.vs) == 0 {
		return nil
	}
	var err error
	l.Ref, err = p.pages.Put(l.encode())
	return err
}

// sealAll stores every changed leaf; they stay in memory.
func (p *pool) sealAll() error {
	for _, l := range p.open {
		if l.dirty {
			if err := p.write(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// leafFor gives the leaf that key belongs to, in memory.
func (h *heap) leafFor(key []byte) (int, *leaf, error) {
	if len(h.Leaves) == 0 {
		l := &leaf{vs: []version{}}
		h.Leaves = []*leaf{l}
		h.pool.open = append(h.pool.open, l)
	}
	i := sort.Search(len(h.Leaves), func(i int) bool { return bytes.Compare(h.Leaves[i].First, key) > 0 })
	i = max(i-1, 0)
	return i, h.Leaves[i], h.pool.load(h.Leaves[i])
}

// has says whether a row with the key is there.
func (h *heap) has(key []byte) (bool, error) {
	_, l, err := h.leafFor(key)
	if err != nil {
		return false, err
	}
	return l.living(key) >= 0, nil
}

// insert adds a row; ok is false when the key is taken.
func (h *heap) insert(at int64, key, row []byte) (ok bool, err error) {
	n, l, err := h.leafFor(key)
	if err != nil || l.living(key) >= 0 {
		return false, err
	}
	i := l.at(key)
	for i < len(l.vs) && bytes.Equal(l.vs[i].key, key) {
		i++
	}
	v := version{made: at, gone: forever, key: key, row: row}
	end := i == len(l.vs)
	if end && l.size > h.pool.leaf {
		// Rows mostly come in order: a full leaf stays full.
		l = &leaf{First: key, vs: []version{v}}
		h.Leaves = slices.Insert(h.Leaves, n+1, l)
		h.pool.open = append(h.pool.open, l)
	} else {
		l.vs = slices.Insert(l.vs, i, v)
		if i == 0 && n > 0 {
			l.First = key
		}
	}
	l.size += v.size()
	h.pool.held += v.size()
	l.Live++
	l.dirty, l.Newest = true, max(l.Newest, at)
	h.pool.clock++
	l.used = h.pool.clock
	if l.size > 2*h.pool.leaf {
		h.split(slices.Index(h.Leaves, l))
	}
	return true, h.pool.trim()
}

// split halves a leaf, never inside the versions of one key.
func (h *heap) split(n int) {
	l := h.Leaves[n]
	k := len(l.vs) / 2
	for k < len(l.vs) && bytes.Equal(l.vs[k].key, l.vs[k-1].key) {
		k++
	}
	if k == 0 || k == len(l.vs) {
		return
	}
	r := &leaf{First: l.vs[k].key, vs: slices.Clone(l.vs[k:]), Newest: l.Newest, Past: l.Past, dirty: true, used: l.used}
	l.vs = slices.Clone(l.vs[:k])
	for _, x := range []*leaf{l, r} {
		x.size, x.Live = 0, 0
		for _, v := range x.vs {
			x.size += v.size()
			if v.gone == forever {
				x.Live++
			}
		}
	}
	h.Leaves = slices.Insert(h.Leaves, n+1, r)
	h.pool.open = append(h.pool.open, r)
}

// remove ends a row at a moment. A row that was made at the same moment never was.
func (h *heap) remove(at int64, key []byte) error {
	_, l, err := h.leafFor(key)
	if err != nil {
		return err
	}
	i := l.living(key)
	if i < 0 {
		return nil
	}
	if l.vs[i].made == at {
		l.size -= l.vs[i].size()
		h.pool.held -= l.vs[i].size()
		l.vs = slices.Delete(l.vs, i, i+1)
	} else {
		l.vs[i].gone = at
		l.Past = true
	}
	l.Live--
	l.dirty, l.Newest = true, max(l.Newest, at)
	return nil
}

// restore takes back a removal of the same moment.
func (h *heap) restore(at int64, key []byte) error {
	_, l, err := h.leafFor(key)
	if err != nil {
		return err
	}
	for i := l.at(key); i < len(l.vs) && bytes.Equal(l.vs[i].key, key); i++ {
		if l.vs[i].gone == at {
			l.vs[i].gone = forever
			l.Live++
			l.dirty = true
		}
	}
	return nil
}

// scan gives the rows that were there at a moment and whose key is after the
// given one, until f says false. The bytes are f's only during the call.
func (h *heap) scan(at int64, after []byte, f func(key, row []byte) (bool, error)) error {
	from := 0
	if after != nil {
		from = max(0, sort.Search(len(h.Leaves), func(i int) bool { return bytes.Compare(h.Leaves[i].First, after) > 0 })-1)
	}
	for _, l := range h.Leaves[min(from, len(h.Leaves)):] {
		vs := l.vs
		if vs == nil && l.Ref.Len > 0 {
			b, err := h.pool.pages.Get(l.Ref)
			if err != nil {
				return err
			}
			vs = decodeLeaf(b)
		}
		for _, v := range vs {
			if v.made > at || v.gone <= at || (after != nil && bytes.Compare(v.key, after) <= 0) {
				continue
			}
			if more, err := f(v.key, v.row); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// count says how many rows were there at a moment.
func (h *heap) count(at int64) (int64, error) {
	var n int64
	for _, l := range h.Leaves {
		if l.Newest <= at {
			n += int64(l.Live)
			continue
		}
		part := heap{Leaves: []*leaf{l}, pool: h.pool}
		err := part.scan(at, nil, func(_, _ []byte) (bool, error) { n++; return true, nil })
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}
