package sqlstore

import "strconv"

// Expr is an expression: a constant (a Value as it is), or one of the types below.
type Expr any

type (
	columnRef struct{ name string }
	call      struct {
		name string
		star bool
		args []Expr
	}
	operation struct {
		op   string
		a, b Expr
	}
	negation struct{ e Expr }
	isNull   struct {
		e   Expr
		not bool
	}
	among struct {
		e     Expr
		items []Expr
	}
	cast struct {
		e    Expr
		to   Type
		mark bool // :::, which only says what the type is
	}
	list struct{ items []Expr } // ARRAY[…]
)

// constant gives the value of an expression that is one, through type marks.
func constant(e Expr) (Value, bool) {
	switch e := e.(type) {
	case nil, int64, numeric, bool, string, Bytes, Raw:
		return e, true
	case *cast:
		if e.mark {
			return constant(e.e)
		}
	}
	return nil, false
}

func (p *parser) expr() Expr { return p.or() }

func (p *parser) or() Expr {
	e := p.and()
	for p.words("or") {
		e = &operation{"or", e, p.and()}
	}
	return e
}

func (p *parser) and() Expr {
	e := p.not()
	for p.words("and") {
		e = &operation{"and", e, p.not()}
	}
	return e
}

func (p *parser) not() Expr {
	if p.words("not") {
		return &negation{p.not()}
	}
	return p.comparison()
}

func (p *parser) comparison() Expr {
	e := p.concat()
	t := p.peek()
	if t.kind == sign {
		switch t.text {
		case "=", "<", ">", "<=", ">=", "<>", "!=":
			p.i++
			return &operation{t.text, e, p.concat()}
		}
		return e
	}
	switch {
	case p.words("is", "null"):
		return &isNull{e, false}
	case p.words("is", "not", "null"):
		return &isNull{e, true}
	case p.words("like"):
		return &operation{"like", e, p.concat()}
	case p.words("not", "like"):
		return &negation{&operation{"like", e, p.concat()}}
	case p.words("in"):
		return p.among(e)
	case p.words("not", "in"):
		return &negation{p.among(e)}
	}
	return e
}

func (p *parser) among(e Expr) Expr {
	p.must(p.sign("("))
	a := &among{e: e}
	for {
		a.items = append(a.items, p.expr())
		if p.sign(")") {
			return a
		}
		p.must(p.sign(","))
	}
}

func (p *parser) concat() Expr {
	e := p.sum()
	for p.sign("||") {
		e = &operation{"||", e, p.sum()}
	}
	return e
}

func (p *parser) sum() Expr {
	e := p.product()
	for {
		switch {
		case p.sign("+"):
			e = &operation{"+", e, p.product()}
		case p.sign("-"):
			e = &operation{"-", e, p.product()}
		default:
			return e
		}
	}
}

func (p *parser) product() Expr {
	e := p.unary()
	for p.sign("*") {
		e = &operation{"*", e, p.unary()}
	}
	return e
}

func (p *parser) unary() Expr {
	if !p.sign("-") {
		return p.marked()
	}
	switch v := p.marked().(type) {
	case int64:
		return -v
	case numeric:
		if v == "9223372036854775808" {
			return int64(-1 << 63)
		}
		return "-" + v
	case *cast:
		// -1:::INT8 is as good as (-1):::INT8.
		if n, ok := v.e.(int64); ok && v.mark {
			return &cast{-n, v.to, true}
		}
		return &operation{"-", int64(0), v}
	default:
		return &operation{"-", int64(0), v}
	}
}

// marked takes an operand with its casts.
func (p *parser) marked() Expr {
	e := p.operand()
	for {
		switch {
		case p.sign(":::"):
			e = &cast{e, p.dataType(), true}
		case p.sign("::"):
			e = &cast{e, p.dataType(), false}
		case p.words("collate"):
			p.name()
		default:
			return e
		}
	}
}

func (p *parser) operand() Expr {
	t := &p.ts[p.i]
	switch t.kind {
	case number:
		p.i++
		if n, err := strconv.ParseInt(t.text, 10, 64); err == nil {
			return n
		}
		if _, err := strconv.ParseFloat(t.text, 64); err != nil {
			p.i--
			p.fault()
		}
		return numeric(t.text)
	case literal:
		p.i++
		return t.text
	case bytesLiteral:
		p.i++
		return Bytes(t.text)
	case bitLiteral:
		p.i++
		return Raw(t.text)
	case sign:
		p.must(p.sign("("))
		e := p.expr()
		p.must(p.sign(")"))
		return e
	case word:
		switch t.text {
		case "null":
			p.i++
			return nil
		case "true", "false":
			p.i++
			return t.text == "true"
		case "array":
			p.i++
			return p.array()
		case "current_user", "current_database":
			p.i++
			if p.sign("(") {
				p.must(p.sign(")"))
			}
			return &call{name: t.text}
		}
	}
	return p.reference()
}

func (p *parser) array() Expr {
	p.must(p.sign("["))
	l := &list{}
	if p.sign("]") {
		return l
	}
	for {
		l.items = append(l.items, p.expr())
		if p.sign("]") {
			return l
		}
		p.must(p.sign(","))
	}
}

// reference takes a column, with or without its table, or a function.
func (p *parser) reference() Expr {
	name, last := "", ""
	for {
		last = p.name()
		name += last
		if !p.sign(".") {
			break
		}
		name += "."
	}
	if !p.sign("(") {
		return &columnRef{last}
	}
	c := &call{name: name}
	switch {
	case p.sign("*"):
		c.star = true
		p.must(p.sign(")"))
	case p.sign(")"):
	default:
		for {
			c.args = append(c.args, p.expr())
			if p.sign(")") {
				break
			}
			p.must(p.sign(","))
		}
	}
	return c
}
