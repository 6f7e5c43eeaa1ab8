package sqlstore

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	end tokenKind = iota
	word
	quoted // "name"
	literal
	bytesLiteral // b'…'
	bitLiteral   // B'…'
	number
	sign
)

// token is one word of a statement. Words are folded to lower case; pos is the
// byte where the token starts, to the one after its end.
type token struct {
	kind    tokenKind
	text    string
	pos, to int
}

var signs = []string{":::", "::", "<>", "!=", "<=", ">=", "||"}

// lex cuts a text into tokens.
func lex(s string) ([]token, error) {
	ts := make([]token, 0, 16+len(s)/12)
	for i := 0; i < len(s); {
		from, t, err := i, token{}, error(nil)
		c := s[i]
		quote := i+1 < len(s) && s[i+1] == '\''
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case strings.HasPrefix(s[i:], "--"):
			for i < len(s) && s[i] != '\n' {
				i++
			}
			continue
		case c == '\'' || ((c == 'e' || c == 'E') && quote):
			t.kind = literal
			t.text, i, err = lexString(s, i)
		case c == 'b' && quote:
			t.kind = bytesLiteral
			t.text, i, err = lexString(s, i)
		case c == 'B' && quote:
			t.kind = bitLiteral
			t.text, i, err = lexString(s, i)
		case c == '"':
			t.kind = quoted
			t.text, i, err = lexQuoted(s, i)
		case isLetter(c):
			for i < len(s) && (isLetter(s[i]) || isDigit(s[i]) || s[i] == '$') {
				i++
			}
			t.kind, t.text = word, strings.ToLower(s[from:i])
		case isDigit(c) || (c == '.' && i+1 < len(s) && isDigit(s[i+1])):
			for i < len(s) && (isDigit(s[i]) || s[i] == '.' || s[i] == 'e' || s[i] == 'E' || ((s[i] == '-' || s[i] == '+') && s[i-1]|0x20 == 'e')) {
				i++
			}
			t.kind, t.text = number, s[from:i]
		default:
			t.kind, t.text = sign, lexSign(s[i:])
			if t.text == "" {
				return nil, syntaxError(s, token{sign, string(c), i, i + 1})
			}
			i += len(t.text)
		}
		if err != nil {
			return nil, err
		}
		t.pos, t.to = from, i
		ts = append(ts, t)
	}
	return append(ts, token{kind: end, pos: len(s), to: len(s)}), nil
}

func lexSign(s string) string {
	for _, x := range signs {
		if strings.HasPrefix(s, x) {
			return x
		}
	}
	if strings.IndexByte("()*,;=.-+[]<>/:", s[0]) >= 0 && s[0] != ':' {
		return s[:1]
	}
	return ""
}

func isLetter(c byte) bool {
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80
}
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// lexString reads 'text' with ” for a quote, or e'text' and b'text' with
// backslashes.
func lexString(s string, i int) (string, int, error) {
	start, escaped := i, s[i] != '\'' && s[i] != 'B'
	if s[i] != '\'' {
		i++
	}
	if n := strings.IndexByte(s[i+1:], '\''); n >= 0 {
		next := i + 1 + n + 1
		if text := s[i+1 : next-1]; (next == len(s) || s[next] != '\'') && (!escaped || strings.IndexByte(text, '\\') < 0) {
			return text, next, nil
		}
	}
	b := make([]byte, 0, 32)
	for i++; i < len(s); i++ {
		switch {
		case escaped && s[i] == '\\' && i+1 < len(s):
			var ok bool
			if b, i, ok = lexEscape(b, s, i+1); !ok {
				return "", 0, &Error{State: "42601", Message: "lexical error: invalid escape sequence", Detail: source(s, start)}
			}
		case s[i] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			b = append(b, '\'')
			i++
		case s[i] == '\'':
			return string(b), i + 1, nil
		default:
			b = append(b, s[i])
		}
	}
	return "", 0, &Error{State: "42601", Message: "lexical error: unterminated string", Detail: source(s, start)}
}

// lexEscape reads what follows a backslash at i, and gives the last byte of it.
func lexEscape(b []byte, s string, i int) ([]byte, int, bool) {
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[i]]
	switch {
	case digits > 0:
		if i+digits >= len(s) {
			return b, i, false
		}
		text := s[i+1 : i+1+digits]
		if digits == 2 {
			raw, err := hex.DecodeString(text)
			return append(b, raw...), i + digits, err == nil
		}
		n, err := strconv.ParseUint(text, 16, 32)
		return utf8.AppendRune(b, rune(n)), i + digits, err == nil
	case s[i] >= '0' && s[i] <= '7' && i+2 < len(s):
		n, err := strconv.ParseUint(s[i:i+3], 8, 8)
		return append(b, byte(n)), i + 2, err == nil
	}
	if r, ok := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', 'a': '\a', 'v': '\v'}[s[i]]; ok {
		return append(b, r), i, true
	}
	return append(b, s[i]), i, true
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
