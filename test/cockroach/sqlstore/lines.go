package sqlstore

import "strings"

// Lines gathers lines of input until they end a statement, as a client does that
// reads standard input. Each byte is looked at once. The zero value is ready.
type Lines struct {
	text    strings.Builder
	open    byte // the quote that is open: ', e for e'…', "
	ended   bool // the last thing was a semicolon
	started bool // there is more than blanks and comments
}

// Add takes one line, with its newline when it has one, and says whether the text
// so far ends a statement.
func (l *Lines) Add(line string) bool {
	l.text.WriteString(line)
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case l.open != 0:
			if i = l.inside(line, i); i >= len(line) {
				return l.ended && l.open == 0
			}
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		case strings.HasPrefix(line[i:], "--"):
			return l.ended
		default:
			l.started = true
			l.ended = c == ';'
			if c == '\'' || c == '"' {
				l.open = c
				if c == '\'' && i > 0 && strings.IndexByte("eEb", line[i-1]) >= 0 && (i < 2 || !isLetter(line[i-2]) && !isDigit(line[i-2])) {
					l.open = 'e'
				}
			}
		}
	}
	return l.ended && l.open == 0
}

// inside goes on from i to the end of an open quote, or past the line.
func (l *Lines) inside(line string, i int) int {
	for ; i < len(line); i++ {
		switch c := line[i]; {
		case l.open == 'e' && c == '\\':
			i++
		case c == '"' && l.open == '"', c == '\'' && l.open != '"':
			// A doubled quote closes here and opens again at once: the kind of an
			// escaped one must be kept.
			if i+1 < len(line) && line[i+1] == c {
				i++
				continue
			}
			l.open = 0
			return i
		}
	}
	return i
}

// Take gives the text so far and begins anew.
func (l *Lines) Take() string {
	s := l.text.String()
	*l = Lines{}
	return s
}

// Complete says whether a text ends with a semicolon that ends a statement.
func Complete(s string) bool {
	var l Lines
	ended := false
	for part := range strings.Lines(s) {
		ended = l.Add(part)
	}
	return ended
}
