package dump

import "bytes"

// class is what a byte means among the rows of an INSERT.
type class uint8

const (
	plain class = iota
	letter
	opening
	closing
	quote
	// special is all that the lexer itself has to look at.
	special
)

var classes = func() (table [256]class) {
	for c := range table {
		if table[c] = plain; wordByte[c] && c != '$' {
			table[c] = letter
		}
	}
	for _, c := range []byte(`"-/;$`) {
		table[c] = special
	}
	table['('], table[')'], table['\''] = opening, closing, quote
	return table
}()

// rows reads on among the rows of an INSERT, where nearly all bytes of a dump are, until there is something to decide. It
// does what the states of the lexer do, without their steps from token to token.
func (l *lexer) rows(p []byte, i int) int {
	depth, rows, tail := l.judge.depth, l.judge.st.Rows, l.judge.tail
	defer func() { l.judge.depth, l.judge.st.Rows, l.judge.tail = depth, rows, tail }()
	for i < len(p) {
		switch classes[p[i]] {
		case plain:
			i++
		case letter:
			from := i
			for i++; i < len(p) && wordByte[p[i]]; i++ {
			}
			if i == len(p) {
				l.state, l.length, l.token = word, i-from, append(l.token[:0], p[from])
				return i
			}
			if p[i] != '\'' || i-from != 1 || !isEscape(p[from]) {
				tail = tail || depth == 0
			} else if i = l.escapes(p, i+1); l.state != normal {
				return i
			}
		case opening:
			if depth++; depth == 1 && !tail {
				rows++
			}
			i++
		case closing:
			depth--
			i++
		case quote:
			at := bytes.IndexByte(p[i+1:], '\'')
			if at < 0 {
				l.state = quoted
				return len(p)
			}
			// A second quote after this one would begin a string again: the same bytes are skipped.
			if i += at + 2; i == len(p) {
				l.state = quotedEnd
			}
		default:
			return i
		}
	}
	return i
}

// escapes reads a string with backslashes from its first byte on, to the byte after it.
func (l *lexer) escapes(p []byte, i int) int {
	for {
		for i < len(p) && p[i] != '\'' && p[i] != '\\' {
			i++
		}
		switch {
		case i == len(p):
			l.state, l.length = escaped, 0
			return i
		case i+1 == len(p):
			l.state = escapedEnd
			if p[i] == '\\' {
				l.state = escapedSlash
			}
			return i + 1
		case p[i] == '\\' || p[i+1] == '\'':
			i += 2
		default:
			// A string may go on after a line end: the lexer's own states know how.
			if i++; isSpace(p[i]) {
				l.state = escapedGap
			}
			return i
		}
	}
}
