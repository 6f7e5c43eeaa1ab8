package sqlstore

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
