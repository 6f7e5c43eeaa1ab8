package sqlstore

import "strconv"

// createTable reads the columns of CREATE TABLE, and the CONSTRAINT and FAMILY
// lines that a dump has, so that a dump can be loaded again.
func (p *parser) createTable() Node {
	c := CreateTable{Unless: p.words("if", "not", "exists"), Name: p.table()}
	p.must(p.sign("("))
	for {
		switch {
		case p.words("constraint"):
			p.name()
			p.must(p.words("primary", "key"))
			c.Key = p.keyColumns()
		case p.words("primary", "key"):
			c.Key = p.keyColumns()
		case p.words("family"):
			if t := p.peek(); t.kind != sign {
				p.name()
			}
			p.keyColumns()
		default:
			col, key := p.column()
			c.Columns = append(c.Columns, col)
			if key {
				p.must(len(c.Key) == 0)
				c.Key = []string{col.Name}
			}
		}
		if p.sign(")") {
			return c
		}
		p.must(p.sign(","))
	}
}

func (p *parser) keyColumns() []string {
	p.must(p.sign("("))
	var names []string
	for {
		names = append(names, p.name())
		p.words("asc")
		if p.sign(")") {
			return names
		}
		p.must(p.sign(","))
	}
}

func (p *parser) column() (Column, bool) {
	c := Column{Name: p.name()}
	t := p.peek()
	ty, ok := typeWords[t.text]
	p.must(ok && t.kind == word)
	p.i++
	c.Type = ty
	if ty == String && p.sign("(") {
		n, err := strconv.Atoi(p.peek().text)
		p.must(err == nil && n > 0)
		p.i++
		p.must(p.sign(")"))
		c.Width = n
	}
	key := false
	for {
		switch {
		case p.words("not", "null"):
			c.NotNull = true
		case p.words("null"):
		case p.words("primary", "key"):
			key = true
		case p.words("default"):
			c.Default, c.HasDefault = p.value(), true
		default:
			return c, key
		}
	}
}

func (p *parser) insert() Node {
	in := Insert{Table: p.table()}
	if p.sign("(") {
		for {
			in.Columns = append(in.Columns, p.name())
			if p.sign(")") {
				break
			}
			p.must(p.sign(","))
		}
	}
	p.must(p.words("values"))
	for {
		p.must(p.sign("("))
		var row []Value
		for {
			if p.words("default") {
				row = append(row, omitted{})
			} else {
				row = append(row, p.value())
			}
			if p.sign(")") {
				break
			}
			p.must(p.sign(","))
		}
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
		a.Value = p.value()
		u.Set = append(u.Set, a)
		if !p.sign(",") {
			break
		}
	}
	u.Where = p.where()
	return u
}

// constant takes a literal when one comes next. A type annotation after it
// (1:::INT8, as dumps write it) is read over.
func (p *parser) constant() (Value, bool) {
	from := p.i
	t := p.peek()
	negative := p.sign("-")
	if negative {
		t = p.peek()
	}
	var v Value
	switch {
	case t.kind == number:
		if n, err := strconv.ParseInt(t.text, 10, 64); err == nil {
			if negative {
				n = -n
			}
			v = n
		} else {
			f, err := strconv.ParseFloat(t.text, 64)
			p.must(err == nil)
			if negative {
				f = -f
			}
			v = f
		}
	case negative:
		p.i = from
		return nil, false
	case t.kind == literal:
		v = t.text
	case t.kind == word && (t.text == "true" || t.text == "false"):
		v = t.text == "true"
	case t.kind == word && t.text == "null":
		v = nil
	default:
		return nil, false
	}
	p.i++
	if p.sign(":::") {
		_, ok := typeWords[p.peek().text]
		p.must(ok)
		p.i++
	}
	return v, true
}

func (p *parser) value() Value {
	v, ok := p.constant()
	p.must(ok)
	return v
}
