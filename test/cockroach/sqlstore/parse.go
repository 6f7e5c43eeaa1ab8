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

func (p *parser) statement() Node {
	switch {
	case p.words("create"):
		return p.create()
	case p.words("drop"):
		return p.drop()
	case p.words("alter", "user"), p.words("alter", "role"):
		u := p.user(CreateUser{Alter: true})
		p.must(u.Secret)
		return u
	case p.words("alter", "table"):
		return p.alter()
	case p.words("comment", "on"):
		return p.comment()
	case p.words("grant"):
		return p.grant(false)
	case p.words("revoke"):
		return p.grant(true)
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
	case p.words("backup"):
		return p.backup()
	case p.words("restore"):
		return p.restore()
	case p.words("cancel", "job"):
		id, ok := p.value().(int64)
		p.must(ok)
		return CancelJob{ID: id}
	case p.words("use"):
		return SetDatabase{Name: p.name()}
	}
	p.fault()
	return nil
}

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

var privileges = map[string]bool{"all": true, "create": true, "drop": true, "grant": true, "select": true, "insert": true, "delete": true, "update": true, "zoneconfig": true}

func (p *parser) grant(revoke bool) Node {
	g := Grant{Revoke: revoke}
	for {
		t := p.peek()
		p.must(t.kind == word && privileges[t.text])
		p.i++
		g.Privileges = append(g.Privileges, strings.ToUpper(t.text))
		if !p.sign(",") {
			break
		}
	}
	p.must(p.words("on"))
	if p.words("database") {
		g.Databases = p.names()
	} else {
		p.words("table")
		for {
			t := p.table()
			if p.sign(".") {
				p.fault()
			}
			g.Tables = append(g.Tables, t)
			if !p.sign(",") {
				break
			}
		}
	}
	p.must(revoke && p.words("from") || !revoke && p.words("to"))
	g.Users = p.names()
	return g
}

func (p *parser) show() Node {
	switch {
	case p.words("databases"):
		return ShowDatabases{}
	case p.words("jobs"):
		return Other{Name: "crdb_internal.jobs"}
	case p.words("job"):
		id, _ := p.value().(int64)
		return Other{Name: "crdb_internal.jobs", Job: id}
	case p.words("backups", "in"):
		return ShowBackups{URI: p.text()}
	case p.words("backup"):
		s := ShowBackup{}
		_ = p.words("from")
		if p.words("latest") {
			s.Latest = true
		} else {
			s.URI = p.text()
		}
		if p.words("in") {
			s.In, s.Sub, s.URI = true, s.URI, p.text()
		}
		p.must(s.In || !s.Latest)
		s.Options = p.options()
		return s
	case p.words("users"):
		return ShowUsers{}
	case p.words("tables"):
		if p.words("from") {
			return ShowTables{Database: p.name()}
		}
		return ShowTables{}
	case p.words("create"):
		_ = p.words("table") || p.words("view") || p.words("sequence")
		return ShowCreate{Table: p.table()}
	case p.words("cluster", "setting"):
		return ShowSetting{Name: p.setting()}
	}
	p.fault()
	return nil
}

// quiet are session variables that clients set and that change nothing here.
var quiet = map[string]bool{"statement_timeout": true, "application_name": true, "sql_safe_updates": true, "allow_unsafe_internals": true, "extra_float_digits": true}

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
	p.words("session")
	if t := p.peek(); t.kind == word && quiet[t.text] {
		p.i++
		p.must(p.sign("=") || p.words("to"))
		_ = p.words("on") || p.words("off") || p.expr() != nil
		return SetVariable{Name: t.text}
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

// value takes a constant.
func (p *parser) value() Value {
	v, ok := constant(p.unary())
	p.must(ok)
	if n, ok := v.(numeric); ok {
		return Raw(n)
	}
	return v
}
