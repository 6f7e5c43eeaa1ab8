package sqlstore

import (
	"strings"
	"time"
)

// sequence finds a sequence by the text that a function is given.
func (s *Store) sequence(text string, c Context) (*Object, error) {
	ts, err := lex(text)
	if err != nil {
		return nil, err
	}
	n := Name{}
	func() {
		defer func() { recover() }()
		n = (&parser{src: text, ts: ts}).table()
	}()
	_, o, err := s.visible(n, c)
	if err == nil && o.Kind != KindSequence {
		err = errorf("42809", "%q is not a sequence", o.Name)
	}
	return o, err
}

// next gives the value that nextval would give at a moment.
func (s *Store) next(o *Object, moment int64) (n int64, err error) {
	err = s.Heaps[o.ID].scan(moment, nil, func(_, row []byte) (bool, error) {
		n = decodeRow(row, 1)[0].(int64)
		return false, nil
	})
	return n, err
}

func (t *change) setNext(o *Object, n int64) error {
	h := t.s.Heaps[o.ID]
	if err := t.remove(h, []byte{}); err != nil {
		return err
	}
	_, err := t.insert(h, []byte{}, appendRow(nil, []Value{n}))
	return err
}

func (t *change) nextval(c Context, name string) (Value, error) {
	o, err := t.s.sequence(name, c)
	if err != nil {
		return nil, err
	}
	n, err := t.s.next(o, latest)
	if err != nil {
		return nil, err
	}
	if n > o.Sequence.Max || n < o.Sequence.Min {
		return nil, errorf("2200H", "reached maximum value of sequence %q (%d)", o.Name, o.Sequence.Max)
	}
	return n, t.setNext(o, n+o.Sequence.Increment)
}

func (t *change) setval(c Context, name string, n int64, next bool) (Value, error) {
	o, err := t.s.sequence(name, c)
	if e, ok := err.(*Error); ok {
		e.Message = "setval(): " + e.Message
		return nil, e
	}
	if n < o.Sequence.Min || n > o.Sequence.Max {
		return nil, errorf("22003", "setval(): value %d is out of bounds for sequence %q (%d..%d)", n, o.Name, o.Sequence.Min, o.Sequence.Max)
	}
	to := n
	if !next {
		to += o.Sequence.Increment
	}
	return n, t.setNext(o, to)
}

// spanText shows an interval as the database does, up to hours.
func spanText(d span) string {
	t := time.Duration(d)
	signed := ""
	if t < 0 {
		signed, t = "-", -t
	}
	return signed + strings.TrimSuffix(time.Unix(0, 0).UTC().Add(t%(24*time.Hour)).Format("15:04:05.999999"), ".")
}
