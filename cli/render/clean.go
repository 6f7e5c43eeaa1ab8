package render

import (
	"strings"
	"unicode"
)

// clean makes text from the network safe for one line of a terminal: control
// characters, which could move the cursor or recolour the screen, become
// spaces.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
}

// Text makes text of several lines safe for a terminal: line feeds stay, other
// control characters become spaces.
func Text(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(clean(lines[i]), " ")
	}
	return strings.Join(lines, "\n")
}
