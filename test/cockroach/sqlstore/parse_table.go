package sqlstore

import (
	"math"
	"strconv"
	"strings"
)

// createTable reads columns, constraints, indexes and families, in the forms
// that SHOW CREATE TABLE writes and in the usual ones.
func (p *parser) createTable() Node {
	c := CreateTable{Unless: p.unless(), Name: p.table()}
	t := &c.Table
	t.Name, t.Kind, t.KeyName = c.Name.Table, KindTable, "primary"
	p.must(p.sign("("))
	for {
		named := ""
		if p.words("constraint") {
			named = p.name()
		}
		switch {
		case p.words("primary", "key"):
			p.must(t.Key == nil)
			if t.Key = p.parts(); named != "" {
				t.KeyName = named
			}
		case p.words("unique", "index"), p.words("unique"):
			x := Index{Name: named, Unique: true}
			if p.peek().text != "(" {
				x.Name = p.name()
			}
			x.Parts, x.Storing = p.parts(), p.storing()
			t.Indexes = append(t.Indexes, x)
		case p.words("check"):
			t.Checks = append(t.Checks, Check{Name: named, Expr: p.checked()})
		case p.words("foreign", "key"):
			k := ForeignKey{Name: named, Columns: p.inParens()}
			p.references(&k)
			t.Foreign = append(t.Foreign, k)
		case named != "":
			p.fault()
		case p.words("inverted", "index"):
			x := Index{Inverted: true}
			if p.peek().text != "(" {
				x.Name = p.name()
			}
			x.Parts = p.parts()
			t.Indexes = append(t.Indexes, x)
		case p.words("index"):
			x := Index{}
			if p.peek().text != "(" {
				x.Name = p.name()
			}
			x.Parts, x.Storing = p.parts(), p.storing()
			t.Indexes = append(t.Indexes, x)
		case p.words("family"):
			f := Family{Name: "primary"}
			if p.peek().text != "(" || p.peek().kind == quoted {
				// The first family is called primary: a reserved word, so quoted.
				f.Name = p.name()
			}
			f.Columns = p.inParens()
			t.Families = append(t.Families, f)
		default:
			p.column(t)
		}
		if p.sign(")") {
			return c
		}
		p.must(p.sign(","))
	}
}

// parts takes the columns of a key or an index.
func (p *parser) parts() []Part {
	p.must(p.sign("("))
	var ps []Part
	for {
		x := Part{Column: p.name()}
		if !p.words("asc") {
			x.Down = p.words("desc")
		}
		ps = append(ps, x)
		if p.sign(")") {
			return ps
		}
		p.must(p.sign(","))
	}
}

func (p *parser) storing() []string {
	if p.words("storing") {
		return p.inParens()
	}
	return nil
}

// checked takes an expression in parentheses and gives its text.
func (p *parser) checked() string {
	p.must(p.sign("("))
	from := p.peek().pos
	p.expr()
	to := p.peek().pos
	p.must(p.sign(")"))
	return strings.Join(strings.Fields(p.src[from:to]), " ")
}

func (p *parser) references(k *ForeignKey) {
	p.must(p.words("references"))
	k.Table = p.table()
	if p.peek().text == "(" {
		k.Refs = p.inParens()
	}
	action := func() string {
		for _, a := range []string{"cascade", "restrict", "set null", "set default", "no action"} {
			if p.words(strings.Fields(a)...) {
				return strings.ToUpper(a)
			}
		}
		p.fault()
		return ""
	}
	for {
		switch {
		case p.words("on", "delete"):
			k.OnDelete = action()
		case p.words("on", "update"):
			k.OnUpdate = action()
		default:
			return
		}
	}
}

// dataType takes the name of a type.
func (p *parser) dataType() Type {
	t := p.peek()
	name, ok := typeWords[t.text]
	p.must(ok && t.kind == word)
	p.i++
	ty := Type{Name: name}
	if p.sign("(") {
		ty.Width = p.count()
		if p.sign(",") {
			ty.Scale = p.count()
		}
		p.must(p.sign(")"))
	}
	if p.sign("[") {
		p.must(p.sign("]"))
		ty.Array = true
	}
	if p.words("collate") {
		p.must(ty.textual())
		ty.Collate = p.name()
	}
	return ty
}

func (p *parser) count() int {
	n, err := strconv.Atoi(p.peek().text)
	p.must(err == nil && n >= 0)
	p.i++
	return n
}

func (p *parser) column(t *Object) {
	c := Column{Name: p.name(), Type: p.dataType()}
	for {
		named := ""
		if p.words("constraint") {
			named = p.name()
		}
		switch {
		case p.words("not", "null"):
			c.NotNull = true
		case p.words("null"):
		case p.words("primary", "key"):
			p.must(t.Key == nil)
			t.Key = []Part{{Column: c.Name}}
		case p.words("unique"):
			t.Indexes = append(t.Indexes, Index{Name: named, Unique: true, Parts: []Part{{Column: c.Name}}})
		case p.words("default"):
			c.Default = render(p.expr(), c.Type)
		case p.words("check"):
			t.Checks = append(t.Checks, Check{Name: named, Expr: p.checked()})
		case p.words("as"):
			c.Computed = p.checked()
			p.must(p.words("stored"))
		case p.peek().text == "references":
			k := ForeignKey{Name: named, Columns: []string{c.Name}}
			p.references(&k)
			t.Foreign = append(t.Foreign, k)
		default:
			p.must(named == "")
			t.Columns = append(t.Columns, c)
			return
		}
	}
}

func (p *parser) createSequence() Node {
	c := CreateSequence{Unless: p.unless(), Name: p.table(), Sequence: Sequence{Min: 1, Max: math.MaxInt64, Increment: 1}}
	s := &c.Sequence
	started := false
	integer := func() int64 {
		n, ok := p.value().(int64)
		p.must(ok)
		return n
	}
	for {
		switch {
		case p.words("minvalue"):
			s.Min = integer()
		case p.words("maxvalue"):
			s.Max = integer()
		case p.words("increment"):
			p.words("by")
			s.Increment = integer()
		case p.words("start"):
			p.words("with")
			s.Start, started = integer(), true
		default:
			if !started {
				s.Start = s.Min
			}
			return c
		}
	}
}

func (p *parser) insert() Node {
	in := Insert{Table: p.table()}
	if p.peek().text == "(" {
		in.Columns = p.inParens()
	}
	if p.words("select") {
		in.Select = p.selection()
		return in
	}
	p.must(p.words("values"))
	width := len(in.Columns)
	for {
		p.must(p.sign("("))
		row := make([]Expr, 0, width)
		for {
			if p.words("default") {
				row = append(row, omitted{})
			} else {
				row = append(row, p.expr())
			}
			if p.sign(")") {
				break
			}
			p.must(p.sign(","))
		}
		width = len(row)
		in.Rows = append(in.Rows, row)
		if !p.sign(",") {
			return in
		}
	}
}

func (p *parser) update() Node {
	u := Update{Table: p.table()}
	p.must(p.words("set"))
	for {
		a := Assignment{Column: p.name()}
		p.must(p.sign("="))
		a.Value = p.expr()
		u.Set = append(u.Set, a)
		if !p.sign(",") {
			break
		}
	}
	u.Where = p.where()
	return u
}
