package sqlstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Type is the type of a column.
type Type string

// The types that the store knows, by the name that SHOW CREATE TABLE gives.
const (
	Int    Type = "INT8"
	String Type = "STRING"
	Bool   Type = "BOOL"
	Float  Type = "FLOAT8"
)

var typeWords = map[string]Type{
	"int": Int, "int8": Int, "bigint": Int, "integer": Int, "int64": Int,
	"string": String, "text": String, "varchar": String,
	"bool": Bool, "boolean": Bool,
	"float": Float, "float8": Float,
}

// Value is one value: nil (NULL), int64, string, bool or float64.
type Value any

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
		return strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		return v
	}
	return fmt.Sprint(v)
}

// Literal gives the value the way it is written in a statement.
func Literal(v Value) string {
	switch v := v.(type) {
	case string:
		return QuoteString(v)
	case float64:
		s := Text(v)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		return s
	}
	return Text(v)
}

// QuoteString writes a text as a literal, with e'…' where it must.
func QuoteString(s string) string {
	if !strings.ContainsAny(s, "\n\t\r\\'") {
		return "'" + s + "'"
	}
	r := strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\t", "\\t", "\r", "\\r", "'", "\\'")
	return "e'" + r.Replace(s) + "'"
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

var reserved = map[string]bool{
	"primary": true, "select": true, "table": true, "from": true, "where": true, "order": true, "limit": true,
	"create": true, "as": true, "and": true, "or": true, "not": true, "null": true, "default": true, "user": true,
	"true": true, "false": true, "in": true, "on": true, "desc": true, "asc": true, "group": true, "union": true,
}

// coerce fits a written value to a column's type.
func coerce(v Value, t Type, column string) (Value, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int64:
		switch t {
		case Int:
			return x, nil
		case Float:
			return float64(x), nil
		}
	case float64:
		switch {
		case t == Float:
			return x, nil
		case t == Int && x == math.Trunc(x):
			return int64(x), nil
		}
	case bool:
		if t == Bool {
			return x, nil
		}
	case string:
		switch t {
		case String:
			return x, nil
		case Int:
			if n, err := strconv.ParseInt(x, 10, 64); err == nil {
				return n, nil
			}
			return nil, errorf("22P02", "could not parse %q as type int: strconv.ParseInt: parsing %q: invalid syntax", x, x)
		case Float:
			if n, err := strconv.ParseFloat(x, 64); err == nil {
				return n, nil
			}
			return nil, errorf("22P02", "could not parse %q as type float: strconv.ParseFloat: parsing %q: invalid syntax", x, x)
		case Bool:
			if b, err := strconv.ParseBool(x); err == nil {
				return b, nil
			}
			return nil, errorf("22P02", "could not parse %q as type bool: invalid bool value", x)
		}
	}
	return nil, errorf("42804", "value type %s doesn't match type %s of column %q", kindName(v), kindOf(t), column)
}

func kindOf(t Type) string {
	return map[Type]string{Int: "int", String: "string", Bool: "bool", Float: "float"}[t]
}

func kindName(v Value) string {
	switch v.(type) {
	case int64:
		return "int"
	case float64:
		return "decimal"
	case bool:
		return "bool"
	case string:
		return "string"
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
		return cmp.Compare(x, b.(int64))
	case float64:
		return cmp.Compare(x, b.(float64))
	case string:
		return cmp.Compare(x, b.(string))
	case bool:
		y := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	}
	return 0
}

func rank(v Value) int {
	if v == nil {
		return 0
	}
	return 1
}

// decodeValue brings a value back from a snapshot's JSON.
func decodeValue(raw json.RawMessage, t Type) (Value, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	switch t {
	case Int:
		var n int64
		err := json.Unmarshal(raw, &n)
		return n, err
	case Float:
		var n float64
		err := json.Unmarshal(raw, &n)
		return n, err
	case Bool:
		var b bool
		err := json.Unmarshal(raw, &b)
		return b, err
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}
