package placement

import "strings"

// operator makes a row from its field and the value in the third cell; given is false when there is none. A fault
// that is not nil says what is wrong with the value.
type operator func(field Field, value string, given bool) (Row, *Fault)

// operators by name. To add one: a file with a type that is a Row, and a line here and in operatorNames.
var operators = map[string]operator{
	"UNIQUE":   unique,
	"CLUSTER":  cluster,
	"GROUP_BY": groupBy,
	"LIKE":     like,
	"UNLIKE":   unlike,
	"MAX_PER":  maxPer,
	"IS":       is,
	"IS_NOT":   isNot,
}

// operatorNames in the order in which they are shown to people.
var operatorNames = []string{"UNIQUE", "MAX_PER", "GROUP_BY", "CLUSTER", "IS", "IS_NOT", "LIKE", "UNLIKE"}

// header is what all rows have: their field, and their cells with the text made from them.
type header struct {
	field Field
	row   []string
	text  string
}

func headed(cells ...string) header {
	return header{field: Field(cells[0]), row: cells, text: rowText(cells)}
}

// String is the row as text.
func (h header) String() string { return h.text }

// Field is what the row looks at.
func (h header) Field() Field { return h.field }

func (h header) cells() []string { return h.row }

// counts is for the rows that count nothing; the others have their own.
func (h header) counts() (Field, bool) { return "", false }

// needsValue is the fault of a row whose third cell is missing or empty.
func needsValue(name, example string) *Fault {
	return &Fault{
		Message: name + " needs a value in the third place",
		Remedy:  "Write it as field:" + name + ":" + example + ".",
	}
}

func joined(names []string) string { return strings.Join(names, ", ") }
