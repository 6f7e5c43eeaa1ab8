package sqlstore

import "strings"

// parser reads tokens. Faults are panics of *Error inside the package, turned
// into an error by Parse: the grammar stays readable.
type parser struct {
	src string
	ts  []token
	i   int
}

// Parse reads statements separated by semicolons. Empty ones are left out.
func Parse(src string) (out []Statement, err error) {
	ts, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, ts: ts}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			out, err = nil, e
		}
	}()
	for {
		for p.sign(";") {
		}
		if p.peek().kind == end {
			return out, nil
		}
		from := p.peek().pos
		n := p.statement()
		out = append(out, Statement{SQL: strings.TrimSpace(src[from:p.peek().pos]), Node: n})
		if p.peek().kind != end && !p.sign(";") {
			p.fault()
		}
	}
}

func (p *parser) peek() token { return p.ts[p.i] }
func (p *parser) fault()      { panic(syntaxError(p.src, p.peek())) }

// words takes the given words when they come next, all or none.
func (p *parser) words(ws ...string) bool {
	for k, w := range ws {
		t := p.ts[min(p.i+k, len(p.ts)-1)]
		if t.kind != word || t.text != w {
			return false
		}
	}
	p.i += len(ws)
	return true
}

func (p *parser) sign(s string) bool {
	if t := p.peek(); t.kind == sign && t.text == s {
		p.i++
		return true
	}
	return false
}

func (p *parser) must(ok bool) {
	if !ok {
		p.fault()
	}
}

// name takes an identifier.
func (p *parser) name() string {
	t := p.peek()
	if t.kind == quoted || (t.kind == word && !reserved[t.text]) {
		p.i++
		return t.text
	}
	p.fault()
	return ""
}

// table takes [database.][public.]table.
func (p *parser) table() Name {
	parts := []string{p.name()}
	for p.sign(".") {
		parts = append(parts, p.name())
	}
	switch {
	case len(parts) == 1:
		return Name{Table: parts[0]}
	case len(parts) == 2 && parts[0] == "public":
		return Name{Table: parts[1]}
	case len(parts) == 2:
		return Name{Database: parts[0], Table: parts[1]}
	case len(parts) == 3 && parts[1] == "public":
		return Name{Database: parts[0], Table: parts[2]}
	}
	p.fault()
	return Name{}
}

func (p *parser) statement() Node {
	switch {
	case p.words("create", "database"):
		unless := p.words("if", "not", "exists")
		return CreateDatabase{Name: p.name(), Unless: unless}
	case p.words("drop", "database"):
		d := DropDatabase{If: p.words("if", "exists"), Name: p.name()}
		if !p.words("cascade") {
			d.Safe = p.words("restrict")
		}
		return d
	case p.words("create", "table"):
		return p.createTable()
	case p.words("drop", "table"):
		return DropTable{If: p.words("if", "exists"), Name: p.table()}
	case p.words("insert", "into"):
		return p.insert()
	case p.words("update"):
		return p.update()
	case p.words("delete", "from"):
		return Delete{Table: p.table(), Where: p.where()}
	case p.words("select"):
		return p.selection()
	case p.words("show"):
		return p.show()
	case p.words("set"):
		return p.set()
	case p.words("reset", "cluster", "setting"):
		return SetSetting{Name: p.setting(), Reset: true}
	case p.words("use"):
		return SetDatabase{Name: p.name()}
	}
	p.fault()
	return nil
}

func (p *parser) show() Node {
	switch {
	case p.words("databases"):
		return ShowDatabases{}
	case p.words("tables"):
		if p.words("from") {
			return ShowTables{Database: p.name()}
		}
		return ShowTables{}
	case p.words("create"):
		p.words("table")
		return ShowCreate{Table: p.table()}
	case p.words("cluster", "setting"):
		return ShowSetting{Name: p.setting()}
	}
	p.fault()
	return nil
}

func (p *parser) set() Node {
	if p.words("cluster", "setting") {
		s := SetSetting{Name: p.setting()}
		p.must(p.sign("=") || p.words("to"))
		if p.words("default") {
			s.Reset = true
			return s
		}
		s.Value = p.value()
		return s
	}
	p.must(p.words("database"))
	p.must(p.sign("=") || p.words("to"))
	if t := p.peek(); t.kind == literal {
		p.i++
		return SetDatabase{Name: t.text}
	}
	return SetDatabase{Name: p.name()}
}

// setting takes a dotted name.
func (p *parser) setting() string {
	s := p.name()
	for p.sign(".") {
		s += "." + p.name()
	}
	return s
}
