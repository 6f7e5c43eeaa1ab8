package sqlstore

import (
	"fmt"
	"strings"
)

type tokenKind int

const (
	end tokenKind = iota
	word
	quoted // "name"
	literal
	number
	sign
)

// token is one word of a statement. Words are folded to lower case; pos is the
// byte where the token starts.
type token struct {
	kind tokenKind
	text string
	pos  int
}

// lex cuts a text into tokens.
func lex(s string) ([]token, error) {
	var ts []token
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.HasPrefix(s[i:], "--"):
			for i < len(s) && s[i] != '\n' {
				i++
			}
		case c == '\'' || ((c == 'e' || c == 'E') && i+1 < len(s) && s[i+1] == '\''):
			text, next, err := lexString(s, i)
			if err != nil {
				return nil, err
			}
			ts = append(ts, token{literal, text, i})
			i = next
		case c == '"':
			text, next, err := lexQuoted(s, i)
			if err != nil {
				return nil, err
			}
			ts = append(ts, token{quoted, text, i})
			i = next
		case isLetter(c):
			j := i
			for j < len(s) && (isLetter(s[j]) || isDigit(s[j]) || s[j] == '$') {
				j++
			}
			ts = append(ts, token{word, strings.ToLower(s[i:j]), i})
			i = j
		case isDigit(c) || (c == '.' && i+1 < len(s) && isDigit(s[i+1])):
			j := i
			for j < len(s) && (isDigit(s[j]) || s[j] == '.' || s[j] == 'e' || (s[j] == '-' && s[j-1] == 'e')) {
				j++
			}
			ts = append(ts, token{number, s[i:j], i})
			i = j
		case strings.HasPrefix(s[i:], ":::"), strings.HasPrefix(s[i:], "<>"):
			n := 2
			if c == ':' {
				n = 3
			}
			ts = append(ts, token{sign, s[i : i+n], i})
			i += n
		case strings.ContainsRune("()*,;=.-+[]", rune(c)):
			ts = append(ts, token{sign, string(c), i})
			i++
		default:
			return nil, syntaxError(s, token{sign, string(c), i})
		}
	}
	return append(ts, token{kind: end, pos: len(s)}), nil
}

func isLetter(c byte) bool {
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80
}
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// lexString reads 'text' with ” for a quote, or e'text' with backslashes.
func lexString(s string, i int) (string, int, error) {
	start, escaped := i, s[i] != '\''
	if escaped {
		i++
	}
	var b strings.Builder
	for i++; i < len(s); i++ {
		switch {
		case escaped && s[i] == '\\' && i+1 < len(s):
			i++
			if r, ok := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r'}[s[i]]; ok {
				b.WriteByte(r)
			} else {
				b.WriteByte(s[i])
			}
		case s[i] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			b.WriteByte('\'')
			i++
		case s[i] == '\'':
			return b.String(), i + 1, nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, &Error{State: "42601", Message: "lexical error: unterminated string", Detail: source(s, start)}
}

func lexQuoted(s string, i int) (string, int, error) {
	start := i
	var b strings.Builder
	for i++; i < len(s); i++ {
		switch {
		case s[i] == '"' && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		case s[i] == '"':
			return b.String(), i + 1, nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, &Error{State: "42601", Message: "lexical error: unterminated quoted identifier", Detail: source(s, start)}
}

// source shows where in a text a fault is, the way the real program does.
func source(s string, pos int) string {
	from := strings.LastIndex(s[:pos], "\n") + 1
	to := len(s)
	if n := strings.Index(s[pos:], "\n"); n >= 0 {
		to = pos + n
	}
	return "source SQL:\n" + s[from:to] + "\n" + strings.Repeat(" ", pos-from) + "^"
}

// syntaxError names the token that the grammar does not know.
func syntaxError(s string, t token) *Error {
	text := t.text
	if t.kind == end {
		text = "EOF"
	}
	return &Error{State: "42601", Message: fmt.Sprintf("at or near \"%s\": syntax error", text), Detail: source(s, t.pos)}
}

// Complete says whether a text ends with a semicolon that ends a statement, as a
// client needs to know that reads statements line by line. An open string makes
// it incomplete.
func Complete(s string) bool {
	ts, err := lex(s)
	if err != nil {
		var open bool
		if e, ok := err.(*Error); ok {
			open = strings.Contains(e.Message, "unterminated")
		}
		return !open && strings.HasSuffix(strings.TrimSpace(s), ";")
	}
	return len(ts) > 1 && ts[len(ts)-2].text == ";" && ts[len(ts)-2].kind == sign
}
