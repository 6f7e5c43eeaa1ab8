package sqlstore

import "strings"

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
