package dump

import "bytes"

// state is where in the text the lexer is. Whatever needs a look at the next byte is a state of its own, so that the text
// may be cut anywhere.
type state uint8

const (
	normal state = iota
	word
	dash         // after -
	slash        // after /
	lineComment  // after --
	block        // in /* */, which nest
	blockStar    // after * in it
	blockSlash   // after / in it
	quoted       // in '…'
	quotedEnd    // after a quote that ends it, or is the first of two
	escaped      // in e'…' or b'…'
	escapedSlash // after a backslash in it
	escapedEnd   // after a quote in it
	escapedGap   // after it, in the spaces that follow
	escapedLine  // the same, past a line end: a quote here goes on with the string
	name         // in "…"
	nameEnd      // after a quote in it
	dollar       // in $tag$, before the second dollar
	dollarBody   // in $tag$ … $tag$
	dollarMatch  // in what may be the second tag
)

// maxToken is how much of a word, name or string is kept, in bytes. Longer ones are cut.
const maxToken = 4096

// maxTag is the longest tag of a dollar quote.
const maxTag = 128

// lexer finds the ends of statements, and gives the words of each to a judge.
type lexer struct {
	judge judge
	state state
	// offset and line are those of the first byte that was not scanned yet.
	offset, line int64
	// open says that a statement has begun; start is where in the bytes given to scan, or -1 when it did not begin there.
	open  bool
	start int
	// carry is a byte of earlier bytes that the statement begins with: a dash or slash that was no comment after all.
	carry   byte
	nesting int
	token   []byte
	length  int
	tag     []byte
	matched int
}

// wordByte is what words go on with; a word begins with all of them but the dollar sign.
var wordByte = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
	}
	return table
}()

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// scan reads p to the end of a statement, or to its own end. When ended is true the statement lies in p[start:n], with
// start as the field; the next scan begins with p[n:].
func (l *lexer) scan(p []byte) (n int, ended bool) {
	l.start, l.carry = -1, 0
	counted, i := 0, 0
	if l.line == 0 {
		l.line = 1
	}
	for i < len(p) && !ended {
		switch l.state {
		case normal:
			if l.open && l.judge.inRows {
				if i = l.rows(p, i); i == len(p) || l.state != normal {
					break
				}
			}
			c := p[i]
			if !l.open {
				if isSpace(c) {
					i++
					break
				}
				if c != '-' && c != '/' {
					l.line += int64(bytes.Count(p[counted:i], lineEnd))
					counted = i
					l.begin(i, 0)
				}
			}
			ended = l.first(c)
			i++
		case word:
			from := i
			for i < len(p) && wordByte[p[i]] {
				i++
			}
			l.keep(p[from:i])
			if i < len(p) {
				l.endWord(p[i])
			}
		case dash, slash:
			i = l.comment(p, i, &counted)
		case lineComment:
			if at := bytes.IndexByte(p[i:], '\n'); at < 0 {
				i = len(p)
			} else {
				i += at
				l.state = normal
			}
		case block, blockStar, blockSlash:
			i = l.blockComment(p, i)
		default:
			i = l.literal(p, i)
		}
	}
	l.line += int64(bytes.Count(p[counted:i], lineEnd))
	l.offset += int64(i)
	if ended {
		l.judge.st.Bytes = l.offset - l.judge.st.Offset
	}
	return i, ended
}

var lineEnd = []byte{'\n'}

// begin opens a statement at p[i]; before is the byte before it that belongs to it, or 0.
func (l *lexer) begin(i int, before byte) {
	l.open = true
	l.start = i
	number := l.judge.st.Number
	l.judge.reset(number + 1)
	l.judge.st.Line = l.line
	l.judge.st.Offset = l.offset + int64(i)
	if before != 0 {
		l.judge.st.Offset--
		l.start--
		if l.start < 0 {
			l.carry = before
		}
	}
}

// first is the first byte of a token. It reports whether it ends the statement.
func (l *lexer) first(c byte) (ended bool) {
	l.token, l.length = l.token[:0], 0
	switch c {
	case ';':
		l.open = false
		l.judge.end()
		return true
	case '\'':
		l.state = quoted
	case '"':
		l.state = name
	case '-':
		l.state = dash
	case '/':
		l.state = slash
	case '$':
		l.state, l.tag = dollar, l.tag[:0]
	default:
		if wordByte[c] {
			l.state = word
			l.length, l.token = 1, append(l.token, c)
			break
		}
		if !isSpace(c) {
			l.judge.punct(c)
		}
	}
	return false
}

// keep adds to the token. In the rows of an INSERT only the length and the first byte matter.
func (l *lexer) keep(p []byte) {
	l.length += len(p)
	if l.judge.inRows {
		return
	}
	if room := maxToken - len(l.token); len(p) > room {
		p = p[:room]
	}
	l.token = append(l.token, p...)
}

// endWord ends a word at the byte c after it: one letter before a quote says how the string is written.
func (l *lexer) endWord(c byte) {
	if c == '\'' && l.length == 1 && isEscape(l.token[0]) {
		// The quote itself is read as the first byte of the string.
		l.state, l.token, l.length = escaped, l.token[:0], -1
		return
	}
	l.state = normal
	l.judge.word(l.token)
}

// isEscape tells the letters that go before a string with backslashes in it. Source: scan.go at v20.1.5; a capital B goes
// before bits.
func isEscape(letter byte) bool { return letter == 'e' || letter == 'E' || letter == 'b' }

// comment decides whether a dash or slash begins a comment.
func (l *lexer) comment(p []byte, i int, counted *int) int {
	before, opener, in := byte('-'), byte('-'), lineComment
	if l.state == slash {
		before, opener, in = '/', '*', block
	}
	if p[i] == opener {
		l.state, l.nesting = in, 1
		return i + 1
	}
	if !l.open {
		l.line += int64(bytes.Count(p[*counted:i], lineEnd))
		*counted = i
		l.begin(i, before)
	}
	l.state = normal
	l.judge.punct(before)
	return i
}

func (l *lexer) blockComment(p []byte, i int) int {
	c := p[i]
	switch {
	case l.state == blockStar && c == '/':
		l.nesting--
		l.state = block
		if l.nesting == 0 {
			l.state = normal
		}
	case l.state == blockSlash && c == '*':
		l.nesting++
		l.state = block
	case c == '*':
		l.state = blockStar
	case c == '/':
		l.state = blockSlash
	default:
		l.state = block
	}
	return i + 1
}
