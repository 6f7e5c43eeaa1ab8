package sqlstore

func (p *parser) unless() bool { return p.words("if", "not", "exists") }

func (p *parser) create() Node {
	switch {
	case p.words("database"):
		unless := p.unless()
		return CreateDatabase{Name: p.name(), Unless: unless}
	case p.words("table"):
		return p.createTable()
	case p.words("view"):
		return p.createView()
	case p.words("sequence"):
		return p.createSequence()
	case p.words("user"), p.words("role"):
		return p.user(CreateUser{Unless: p.unless()})
	case p.words("index"), p.words("unique", "index"):
		x := Index{Unique: p.ts[p.i-2].text == "unique"}
		if !p.words("on") {
			x.Name = p.name()
			p.must(p.words("on"))
		}
		c := CreateIndex{Table: p.table()}
		x.Parts, x.Storing = p.parts(), p.storing()
		c.Index = x
		return c
	}
	p.fault()
	return nil
}

func (p *parser) drop() Node {
	switch {
	case p.words("database"):
		d := DropDatabase{If: p.words("if", "exists"), Name: p.name()}
		if !p.words("cascade") {
			d.Safe = p.words("restrict")
		}
		return d
	case p.words("user"), p.words("role"):
		return DropUser{If: p.words("if", "exists"), Name: p.name()}
	}
	for _, kind := range []string{KindTable, KindView, KindSequence} {
		if p.words(kind) {
			d := Drop{Kind: kind, If: p.words("if", "exists"), Names: p.tables()}
			if d.Cascade = p.words("cascade"); !d.Cascade {
				p.words("restrict")
			}
			return d
		}
	}
	p.fault()
	return nil
}

func (p *parser) alter() Node {
	t := p.table()
	switch {
	case p.words("add"):
		k := ForeignKey{}
		if p.words("constraint") {
			k.Name = p.name()
		}
		p.must(p.words("foreign", "key"))
		k.Columns = p.inParens()
		p.references(&k)
		return AddForeignKey{Table: t, Key: k}
	case p.words("validate", "constraint"):
		return Validate{Table: t, Constraint: p.name()}
	}
	p.fault()
	return nil
}

func (p *parser) comment() Node {
	var c Comment
	switch {
	case p.words("database"):
		c.Kind, c.Name = "DATABASE", Name{Database: p.name()}
	case p.words("table"):
		c.Kind, c.Name = "TABLE", p.table()
	case p.words("column"):
		c.Kind = "COLUMN"
		parts := []string{p.name()}
		for p.sign(".") {
			parts = append(parts, p.name())
		}
		n := len(parts)
		p.must(n >= 2 && n <= 4)
		c.Column, c.Name.Table = parts[n-1], parts[n-2]
		if n >= 3 && parts[0] != "public" {
			c.Name.Database = parts[0]
		}
	default:
		p.fault()
	}
	p.must(p.words("is"))
	if !p.words("null") {
		s := p.text()
		c.Text = &s
	}
	return c
}
