package placement

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Rule is a whole constraint: all of its rows must hold. The zero value allows any agent.
type Rule struct{ rows []Row }

// Row is one row of a constraint. The operators of this package are the only ones.
type Row interface {
	// String is the row as an operator may write it: hostname:UNIQUE.
	String() string
	// Field is what the row looks at.
	Field() Field
	// cells are the row's two or three cells in canonical form.
	cells() []string
	// counts names the field by which the row wants other pods counted.
	counts() (Field, bool)
	// check gives a verdict when the row refuses the agent, nil when it allows it.
	check(agent *tasks.Agent, census *Census) *Verdict
}

// Rows lists the rows in the order in which they were written.
func (r Rule) Rows() []Row { return append([]Row(nil), r.rows...) }

// Check gives the verdict of every row that refuses the agent; none means that the agent is allowed. The census must
// be one that this rule made.
func (r Rule) Check(agent *tasks.Agent, census *Census) []*Verdict {
	var refused []*Verdict
	for _, row := range r.rows {
		if verdict := row.check(agent, census); verdict != nil {
			verdict.Row = row.String()
			refused = append(refused, verdict)
		}
	}
	return refused
}

// Mentions says that some row looks at the field.
func (r Rule) Mentions(field Field) bool {
	for _, row := range r.rows {
		if row.Field() == field {
			return true
		}
	}
	return false
}

// In is the rule kept to one region, unless it speaks of regions itself. The DC/OS SDK does this with every rule on
// clusters with fault domains, because a framework that is aware of regions is offered agents of remote ones too.
func (r Rule) In(region string) Rule {
	if region == "" || r.Mentions(Region) {
		return r
	}
	return Rule{rows: append(r.Rows(), newIs(Region, region))}
}

// String is the rule in a form that Parse reads back as the same rule: field:OPERATOR:value with commas, or JSON if a
// value holds one of the characters that mean something there. Anywhere is the empty text.
func (r Rule) String() string {
	if len(r.rows) == 0 {
		return ""
	}
	plain := make([]string, 0, len(r.rows))
	table := make([][]string, 0, len(r.rows))
	for _, row := range r.rows {
		cells := row.cells()
		table = append(table, cells)
		if writable(cells) {
			plain = append(plain, strings.Join(cells, ":"))
		}
	}
	if len(plain) == len(table) && !strings.HasPrefix(plain[0], "[") {
		return strings.Join(plain, ",")
	}
	return jsonText(table)
}

// rowText is one row as text, worked out once when the row is made.
func rowText(cells []string) string {
	if writable(cells) {
		return strings.Join(cells, ":")
	}
	return jsonText(cells)
}

// writable says that the colon form can hold the cells as they are. It has escapes, but none for a backslash in
// front of a colon, and it trims blanks.
func writable(cells []string) bool {
	for _, cell := range cells {
		if strings.ContainsAny(cell, `\,:`) || strings.TrimSpace(cell) != cell {
			return false
		}
	}
	return true
}

func jsonText(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		// Lists of strings always encode.
		panic(err)
	}
	return strings.TrimSpace(text.String())
}
