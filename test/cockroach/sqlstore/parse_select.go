package sqlstore

import "strings"

func (p *parser) selection() *Select {
	s := &Select{}
	for {
		s.Items = append(s.Items, p.item())
		if !p.sign(",") {
			break
		}
	}
	if p.words("from") {
		s.From = p.source()
		if p.words("as", "of", "system", "time") {
			s.AsOf = p.unary()
		}
	}
	s.Where = p.where()
	if p.words("order", "by") {
		for {
			o := Order{By: p.expr()}
			if !p.words("asc") {
				o.Down = p.words("desc")
			}
			s.Order = append(s.Order, o)
			if !p.sign(",") {
				break
			}
		}
	}
	if p.words("limit") {
		n, ok := p.value().(int64)
		p.must(ok && n >= 0)
		s.Limit = &n
	}
	return s
}

func (p *parser) item() Item {
	if p.sign("*") {
		return Item{Star: true}
	}
	it := Item{Expr: p.expr()}
	if t := p.ts[min(p.i+1, len(p.ts)-1)]; t.text == "of" && t.kind == word {
		return it // AS OF is never a name
	}
	if p.words("as") {
		it.Alias = p.name()
	}
	return it
}

// source takes a table, [SHOW …] or generate_series(a, b) AS g(i).
func (p *parser) source() *Source {
	s := &Source{}
	switch {
	case p.sign("["):
		p.must(p.words("show"))
		s.Show = p.show()
		p.must(p.sign("]"))
	case p.words("generate_series"):
		p.must(p.sign("("))
		from := p.expr()
		p.must(p.sign(","))
		s.Series = []Expr{from, p.expr()}
		p.must(p.sign(")"))
		s.Alias, s.Column = "generate_series", "generate_series"
	case p.peek().kind == quoted && p.peek().text == "":
		// "".crdb_internal.table: that of all databases, as dump asks for it.
		p.i++
		p.must(p.sign("."))
		s.Table = p.table()
		s.Table.Database = `""`
	default:
		s.Table = p.table()
	}
	if t := p.ts[min(p.i+1, len(p.ts)-1)]; !(t.kind == word && t.text == "of") && p.words("as") {
		s.Alias = p.name()
		if s.Series != nil {
			s.Column = s.Alias
			if p.sign("(") {
				s.Column = p.name()
				p.must(p.sign(")"))
			}
		}
	}
	return s
}

// where takes the condition of a statement, nil for none.
func (p *parser) where() Expr {
	if !p.words("where") {
		return nil
	}
	e := p.expr()
	if v, ok := constant(e); ok {
		if _, isBool := v.(bool); !isBool && v != nil {
			panic(errorf("42804", "argument of WHERE must be type bool, not type %s", kindName(v)))
		}
	}
	return e
}

// createView reads names and tables out of the SELECT's tokens: what it means is
// kept as text.
func (p *parser) createView() Node {
	v := CreateView{Name: p.table()}
	if p.peek().text == "(" {
		v.Columns = p.inParens()
	}
	p.must(p.words("as"))
	from := p.i
	p.must(p.words("select"))
	var b strings.Builder
	b.WriteString("SELECT")
	depth, items := 0, true
	var columns []string
	last := token{}
	for p.peek().kind != end && !(p.peek().text == ";" && p.peek().kind == sign) {
		t := p.peek()
		if t.pos > p.ts[p.i-1].to {
			b.WriteByte(' ')
		}
		switch {
		case t.kind == sign && t.text == "(":
			depth++
		case t.kind == sign && t.text == ")":
			depth--
		}
		table := depth == 0 && t.kind == word && (t.text == "from" || t.text == "join")
		if items && depth == 0 && (table || (t.kind == sign && t.text == ",")) {
			// The name of an output is its alias, or the column itself.
			if last.kind != word && last.kind != quoted {
				p.fault()
			}
			columns = append(columns, last.text)
			items = !table
		}
		last = t
		p.i++
		switch {
		case table:
			b.WriteString(strings.ToUpper(t.text) + " \x00")
			v.Tables = append(v.Tables, p.table())
		case t.kind == word && (reserved[t.text] || viewWords[t.text]) && t.text != "true" && t.text != "false":
			b.WriteString(strings.ToUpper(t.text))
		default:
			b.WriteString(p.src[t.pos:t.to])
		}
	}
	if items || len(v.Tables) == 0 {
		p.i = from
		p.fault()
	}
	if v.Columns == nil {
		v.Columns = columns
	}
	if len(v.Columns) != len(columns) {
		panic(errorf("42601", "CREATE VIEW specifies %d column names, but data source has %d columns", len(v.Columns), len(columns)))
	}
	v.Query = b.String()
	return v
}

var viewWords = map[string]bool{"inner": true, "left": true, "like": true, "is": true, "by": true}
