package sqlstore

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
