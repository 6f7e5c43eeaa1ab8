package sqlstore

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Value is one value: nil (NULL), int64, string, bool, float64, Bytes or Raw.
type Value any

type (
	// Bytes is a value of BYTES.
	Bytes string
	// Raw is a value of any other type, in the text that the type shows.
	Raw string
	// numeric is a number with a point or too long for an int, before a type is
	// known for it.
	numeric string
)

// Text gives the value the way result tables show it.
func Text(v Value) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return floatText(v)
	case string:
		return v
	case Raw:
		return string(v)
	case numeric:
		return string(v)
	case Bytes:
		var b strings.Builder
		for i := 0; i < len(v); i++ {
			switch c := v[i]; {
			case c == '\\':
				b.WriteString(`\\`)
			case c < 0x20 || c >= 0x7f:
				fmt.Fprintf(&b, `\%03o`, c)
			default:
				b.WriteByte(c)
			}
		}
		return b.String()
	}
	return fmt.Sprint(v)
}

func floatText(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// show is Text for a value of a column: a date shows a time of day, an array
// its elements in braces. Source: 08-sql.
func show(v Value, t Type) string {
	r, raw := v.(Raw)
	switch {
	case raw && t.Array:
		return braces(string(r))
	case raw && t.Name == "DATE" && r[0] >= '0' && r[0] <= '9':
		return string(r) + " 00:00:00+00:00"
	case raw && t.Name == "TIME":
		return "0000-01-01 " + string(r) + "+00:00"
	case raw && t.Name == "TIMETZ":
		return "0000-01-01 " + strings.TrimSuffix(string(r), ":00")
	}
	return Text(v)
}

// braces shows ARRAY['a',1] as {a,1}. An element that is more than a word stands
// in quotes, with the backslashes that the real client shows.
func braces(s string) string {
	ts, err := lex(strings.TrimSuffix(strings.TrimPrefix(s, "ARRAY["), "]"))
	if err != nil {
		return s
	}
	var b strings.Builder
	for _, t := range ts {
		switch {
		case t.kind == literal && (t.text == "" || strings.ContainsAny(t.text, " \t\n\"\\{},")):
			b.WriteString(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\\"`).Replace(t.text) + `"`)
		case t.kind == word && t.text == "null":
			b.WriteString("NULL")
		default:
			b.WriteString(t.text)
		}
	}
	return "{" + b.String() + "}"
}

// appendLiteral writes the value as dump writes it. Values that dump cannot
// write are an error. Source: 09-dump, 09b-dump-all-types.
func appendLiteral(b []byte, v Value, t Type) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "NULL"...), nil
	case int64:
		if v < 0 {
			return append(strconv.AppendInt(append(b, '('), v, 10), ')'), nil
		}
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		s := floatText(v)
		switch {
		case strings.ContainsAny(s, "IN"):
			return append(append(append(b, '\''), s...), '\''), nil
		case !strings.ContainsAny(s, ".e"):
			s += ".0"
		}
		return appendSigned(b, s), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		b = appendQuoted(b, v)
		if t.Collate != "" {
			b = append(append(b, " COLLATE "...), t.Collate...)
		}
		return b, nil
	case Bytes:
		return append(hex.AppendEncode(append(b, `'\x`...), []byte(v)), '\''), nil
	case Raw:
		switch {
		case t.Array:
			return append(b, v...), nil
		case t.Name == "BIT", t.Name == "VARBIT", t.Name == "DATE" && strings.HasSuffix(string(v), "infinity"):
			return b, errors.New(strings.ToLower(t.Name))
		case t.Name == "DECIMAL" && !strings.ContainsAny(string(v), "NI"):
			return appendSigned(b, string(v)), nil
		}
		return appendQuoted(b, string(v)), nil
	}
	return append(b, Text(v)...), nil
}

func appendSigned(b []byte, s string) []byte {
	if s[0] == '-' {
		return append(append(append(b, '('), s...), ')')
	}
	return append(b, s...)
}

// Literal gives the value the way it is written in a statement.
func Literal(v Value, t Type) string {
	b, err := appendLiteral(nil, v, t)
	if err != nil {
		return QuoteString(Text(v))
	}
	return string(b)
}

// QuoteString writes a text as a literal, with e'…' where it must.
func QuoteString(s string) string { return string(appendQuoted(nil, s)) }

// appendQuoted follows the real program: what is not printable ASCII is escaped,
// by \x for one byte, \u for two and \U for more.
func appendQuoted(b []byte, s string) []byte {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 0x20 && s[i] < 0x7f && s[i] != '\'' && s[i] != '\\'
	}
	if plain {
		return append(append(append(b, '\''), s...), '\'')
	}
	b = append(b, "e'"...)
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\b':
			b = append(b, `\b`...)
		case r == '\f':
			b = append(b, `\f`...)
		case r < 0x20 || r == 0x7f:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r < 0x7f:
			b = append(b, byte(r))
		case utf8.RuneLen(r) == 2:
			b = fmt.Appendf(b, `\u%04X`, r)
		default:
			b = fmt.Appendf(b, `\U%08X`, r)
		}
	}
	return append(b, '\'')
}

// QuoteName writes a name, in double quotes where it is not a plain word.
func QuoteName(s string) string {
	plain := s != "" && !isDigit(s[0]) && !reserved[s]
	for i := 0; i < len(s); i++ {
		c := s[i]
		plain = plain && (c == '_' || isDigit(c) || (c >= 'a' && c <= 'z'))
	}
	if plain {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

func quoteNames(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, QuoteName(n))
	}
	return strings.Join(out, ", ")
}

var reserved = map[string]bool{
	"primary": true, "select": true, "table": true, "from": true, "where": true, "order": true, "limit": true,
	"create": true, "as": true, "and": true, "or": true, "not": true, "null": true, "default": true, "user": true,
	"true": true, "false": true, "in": true, "on": true, "desc": true, "asc": true, "group": true, "union": true,
	"check": true, "constraint": true, "unique": true, "references": true, "foreign": true, "grant": true, "to": true,
	"case": true, "when": true, "then": true, "else": true, "end": true, "having": true, "offset": true, "using": true, "with": true,
}

// kindName is the type of a written value, in messages.
func kindName(v Value) string {
	switch v.(type) {
	case int64:
		return "int"
	case float64:
		return "float"
	case numeric:
		return "decimal"
	case bool:
		return "bool"
	case string:
		return "string"
	case Bytes:
		return "bytes"
	}
	return "unknown"
}

// compare orders two values of one type; NULL comes first.
func compare(a, b Value) int {
	if a == nil || b == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	switch x := a.(type) {
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return cmp.Compare(rank(boolRank(x)), rank(boolRank(y)))
		}
	case Bytes:
		if y, ok := b.(Bytes); ok {
			return cmp.Compare(x, y)
		}
	}
	x, okX := rational(a)
	y, okY := rational(b)
	if okX && okY {
		return x.Cmp(y)
	}
	return cmp.Compare(Text(a), Text(b))
}

func boolRank(b bool) Value {
	if b {
		return b
	}
	return nil
}

func rank(v Value) int {
	if v == nil {
		return 0
	}
	return 1
}

// rational gives a number of any kind exactly.
func rational(v Value) (*big.Rat, bool) {
	switch x := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(x), true
	case float64:
		r := new(big.Rat)
		return r, r.SetFloat64(x) != nil
	case numeric:
		return new(big.Rat).SetString(string(x))
	case Raw:
		if len(x) > 40 {
			return nil, false
		}
		return new(big.Rat).SetString(string(x))
	}
	return nil, false
}
