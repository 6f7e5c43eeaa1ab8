package placement

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// splitColons reads the colon form. Rows are cut at commas first and at colons then, as in the SDK, so that each cut
// takes away only the backslashes in front of its own character and regular expressions keep theirs.
func splitColons(text string) [][]string {
	var table [][]string
	for _, row := range cut(text, ',') {
		table = append(table, cut(row, ':'))
	}
	return table
}

// cut splits at the separator wherever no backslash stands before it, and trims blanks off the parts. A backslash
// before anything else stays.
func cut(text string, separator byte) []string {
	var (
		parts   []string
		part    strings.Builder
		escaped bool
	)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case escaped:
			if c != separator {
				part.WriteByte('\\')
			}
			part.WriteByte(c)
			escaped = false
		case c == '\\':
			escaped = true
		case c == separator:
			parts = append(parts, strings.TrimSpace(part.String()))
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	if escaped {
		part.WriteByte('\\')
	}
	return append(parts, strings.TrimSpace(part.String()))
}

// splitJSON reads the JSON forms: a list of lists, or one flat list. Numbers and truth values count as their text.
func splitJSON(text string) ([][]string, *Fault) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var list []any
	if err := decoder.Decode(&list); err != nil {
		return nil, badJSON(text, fmt.Sprintf("this is not a JSON list (%v)", err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, badJSON(text, "there is something after the JSON list")
	}
	nested := 0
	for _, element := range list {
		if _, ok := element.([]any); ok {
			nested++
		}
	}
	if nested == 0 && len(list) > 0 {
		cells, fault := cellsOf(text, list, 1)
		if fault != nil {
			return nil, fault
		}
		return [][]string{cells}, nil
	}
	if nested < len(list) {
		return nil, badJSON(text, "lists and texts are mixed")
	}
	table := make([][]string, 0, len(list))
	for i, element := range list {
		cells, fault := cellsOf(text, element.([]any), i+1)
		if fault != nil {
			return nil, fault
		}
		table = append(table, cells)
	}
	return table, nil
}

// cellsOf turns the elements of a row into text. A null at the end counts as not there.
func cellsOf(text string, elements []any, row int) ([]string, *Fault) {
	cells := make([]string, 0, len(elements))
	for i, element := range elements {
		switch value := element.(type) {
		case string:
			cells = append(cells, value)
		case json.Number:
			cells = append(cells, value.String())
		case bool:
			cells = append(cells, fmt.Sprint(value))
		case nil:
			if i == 2 && len(elements) == 3 {
				continue
			}
			return nil, rowFault(text, row, "null may not stand here")
		default:
			return nil, rowFault(text, row, "a row holds texts and numbers only")
		}
	}
	return cells, nil
}

func rowFault(text string, row int, message string) *Fault {
	fault := badJSON(text, message)
	fault.Row = row
	return fault
}

func badJSON(text, message string) *Fault {
	return &Fault{
		Value: text, Message: message,
		Remedy: `Write a list of lists such as [["hostname","UNIQUE"]], or the short form hostname:UNIQUE.`,
	}
}
