package sqlstore

import (
	"fmt"
	"strings"
)

// Type is the type of a column. Width and Scale are what stands in parentheses,
// 0 for nothing; Collate is the locale of a STRING.
type Type struct {
	Name    string `json:"name"`
	Width   int    `json:"width,omitempty"`
	Scale   int    `json:"scale,omitempty"`
	Collate string `json:"collate,omitempty"`
	Array   bool   `json:"array,omitempty"`
}

// The types that functions and rules refer to.
var (
	Int     = Type{Name: "INT8"}
	String  = Type{Name: "STRING"}
	Bool    = Type{Name: "BOOL"}
	Float   = Type{Name: "FLOAT8"}
	Decimal = Type{Name: "DECIMAL"}
	Blob    = Type{Name: "BYTES"}
	Stamp   = Type{Name: "TIMESTAMP"}
	StampTZ = Type{Name: "TIMESTAMPTZ"}
	Span    = Type{Name: "INTERVAL"}
	UUID    = Type{Name: "UUID"}
)

// typeWords gives the name that SHOW CREATE TABLE uses for each spelling.
var typeWords = map[string]string{
	"int": "INT8", "int8": "INT8", "bigint": "INT8", "integer": "INT8", "int64": "INT8", "int4": "INT4", "int2": "INT2", "smallint": "INT2",
	"string": "STRING", "text": "STRING", "varchar": "VARCHAR", "char": "CHAR", "bool": "BOOL", "boolean": "BOOL",
	"float": "FLOAT8", "float8": "FLOAT8", "float4": "FLOAT4", "real": "FLOAT4", "decimal": "DECIMAL", "numeric": "DECIMAL", "dec": "DECIMAL",
	"bytes": "BYTES", "bytea": "BYTES", "blob": "BYTES", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ", "date": "DATE",
	"time": "TIME", "timetz": "TIMETZ", "interval": "INTERVAL", "uuid": "UUID", "jsonb": "JSONB", "json": "JSONB", "inet": "INET",
	"bit": "BIT", "varbit": "VARBIT",
}

// described gives information_schema's name of a type.
var described = map[string]string{
	"INT8": "bigint", "INT4": "integer", "INT2": "smallint", "STRING": "text", "VARCHAR": "character varying", "CHAR": "character",
	"BOOL": "boolean", "FLOAT8": "double precision", "FLOAT4": "real", "DECIMAL": "numeric", "BYTES": "bytea",
	"TIMESTAMP": "timestamp without time zone", "TIMESTAMPTZ": "timestamp with time zone", "DATE": "date", "TIME": "time without time zone",
	"TIMETZ": "time with time zone", "INTERVAL": "interval", "UUID": "uuid", "JSONB": "jsonb", "INET": "inet", "BIT": "bit", "VARBIT": "bit varying",
}

// String gives the type as SHOW CREATE TABLE writes it.
func (t Type) String() string {
	s := t.Name
	switch {
	case t.Scale > 0:
		s += fmt.Sprintf("(%d,%d)", t.Width, t.Scale)
	case t.Width > 0:
		s += fmt.Sprintf("(%d)", t.Width)
	}
	if t.Array {
		s += "[]"
	}
	if t.Collate != "" {
		s += " COLLATE " + t.Collate
	}
	return s
}

// Data gives the type's name in information_schema.columns.
func (t Type) Data() string {
	if t.Array {
		return "ARRAY"
	}
	return described[t.Name]
}

// kind is the type's name in messages.
func (t Type) kind() string {
	switch {
	case t.Array:
		return strings.ToLower(t.Name) + "[]"
	case t.Name == "INT8", t.Name == "INT4", t.Name == "INT2":
		return "int"
	case t.Name == "STRING":
		return "string"
	case t.Name == "FLOAT8", t.Name == "FLOAT4":
		return "float"
	case t.Name == "VARCHAR", t.Name == "CHAR":
		return "string"
	}
	if k, ok := lower[t.Name]; ok {
		return k
	}
	return strings.ToLower(t.Name)
}

var lower = map[string]string{}

func init() {
	for _, n := range typeWords {
		lower[n] = strings.ToLower(n)
	}
}

func (t Type) textual() bool { return t.kind() == "string" }
