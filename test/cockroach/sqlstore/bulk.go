package sqlstore

import "strings"

// The statements of backups, which the node carries out itself. URIs in them hold
// keys: a node with one must never be printed, nor the statement's text.
type (
	// Backup is BACKUP DATABASE … INTO, or TO in the old form.
	Backup struct {
		Database string
		Into     bool
		Latest   bool   // INTO LATEST IN
		Sub      string // INTO 'sub' IN
		URI      string
		AsOf     Expr
		Options  map[string]string
	}
	// Restore is RESTORE DATABASE … FROM.
	Restore struct {
		Database string
		In       bool // FROM 'sub' IN 'collection'
		Latest   bool
		Sub      string
		URI      string
		AsOf     Expr
		Options  map[string]string
	}
	// ShowBackups is SHOW BACKUPS IN.
	ShowBackups struct{ URI string }
	// ShowBackup is SHOW BACKUP 'sub' IN 'collection', or SHOW BACKUP 'uri'.
	ShowBackup struct {
		In, Latest bool
		Sub, URI   string
		Options    map[string]string
	}
	// CancelJob is CANCEL JOB.
	CancelJob struct{ ID int64 }
)

func (Backup) write() bool      { return false }
func (Restore) write() bool     { return false }
func (ShowBackups) write() bool { return false }
func (ShowBackup) write() bool  { return false }
func (CancelJob) write() bool   { return false }

func (p *parser) backup() Node {
	p.must(p.words("database"))
	b := Backup{Database: p.name()}
	switch {
	case p.words("to"):
		b.URI = p.text()
	case p.words("into"):
		b.Into = true
		if b.Latest = p.words("latest", "in"); b.Latest {
			b.URI = p.text()
		} else if b.URI = p.text(); p.words("in") {
			b.Sub, b.URI = b.URI, p.text()
		}
	default:
		p.fault()
	}
	if p.words("as", "of", "system", "time") {
		b.AsOf = p.unary()
	}
	b.Options = p.options()
	return b
}

func (p *parser) restore() Node {
	p.must(p.words("database"))
	r := Restore{Database: p.name()}
	p.must(p.words("from"))
	switch {
	case p.words("latest", "in"):
		r.In, r.Latest, r.URI = true, true, p.text()
	default:
		r.URI = p.text()
		if p.words("in") {
			r.In, r.Sub, r.URI = true, r.URI, p.text()
		}
	}
	if p.words("as", "of", "system", "time") {
		r.AsOf = p.unary()
	}
	r.Options = p.options()
	return r
}

// options takes WITH name [= 'value'], …, with or without parentheses.
func (p *parser) options() map[string]string {
	out := map[string]string{}
	if !p.words("with") {
		return out
	}
	closed := p.sign("(")
	for {
		name, value := p.name(), ""
		if p.sign("=") {
			value = p.text()
		}
		out[strings.ToLower(name)] = value
		if !p.sign(",") {
			break
		}
	}
	if closed {
		p.must(p.sign(")"))
	}
	return out
}

// Unknown is the syntax error of a version that does not know a word of the
// statement yet, or any more. The text is shown with its keys taken out.
func Unknown(sql, at string, redact func(string) string) error {
	sql = redact(sql)
	ts, err := lex(sql)
	if err != nil {
		return err
	}
	for _, t := range ts {
		if t.kind == word && t.text == at {
			return syntaxError(sql, t)
		}
	}
	return syntaxError(sql, ts[0])
}

// MomentOf works an AS OF SYSTEM TIME out.
func MomentOf(e Expr, now int64, around Surroundings) (int64, error) {
	if e == nil {
		return now, nil
	}
	return moment(e, &scope{Context: Context{Now: now}, around: around})
}
