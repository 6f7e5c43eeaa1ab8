package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is a remedy as people read it: with a capital at its beginning and a full stop at its end. Those of settings come
// as parts of a sentence, because the scheduler's log and its plans have them in brackets.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text
}
