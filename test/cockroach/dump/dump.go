package dump

import (
	"fmt"
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

// Write gives the dump of tables, in the order given.
func Write(tables []*sqlstore.Table, mode string) string {
	var b strings.Builder
	if mode != Data {
		for i, t := range tables {
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString(t.Create() + ";\n")
		}
	}
	if mode != Schema {
		for _, t := range tables {
			rows(&b, t)
		}
	}
	return b.String()
}

func rows(b *strings.Builder, t *sqlstore.Table) {
	var names []string
	for _, c := range t.Visible() {
		names = append(names, sqlstore.QuoteName(c.Name))
	}
	for i, r := range t.Rows() {
		if i%perInsert == 0 {
			if i > 0 {
				b.WriteString(";\n")
			}
			fmt.Fprintf(b, "\nINSERT INTO %s (%s) VALUES", sqlstore.QuoteName(t.Name), strings.Join(names, ", "))
		} else {
			b.WriteString(",")
		}
		var vals []string
		for _, v := range r {
			vals = append(vals, sqlstore.Literal(v))
		}
		b.WriteString("\n\t(" + strings.Join(vals, ", ") + ")")
	}
	if len(t.Rows()) > 0 {
		b.WriteString(";\n")
	}
}
