package cli

import (
	"regexp"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=@%+,-]+$`)

// shellWord is a word as it is typed in a shell, in quotation marks where it needs some.
func shellWord(word string) string {
	word = render.Text(word)
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
