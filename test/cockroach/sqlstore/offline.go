package sqlstore

import (
	"encoding/binary"
	"slices"
	"strings"
)

// Offline is a database that a RESTORE is filling: nobody sees it yet.
type Offline struct {
	Database *Database   `json:"database"`
	IDs      map[int]int `json:"ids"` // from those of the backup
}

// Prepare makes the database of a RESTORE with its objects, empty, under a name
// that must be free.
func (s *Store) Prepare(job int64, name, old string, objects []*Object, c Context) error {
	if s.database(name, latest) != nil {
		return errorf("42P04", "database %q already exists", name)
	}
	s.NextID++
	off := &Offline{Database: &Database{ID: s.NextID, Name: name, live: map[string]*Object{}}, IDs: map[int]int{}}
	for _, o := range objects {
		off.IDs[o.ID] = s.newHeap()
		for _, x := range o.Indexes {
			if x.Unique {
				off.IDs[x.ID] = s.newHeap()
			}
		}
	}
	for _, from := range objects {
		o := *from
		o.plan, o.ID, o.Made, o.Gone = nil, off.IDs[from.ID], c.Now, forever
		o.Indexes, o.Foreign, o.Needs = slices.Clone(o.Indexes), slices.Clone(o.Foreign), slices.Clone(o.Needs)
		for i := range o.Indexes {
			o.Indexes[i].ID = off.IDs[o.Indexes[i].ID]
		}
		for i := range o.Foreign {
			o.Foreign[i].To = off.IDs[o.Foreign[i].To]
		}
		for i := range o.Needs {
			o.Needs[i] = off.IDs[o.Needs[i]]
		}
		o.Query = strings.ReplaceAll(o.Query, QuoteName(old)+".public.", QuoteName(name)+".public.")
		off.Database.add(&o)
	}
	if s.Offline == nil {
		s.Offline = map[int64]*Offline{}
	}
	s.Offline[job] = off
	return nil
}

// Fill adds rows to a table that is offline, as Export wrote them.
func (s *Store) Fill(job int64, object int, rows []byte, c Context) error {
	off := s.Offline[job]
	if off == nil {
		return errorf("", "job %d restores nothing", job)
	}
	i := slices.IndexFunc(off.Database.Objects, func(o *Object) bool { return o.ID == off.IDs[object] })
	if i < 0 {
		return errorf("", "table %d is not restored", object)
	}
	o := off.Database.Objects[i]
	bare := *o
	bare.Foreign, bare.plan = nil, nil // other tables may come later
	t := s.begin(c, nil)
	for len(rows) > 0 {
		n, k := binary.Uvarint(rows)
		row := decodeRow(rows[k:k+int(n)], len(o.Columns))
		rows = rows[k+int(n):]
		if o.Kind == KindSequence {
			if err := t.setSequence(o, row); err != nil {
				return t.end(err)
			}
			continue
		}
		if h := s.Heaps[o.ID]; o.Columns[len(o.Columns)-1].Hidden {
			h.Next = max(h.Next, row[len(row)-1].(int64))
		}
		if err := t.put(&bare, row); err != nil {
			return t.end(err)
		}
	}
	return nil
}

func (t *change) setSequence(o *Object, row []Value) error {
	_, err := t.insert(t.s.Heaps[o.ID], []byte{}, appendRow(nil, row))
	return err
}

// Publish lets everybody see a restored database.
func (s *Store) Publish(job int64, c Context) error {
	off := s.Offline[job]
	switch {
	case off == nil:
		return errorf("", "job %d restores nothing", job)
	case s.database(off.Database.Name, latest) != nil:
		return errorf("42P04", "database %q already exists", off.Database.Name)
	}
	delete(s.Offline, job)
	d := off.Database
	d.Made, d.Gone = c.Now, forever
	for _, o := range d.Objects {
		o.Made = c.Now
	}
	s.Databases = append(s.Databases, d)
	return nil
}

// Abandon drops what a RESTORE has filled so far.
func (s *Store) Abandon(job int64) {
	if s.Offline[job] != nil {
		delete(s.Offline, job)
		s.forget()
	}
}

// Export goes through the rows of a table or sequence at a moment, after a key,
// and gives at most about limit bytes of them, their number, and the last key;
// nil at the end.
func (s *Store) Export(o *Object, at int64, after []byte, limit int) (rows []byte, n int, last []byte, err error) {
	err = s.Heaps[o.ID].scan(at, after, func(key, row []byte) (bool, error) {
		rows = append(binary.AppendUvarint(rows, uint64(len(row))), row...)
		if n++; len(rows) >= limit {
			last = slices.Clone(key)
		}
		return last == nil, nil
	})
	return rows, n, last, err
}

// Count says how many rows a table has at a moment; views and sequences have none.
func (s *Store) Count(o *Object, at int64) (int64, error) {
	if o.Kind != KindTable {
		return 0, nil
	}
	return s.Heaps[o.ID].count(at)
}
