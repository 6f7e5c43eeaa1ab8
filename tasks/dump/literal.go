package dump

import "bytes"

// literal reads strings and quoted names.
func (l *lexer) literal(p []byte, i int) int {
	switch l.state {
	case quoted, name:
		return l.untilQuote(p, i)
	case quotedEnd, nameEnd:
		in, quote := quoted, byte('\'')
		if l.state == nameEnd {
			in, quote = name, '"'
		}
		if p[i] == quote {
			l.keep(p[i : i+1])
			l.state = in
			return i + 1
		}
		l.state = normal
		if in == name {
			l.judge.name(l.token)
		} else {
			l.judge.text(l.token)
		}
		return i
	case escaped:
		if l.length < 0 {
			l.length = 0
			return i + 1
		}
		from := i
		for i < len(p) && p[i] != '\'' && p[i] != '\\' {
			i++
		}
		l.keep(p[from:i])
		if i == len(p) {
			return i
		}
		l.state = escapedEnd
		if p[i] == '\\' {
			l.state = escapedSlash
		}
		return i + 1
	case escapedSlash:
		l.keep(p[i : i+1])
		l.state = escaped
		return i + 1
	case escapedEnd:
		if p[i] == '\'' {
			l.keep(p[i : i+1])
			l.state = escaped
			return i + 1
		}
		l.state = escapedGap
		return i
	case escapedGap, escapedLine:
		switch {
		case p[i] == '\n':
			l.state = escapedLine
			return i + 1
		case isSpace(p[i]):
			return i + 1
		case p[i] == '\'' && l.state == escapedLine:
			l.state = escaped
			return i + 1
		}
		l.state = normal
		l.judge.text(l.token)
		return i
	}
	return l.dollarQuote(p, i)
}

func (l *lexer) untilQuote(p []byte, i int) int {
	quote, end := byte('\''), quotedEnd
	if l.state == name {
		quote, end = '"', nameEnd
	}
	at := bytes.IndexByte(p[i:], quote)
	if at < 0 {
		l.keep(p[i:])
		return len(p)
	}
	l.keep(p[i : i+at])
	l.state = end
	return i + at + 1
}

func (l *lexer) dollarQuote(p []byte, i int) int {
	c := p[i]
	switch l.state {
	case dollar:
		switch {
		case c == '$':
			l.state = dollarBody
			return i + 1
		case wordByte[c] && len(l.tag) < maxTag && (len(l.tag) > 0 || c < '0' || c > '9'):
			l.tag = append(l.tag, c)
			return i + 1
		}
		// A placeholder, or a dollar sign that means nothing.
		l.state = normal
		l.judge.punct('$')
		if len(l.tag) > 0 {
			l.judge.word(l.tag)
		}
		return i
	case dollarBody:
		at := bytes.IndexByte(p[i:], '$')
		if at < 0 {
			return len(p)
		}
		l.state, l.matched = dollarMatch, 0
		return i + at + 1
	}
	switch {
	case c == '$' && l.matched == len(l.tag):
		l.state = normal
		l.judge.text(nil)
	case c == '$':
		l.matched = 0
	case l.matched < len(l.tag) && c == l.tag[l.matched]:
		l.matched++
	default:
		l.state = dollarBody
	}
	return i + 1
}

// within names what is open at the end of the bytes, or "" when nothing is.
func (l *lexer) within() string {
	switch l.state {
	case quoted, escaped, escapedSlash, dollarBody, dollarMatch:
		return "string"
	case name:
		return "name"
	case block, blockStar, blockSlash:
		return "comment"
	}
	if l.open || l.state == dash || l.state == slash {
		return "statement"
	}
	return ""
}
