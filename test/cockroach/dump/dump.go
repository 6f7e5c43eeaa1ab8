package dump

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
)

// Modes of a dump.
const (
	Both   = "both"
	Schema = "schema"
	Data   = "data"
)

// perInsert is how many rows one INSERT carries.
const perInsert = 100

// pageSize is about how many bytes a piece of a dump has.
const pageSize = 1 << 20

// Faults are what goes wrong on purpose, for tests. Rate is in bytes a second;
// FailRows is after how many rows the dump fails; Omit names tables that are left
// out without a word. Zero values: nothing.
type Faults struct {
	Rate     int      `json:"rate,omitempty"`
	FailRows int      `json:"failRows,omitempty"`
	Omit     []string `json:"omit,omitempty"`
}

// Or fills in what f does not say.
func (f Faults) Or(g Faults) Faults {
	if f.Rate == 0 {
		f.Rate = g.Rate
	}
	if f.FailRows == 0 {
		f.FailRows = g.FailRows
	}
	if f.Omit == nil {
		f.Omit = g.Omit
	}
	return f
}

// Cursor is how far a dump has come. At is its moment, Order the objects by id in
// the order of the dump, Next the one that is under way, After its last key.
type Cursor struct {
	At     int64  `json:"at"`
	Faults Faults `json:"faults"`
	Begun  bool   `json:"begun,omitempty"`
	Order  []int  `json:"order,omitempty"`
	Next   int    `json:"next,omitempty"`
	After  []byte `json:"after,omitempty"`
	Rows   int    `json:"rows,omitempty"`
}

// Page gives the next piece of a dump, whole statements, and where to go on: nil
// at the end. With an error comes what stands before the statement that failed.
func Page(s *sqlstore.Store, c sqlstore.Context, tables []string, mode string, cur Cursor) ([]byte, *Cursor, error) {
	var b []byte
	if !cur.Begun {
		os, err := chosen(s, c, tables, cur.Faults.Omit)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range os {
			cur.Order = append(cur.Order, o.ID)
		}
		cur.Begun = true
		if mode != Data {
			b = schema(b, os)
		}
		if mode == Schema {
			cur.Next = len(cur.Order)
		}
	}
	for cur.Next < len(cur.Order) {
		o := s.ByID(cur.Order[cur.Next], cur.At)
		var more bool
		var err error
		if b, more, err = data(b, s, c, o, &cur); err != nil {
			return b, nil, err
		}
		if more {
			return b, &cur, nil
		}
		cur.Next, cur.After = cur.Next+1, nil
	}
	if mode != Data {
		b = alterations(b, s, cur)
	}
	return b, nil, nil
}

// chosen gives the objects in the order of the dump: those that others need come
// before them, by name else. Source: 09-dump, 09b-dump-all-types.
func chosen(s *sqlstore.Store, c sqlstore.Context, tables, omit []string) ([]*sqlstore.Object, error) {
	all, _ := s.Objects(c.Database, c)
	all = slices.DeleteFunc(all, func(o *sqlstore.Object) bool { return slices.Contains(omit, o.Name) })
	if len(tables) > 0 {
		var out []*sqlstore.Object
		for _, name := range tables {
			i := slices.IndexFunc(all, func(o *sqlstore.Object) bool { return o.Name == name })
			if i < 0 {
				return nil, fmt.Errorf("getBasicMetadata: relation %s.public.%s does not exist", c.Database, name)
			}
			out = append(out, all[i])
		}
		return out, nil
	}
	var out []*sqlstore.Object
	seen := map[int]bool{}
	var visit func(o *sqlstore.Object)
	visit = func(o *sqlstore.Object) {
		if seen[o.ID] {
			return
		}
		seen[o.ID] = true
		for _, id := range o.Needed() {
			if i := slices.IndexFunc(all, func(o *sqlstore.Object) bool { return o.ID == id }); i >= 0 {
				visit(all[i])
			}
		}
		out = append(out, o)
	}
	for _, o := range all {
		visit(o)
	}
	return out, nil
}

func schema(b []byte, os []*sqlstore.Object) []byte {
	for i, o := range os {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(append(b, o.Create(false)...), ";\n"...)
		for _, r := range o.Remarks() {
			b = append(append(b, r...), ";\n"...)
		}
	}
	return b
}

// data adds the rows of an object, or the value of a sequence; more says that the
// page is full.
func data(b []byte, s *sqlstore.Store, c sqlstore.Context, o *sqlstore.Object, cur *Cursor) ([]byte, bool, error) {
	switch o.Kind {
	case sqlstore.KindView:
		return b, false, nil
	case sqlstore.KindSequence:
		n, err := s.Next(o, c.At)
		return fmt.Appendf(b, "\nSELECT setval(%s, %d, false);\n", sqlstore.QuoteString(sqlstore.QuoteName(o.Name)), n), false, err
	}
	var names []string
	var at []int
	for i, col := range o.Columns {
		if !col.Hidden && col.Computed == "" {
			names, at = append(names, sqlstore.QuoteName(col.Name)), append(at, i)
		}
	}
	head := "\nINSERT INTO " + sqlstore.QuoteName(o.Name) + " (" + strings.Join(names, ", ") + ") VALUES"
	whole, n, more := len(b), 0, false
	err := s.Rows(o, c, cur.After, func(key []byte, row []sqlstore.Value) (bool, error) {
		if cur.Faults.FailRows > 0 && cur.Rows >= cur.Faults.FailRows {
			return false, &sqlstore.Error{State: "57014", Message: "query execution canceled due to statement timeout"}
		}
		cur.Rows++
		if n == 0 {
			b = append(b, head...)
		} else {
			b = append(b, ',')
		}
		b = append(b, "\n\t("...)
		for k, i := range at {
			if k > 0 {
				b = append(b, ", "...)
			}
			var err error
			if b, err = sqlstore.AppendLiteral(b, row[i], o.Columns[i].Type); err != nil {
				return false, fmt.Errorf("unknown []byte type: %s, %s: %w", sqlstore.Text(row[i]), o.Columns[i].Name, err)
			}
		}
		b = append(b, ')')
		if n++; n < perInsert {
			return true, nil
		}
		b, n = append(b, ";\n"...), 0
		whole, cur.After = len(b), slices.Clone(key)
		more = len(b) >= pageSize
		return !more, nil
	})
	if err != nil {
		return b[:whole], false, err
	}
	if n > 0 {
		b = append(b, ";\n"...)
	}
	return b, more, nil
}

func alterations(b []byte, s *sqlstore.Store, cur Cursor) []byte {
	var add, validate []string
	for _, id := range cur.Order {
		a, v := s.ByID(id, cur.At).Alterations()
		add, validate = append(add, a...), append(validate, v...)
	}
	if len(add) == 0 {
		return b
	}
	b = append(b, "\n"+strings.Join(add, ";\n")+";\n"...)
	b = append(b, "\n-- Validate foreign key constraints. These can fail if there was unvalidated data during the dump.\n"...)
	return append(b, strings.Join(validate, ";\n")+";\n"...)
}
