package placement

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Parse reads a constraint. Empty text, [] and null allow any agent. The error is a *ParseError with every fault in
// it.
//
// Forms (DC/OS SDK and Marathon): [["hostname","UNIQUE"],["rack","GROUP_BY","3"]], one flat list ["hostname","UNIQUE"],
// or rack:GROUP_BY:3,hostname:UNIQUE where a backslash before a comma or a colon takes its meaning away. Text that
// begins with [ is JSON, and must be JSON to its end.
func Parse(text string) (Rule, error) {
	if !utf8.ValidString(text) {
		return Rule{}, &ParseError{Faults: []Fault{{
			Value: text, Message: "this is not text in UTF-8", Remedy: "Write the constraint in UTF-8.",
		}}}
	}
	table, fault := split(strings.TrimSpace(text))
	if fault != nil {
		return Rule{}, &ParseError{Faults: []Fault{*fault}}
	}
	var (
		rule   Rule
		faults []Fault
	)
	for i, cells := range table {
		row, found := parseRow(cells)
		for _, fault := range found {
			fault.Row = i + 1
			faults = append(faults, fault)
		}
		if row != nil {
			rule.rows = append(rule.rows, row)
		}
	}
	if len(faults) > 0 {
		return Rule{}, &ParseError{Faults: faults}
	}
	return rule, nil
}

// split turns the text into rows of cells.
func split(text string) ([][]string, *Fault) {
	switch {
	case text == "" || text == "null":
		return nil, nil
	case strings.HasPrefix(text, "["):
		return splitJSON(text)
	}
	return splitColons(text), nil
}

// parseRow reads one row and gives all that is wrong with it.
func parseRow(cells []string) (Row, []Fault) {
	if len(cells) < 2 || len(cells) > 3 {
		return nil, []Fault{{
			Value:   strings.Join(cells, ":"),
			Message: fmt.Sprintf("a row has 2 or 3 parts, this one has %d", len(cells)),
			Remedy:  "Write field:OPERATOR or field:OPERATOR:value, for example hostname:UNIQUE; put a backslash before a colon or comma that belongs to a value.",
		}}
	}
	var faults []Fault
	field, ok := fieldOf(cells[0])
	if !ok {
		faults = append(faults, Fault{
			Field: cells[0], Value: cells[0], Message: "there is no such field",
			Remedy: "Use hostname, @hostname, @zone, @region, or the name of an agent attribute.",
		})
	}
	build, known := operators[strings.ToUpper(cells[1])]
	if !known {
		return nil, append(faults, Fault{
			Field: cells[0], Value: cells[1], Message: "there is no such operator",
			Remedy: "Use one of " + joined(operatorNames) + ".",
		})
	}
	value, given := "", len(cells) == 3
	if given {
		value = cells[2]
	}
	row, fault := build(field, value, given)
	if fault != nil {
		fault.Field, fault.Value = cells[0], value
		faults = append(faults, *fault)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return row, nil
}
