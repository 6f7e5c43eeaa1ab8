package sqlstore

import "slices"

// Objects gives the tables, views and sequences of a database that the user sees
// at c.At, by name; known is false when there was no such database.
func (s *Store) Objects(database string, c Context) (os []*Object, known bool) {
	d := s.database(database, c.At)
	if d == nil {
		return nil, false
	}
	for _, o := range d.at(c.At) {
		if s.sees(c, o) {
			os = append(os, o)
		}
	}
	return os, true
}

// ByID gives an object of a moment, nil when there is none.
func (s *Store) ByID(id int, moment int64) *Object {
	_, o := s.byID(id, moment)
	return o
}

// Needed gives the ids of what has to be made before an object, in their order.
func (o *Object) Needed() []int {
	ids := slices.Clone(o.Needs)
	for _, k := range o.Foreign {
		if k.To != o.ID {
			ids = append(ids, k.To)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Rows goes through the rows of a table at c.At whose key is after the given one,
// until f says false. The bytes are f's only during the call.
func (s *Store) Rows(o *Object, c Context, after []byte, f func(key []byte, row []Value) (bool, error)) error {
	if err := s.Reachable(c.At, c.Now); err != nil {
		return err
	}
	return s.Heaps[o.ID].scan(c.At, after, func(key, row []byte) (bool, error) { return f(key, decodeRow(row, len(o.Columns))) })
}

// Next gives the value that a sequence would give next at a moment.
func (s *Store) Next(o *Object, moment int64) (int64, error) { return s.next(o, moment) }

// AppendLiteral writes a value as dump does; a value that dump cannot write is
// an error that names it.
func AppendLiteral(b []byte, v Value, t Type) ([]byte, error) { return appendLiteral(b, v, t) }
