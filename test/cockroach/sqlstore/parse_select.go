package sqlstore

func (p *parser) selection() Node {
	var s Select
	for {
		s.Items = append(s.Items, p.item())
		if !p.sign(",") {
			break
		}
	}
	if p.words("from") {
		t := p.table()
		s.From = &t
	}
	s.Where = p.where()
	if p.words("order", "by") {
		for {
			o := Order{Column: p.name()}
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
	it := p.output()
	switch {
	case it.Star:
		return it
	case p.words("as"):
		it.Alias = p.name()
	}
	return it
}

// output takes *, a constant, a column, or a function with no argument or *.
func (p *parser) output() Item {
	if p.sign("*") {
		return Item{Star: true}
	}
	if v, ok := p.constant(); ok {
		return Item{Value: v}
	}
	name := p.name()
	for p.sign(".") {
		name += "." + p.name()
	}
	if !p.sign("(") {
		return Item{Column: name}
	}
	arg := ""
	if p.sign("*") {
		arg = "*"
	}
	p.must(p.sign(")"))
	return Item{Function: name + "(" + arg + ")"}
}

// where takes conditions joined by AND.
func (p *parser) where() []Condition {
	if !p.words("where") {
		return nil
	}
	var cs []Condition
	for {
		cs = append(cs, p.condition())
		if !p.words("and") {
			return cs
		}
	}
}

func (p *parser) condition() Condition {
	if v, ok := p.constant(); ok {
		if p.sign("=") {
			w := p.value()
			equal := v != nil && w != nil && v == w
			return Condition{Op: "constant", Value: equal}
		}
		b, isBool := v.(bool)
		if !isBool {
			panic(errorf("42804", "argument of WHERE must be type bool, not type %s", kindName(v)))
		}
		return Condition{Op: "constant", Value: b}
	}
	c := Condition{Column: p.name()}
	switch {
	case p.words("is", "null"):
		c.Op = "is null"
	case p.words("is", "not", "null"):
		c.Op = "is not null"
	case p.sign("="):
		c.Op, c.Value = "=", p.value()
	default:
		p.fault()
	}
	return c
}
