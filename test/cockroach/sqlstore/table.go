package sqlstore

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Column is one column of a table. Width bounds a STRING, in characters; 0 is
// no bound. Hidden marks the row number of a table without a primary key.
type Column struct {
	Name       string `json:"name"`
	Type       Type   `json:"type"`
	Width      int    `json:"width,omitempty"`
	NotNull    bool   `json:"notNull,omitempty"`
	Default    Value  `json:"-"`
	HasDefault bool   `json:"hasDefault,omitempty"`
	Hidden     bool   `json:"hidden,omitempty"`
}

// Table is a table with its rows in primary-key order.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"`
	NextRow int64    `json:"nextRow,omitempty"`
	rows    [][]Value
}

// Visible gives the columns that SELECT * shows.
func (t *Table) Visible() []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Hidden })
}

// Rows gives the values of the visible columns, in primary-key order.
func (t *Table) Rows() [][]Value {
	out := make([][]Value, len(t.rows))
	for i, r := range t.rows {
		for k, c := range t.Columns {
			if !c.Hidden {
				out[i] = append(out[i], r[k])
			}
		}
	}
	return out
}

func (t *Table) column(name string) (int, error) {
	for i, c := range t.Columns {
		if c.Name == name {
			return i, nil
		}
	}
	return 0, errorf("42703", "column %q does not exist", name)
}

// order compares two rows by the primary key.
func (t *Table) order(a, b []Value) int {
	for _, k := range t.Key {
		i, _ := t.column(k)
		if c := compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// place finds where a row belongs, and whether its key is taken.
func (t *Table) place(rows [][]Value, r []Value) (int, bool) {
	i := sort.Search(len(rows), func(i int) bool { return t.order(rows[i], r) >= 0 })
	return i, i < len(rows) && t.order(rows[i], r) == 0
}

// put adds a row to rows, or says which key is taken.
func (t *Table) put(rows [][]Value, r []Value) ([][]Value, error) {
	i, taken := t.place(rows, r)
	if taken {
		var vals []string
		for _, k := range t.Key {
			c, _ := t.column(k)
			v := Text(r[c])
			if _, ok := r[c].(string); ok {
				v = "'" + v + "'"
			}
			vals = append(vals, v)
		}
		return nil, errorf("23505", "duplicate key value (%s)=(%s) violates unique constraint \"primary\"",
			strings.Join(t.Key, ","), strings.Join(vals, ","))
	}
	return slices.Insert(rows, i, r), nil
}

// check fits a row to the columns.
func (t *Table) check(r []Value) error {
	for i, c := range t.Columns {
		v, err := coerce(r[i], c.Type, c.Name)
		if err != nil {
			return err
		}
		if v == nil && c.NotNull {
			return errorf("23502", "null value in column %q violates not-null constraint", c.Name)
		}
		if s, ok := v.(string); ok && c.Width > 0 && len([]rune(s)) > c.Width {
			return errorf("22001", "value too long for type STRING(%d) (column %q)", c.Width, c.Name)
		}
		r[i] = v
	}
	return nil
}

// Create gives the CREATE TABLE statement, without the semicolon.
func (t *Table) Create() string {
	var lines, names, key []string
	for _, c := range t.Columns {
		names = append(names, QuoteName(c.Name))
		if c.Hidden {
			continue
		}
		line := QuoteName(c.Name) + " " + string(c.Type)
		if c.Width > 0 {
			line += fmt.Sprintf("(%d)", c.Width)
		}
		if c.NotNull {
			line += " NOT NULL"
		} else {
			line += " NULL"
		}
		if c.HasDefault {
			line += " DEFAULT " + Literal(c.Default)
			if c.Type == Int || c.Type == String || c.Type == Float {
				line += ":::" + string(c.Type)
			}
		}
		lines = append(lines, line)
	}
	for _, k := range t.Key {
		key = append(key, QuoteName(k)+" ASC")
	}
	if !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Hidden }) {
		lines = append(lines, `CONSTRAINT "primary" PRIMARY KEY (`+strings.Join(key, ", ")+`)`)
	}
	lines = append(lines, `FAMILY "primary" (`+strings.Join(names, ", ")+`)`)
	return "CREATE TABLE " + QuoteName(t.Name) + " (\n\t" + strings.Join(lines, ",\n\t") + "\n)"
}

// MarshalJSON writes the table with its rows.
func (t *Table) MarshalJSON() ([]byte, error) {
	type bare Table
	p := struct {
		*bare
		Defaults []Value   `json:"defaults"`
		Data     [][]Value `json:"data"`
	}{bare: (*bare)(t), Data: t.rows}
	for _, c := range t.Columns {
		p.Defaults = append(p.Defaults, c.Default)
	}
	return json.Marshal(p)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Table) UnmarshalJSON(b []byte) error {
	type bare Table
	var p struct {
		*bare
		Defaults []json.RawMessage   `json:"defaults"`
		Data     [][]json.RawMessage `json:"data"`
	}
	p.bare = (*bare)(t)
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	var err error
	for i := range t.Columns {
		if t.Columns[i].Default, err = decodeValue(p.Defaults[i], t.Columns[i].Type); err != nil {
			return fmt.Errorf("default of column %s.%s: %w", t.Name, t.Columns[i].Name, err)
		}
	}
	for _, raw := range p.Data {
		row := make([]Value, len(raw))
		for i := range raw {
			if row[i], err = decodeValue(raw[i], t.Columns[i].Type); err != nil {
				return fmt.Errorf("value of column %s.%s: %w", t.Name, t.Columns[i].Name, err)
			}
		}
		t.rows = append(t.rows, row)
	}
	return nil
}
