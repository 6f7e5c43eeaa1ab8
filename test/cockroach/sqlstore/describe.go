package sqlstore

import (
	"fmt"
	"strings"
)

func writeParts(ps []Part, direction bool) string {
	var out []string
	for _, p := range ps {
		s := QuoteName(p.Column)
		switch {
		case p.Down:
			s += " DESC"
		case direction:
			s += " ASC"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// Create gives the statement that makes the object, without the semicolon; with
// foreign keys, or without as dump wants it. Source: 09-dump.
func (o *Object) Create(foreign bool) string {
	switch o.Kind {
	case KindView:
		var names []string
		for _, c := range o.Columns {
			names = append(names, c.Name)
		}
		return "CREATE VIEW " + QuoteName(o.Name) + " (" + quoteNames(names) + ") AS " + o.Query
	case KindSequence:
		s := o.Sequence
		return fmt.Sprintf("CREATE SEQUENCE %s MINVALUE %d MAXVALUE %d INCREMENT %d START %d", QuoteName(o.Name), s.Min, s.Max, s.Increment, s.Start)
	}
	var lines []string
	hidden := false
	for _, c := range o.Columns {
		if c.Hidden {
			hidden = true
			continue
		}
		lines = append(lines, c.line())
	}
	if !hidden {
		lines = append(lines, "CONSTRAINT "+QuoteName(o.KeyName)+" PRIMARY KEY ("+writeParts(o.Key, true)+")")
	}
	for _, k := range o.Foreign {
		if foreign {
			lines = append(lines, "CONSTRAINT "+QuoteName(k.Name)+" "+k.text())
		}
	}
	for _, x := range o.Indexes {
		line := "INDEX " + QuoteName(x.Name) + " (" + writeParts(x.Parts, !x.Inverted) + ")"
		if x.Unique {
			line = "UNIQUE " + line
		}
		if x.Inverted {
			line = "INVERTED " + line
		}
		if x.Storing != nil {
			line += " STORING (" + quoteNames(x.Storing) + ")"
		}
		lines = append(lines, line)
	}
	for _, f := range o.Families {
		lines = append(lines, "FAMILY "+QuoteName(f.Name)+" ("+quoteNames(f.Columns)+")")
	}
	for _, c := range o.Checks {
		lines = append(lines, "CONSTRAINT "+QuoteName(c.Name)+" CHECK ("+c.Expr+")")
	}
	return "CREATE TABLE " + QuoteName(o.Name) + " (\n\t" + strings.Join(lines, ",\n\t") + "\n)"
}

func (c Column) line() string {
	s := QuoteName(c.Name) + " " + c.Type.String()
	if c.NotNull {
		s += " NOT NULL"
	} else {
		s += " NULL"
	}
	if c.Default != "" {
		s += " DEFAULT " + c.Default
	}
	if c.Computed != "" {
		s += " AS (" + c.Computed + ") STORED"
	}
	return s
}

func (k ForeignKey) text() string {
	s := "FOREIGN KEY (" + quoteNames(k.Columns) + ") REFERENCES " + QuoteName(k.Table.Table) + "(" + quoteNames(k.Refs) + ")"
	if k.OnDelete != "" && k.OnDelete != "NO ACTION" {
		s += " ON DELETE " + k.OnDelete
	}
	if k.OnUpdate != "" && k.OnUpdate != "NO ACTION" {
		s += " ON UPDATE " + k.OnUpdate
	}
	return s
}

// Remarks gives the COMMENT statements of a table.
func (o *Object) Remarks() (out []string) {
	if o.Comment != "" {
		out = append(out, "COMMENT ON TABLE "+QuoteName(o.Name)+" IS "+QuoteString(o.Comment))
	}
	for _, c := range o.Columns {
		if text := o.Comments[c.Name]; text != "" {
			out = append(out, "COMMENT ON COLUMN "+QuoteName(o.Name)+"."+QuoteName(c.Name)+" IS "+QuoteString(text))
		}
	}
	return out
}

// Alterations gives the statements that add and that validate the foreign keys.
func (o *Object) Alterations() (add, validate []string) {
	for _, k := range o.Foreign {
		add = append(add, "ALTER TABLE "+QuoteName(o.Name)+" ADD CONSTRAINT "+QuoteName(k.Name)+" "+k.text())
		validate = append(validate, "ALTER TABLE "+QuoteName(o.Name)+" VALIDATE CONSTRAINT "+QuoteName(k.Name))
	}
	return add, validate
}
