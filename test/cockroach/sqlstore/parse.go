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

// parseExpr reads an expression that the store itself has written.
func parseExpr(src string) (e Expr, err error) {
	ts, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, ts: ts}
	defer func() {
		if r := recover(); r != nil {
			err = r.(*Error)
		}
	}()
	e = p.expr()
	p.must(p.peek().kind == end)
	return e, nil
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
	if t := &p.ts[p.i]; t.kind == sign && t.text == s {
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

// text takes a string literal.
func (p *parser) text() string {
	t := p.peek()
	p.must(t.kind == literal)
	p.i++
	return t.text
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

// names takes identifiers separated by commas.
func (p *parser) names() []string {
	out := []string{p.name()}
	for p.sign(",") {
		out = append(out, p.name())
	}
	return out
}

// inParens takes names in parentheses.
func (p *parser) inParens() []string {
	p.must(p.sign("("))
	out := p.names()
	p.must(p.sign(")"))
	return out
}

// schemas are those of the virtual tables.
var schemas = map[string]bool{"crdb_internal": true, "information_schema": true, "pg_catalog": true}

// table takes [database.][schema.]table.
func (p *parser) table() Name {
	parts := []string{p.name()}
	for len(parts) < 3 && p.sign(".") {
		parts = append(parts, p.name())
	}
	switch n := len(parts); {
	case n == 1:
		return Name{Table: parts[0]}
	case n == 2 && (parts[0] == "public" || schemas[parts[0]]):
		return Name{Schema: parts[0], Table: parts[1]}
	case n == 2:
		return Name{Database: parts[0], Table: parts[1]}
	case parts[1] == "public" || schemas[parts[1]]:
		return Name{Database: parts[0], Schema: parts[1], Table: parts[2]}
	}
	p.fault()
	return Name{}
}

func (p *parser) tables() []Name {
	out := []Name{p.table()}
	for p.sign(",") {
		out = append(out, p.table())
	}
	return out
}
