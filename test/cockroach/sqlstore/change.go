package sqlstore

import (
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// change is one statement's writes, which hold all or not at all.
type change struct {
	s       *Store
	c       Context
	around  Surroundings
	undo    []func() error
	given   int64 // numbers that were made up for it
	touched int
}

func (s *Store) begin(c Context, around Surroundings) *change {
	return &change{s: s, c: c, around: around}
}

// end takes everything back when the statement failed.
func (t *change) end(err error) error {
	if err == nil {
		return nil
	}
	for i := len(t.undo) - 1; i >= 0; i-- {
		if e := t.undo[i](); e != nil {
			return e
		}
	}
	return err
}

func (t *change) insert(h *heap, key, row []byte) (bool, error) {
	ok, err := h.insert(t.c.Now, key, row)
	if ok {
		t.undo = append(t.undo, func() error { return h.remove(t.c.Now, key) })
	}
	return ok, err
}

func (t *change) remove(h *heap, key []byte) error {
	t.undo = append(t.undo, func() error { return h.restore(t.c.Now, key) })
	return h.remove(t.c.Now, key)
}

// rowid and uuid are made up from the commit time: every node comes to the same.
func (t *change) rowid() int64 {
	t.given++
	return t.c.Now + t.given
}

func (t *change) uuid() Value {
	sum := md5.Sum(binary.BigEndian.AppendUint64(nil, uint64(t.rowid())))
	id := uuid.UUID(sum)
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return Raw(id.String())
}

// put adds a row that fits the table, with its entries in unique indexes.
func (t *change) put(o *Object, row []Value) error {
	p, err := o.prepared()
	if err != nil {
		return err
	}
	key := partKey(o, o.Key, row, false)
	ok, err := t.insert(t.s.Heaps[o.ID], key, appendRow(nil, row))
	if err != nil {
		return err
	}
	if !ok {
		return taken(o, o.Key, row, o.KeyName)
	}
	for _, x := range o.Indexes {
		if !x.Unique {
			continue
		}
		k := partKey(o, x.Parts, row, true)
		if k == nil {
			continue
		}
		if ok, err := t.insert(t.s.Heaps[x.ID], k, key); err != nil || !ok {
			return cmpErr(err, taken(o, x.Parts, row, x.Name))
		}
	}
	for i, k := range o.Foreign {
		if p.parents[i] == nil {
			if _, p.parents[i] = t.s.byID(k.To, latest); p.parents[i] == nil {
				continue
			}
		}
		ok, err := t.s.matches(o, k, p.parents[i], row)
		if err != nil {
			return err
		}
		if !ok {
			e := errorf("23503", "insert on table %q violates foreign key constraint %q", o.Name, k.Name)
			e.Detail = fmt.Sprintf("Key %s is not present in table %q.", keyText(o, k.Columns, row), p.parents[i].Name)
			return e
		}
	}
	t.touched++
	return nil
}

// erase takes a row away, unless another table refers to it.
func (t *change) erase(o *Object, row []Value, referred []reference, verb string) error {
	for _, r := range referred {
		if err := r.let(t, o, row, verb); err != nil {
			return err
		}
	}
	for _, x := range o.Indexes {
		if k := partKey(o, x.Parts, row, true); x.Unique && k != nil {
			if err := t.remove(t.s.Heaps[x.ID], k); err != nil {
				return err
			}
		}
	}
	return t.remove(t.s.Heaps[o.ID], partKey(o, o.Key, row, false))
}

// partKey encodes the values of a key; with unique, a NULL in it means that there
// is no key.
func partKey(o *Object, ps []Part, row []Value, unique bool) []byte {
	vs, down := make([]Value, len(ps)), make([]bool, len(ps))
	for i, p := range ps {
		vs[i], down[i] = row[o.index(p.Column)], p.Down
		if vs[i] == nil && unique {
			return nil
		}
	}
	return appendKey(make([]byte, 0, 16), vs, down)
}

func keyText(o *Object, columns []string, row []Value) string {
	var vals []string
	for _, c := range columns {
		i := o.index(c)
		vals = append(vals, Literal(row[i], o.Columns[i].Type))
	}
	return "(" + strings.Join(columns, ",") + ")=(" + strings.Join(vals, ",") + ")"
}

func taken(o *Object, ps []Part, row []Value, name string) error {
	return errorf("23505", "duplicate key value %s violates unique constraint %q", keyText(o, names(ps), row), name)
}

// matches says whether a row's foreign key is NULL or has its row.
func (s *Store) matches(o *Object, k ForeignKey, to *Object, row []Value) (bool, error) {
	parts := target(to, k.Refs)
	vs, down := make([]Value, len(parts)), make([]bool, len(parts))
	for i, c := range k.Columns {
		if vs[i] = row[o.index(c)]; vs[i] == nil {
			return true, nil
		}
		down[i] = parts[i].Down
	}
	h := s.Heaps[to.ID]
	for _, x := range to.Indexes {
		if x.Unique && len(x.Parts) > 0 && &x.Parts[0] == &parts[0] {
			h = s.Heaps[x.ID]
		}
	}
	return h.has(appendKey(nil, vs, down))
}

// reference is another table's foreign key to a table.
type reference struct {
	from *Object
	key  ForeignKey
}

func (s *Store) references(o *Object) (rs []reference) {
	for _, d := range s.databases(latest) {
		for _, x := range d.live {
			for _, k := range x.Foreign {
				if k.To == o.ID {
					rs = append(rs, reference{x, k})
				}
			}
		}
	}
	return rs
}

// let says whether a row may go: nothing refers to it, or it goes along.
func (r reference) let(t *change, o *Object, row []Value, verb string) error {
	var along [][]Value
	err := t.s.Heaps[r.from.ID].scan(latest, nil, func(_, b []byte) (bool, error) {
		other := decodeRow(b, len(r.from.Columns))
		for i, c := range r.key.Columns {
			if compare(other[r.from.index(c)], row[o.index(r.key.Refs[i])]) != 0 {
				return true, nil
			}
		}
		along = append(along, other)
		return true, nil
	})
	if err != nil || len(along) == 0 {
		return err
	}
	if verb == "delete" && r.key.OnDelete == "CASCADE" {
		for _, other := range along {
			if err := t.erase(r.from, other, t.s.references(r.from), "delete"); err != nil {
				return err
			}
		}
		return nil
	}
	e := errorf("23503", verb+" on table %q violates foreign key constraint %q on table %q", o.Name, r.key.Name, r.from.Name)
	e.Detail = fmt.Sprintf("Key %s is still referenced from table %q.", keyText(o, r.key.Refs, row), r.from.Name)
	return e
}
