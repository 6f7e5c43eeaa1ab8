package render

import (
	"io"
	"strings"
	"unicode/utf8"
)

// branch is a node of a tree: its line, lines of text under it, its children.
type branch struct {
	label    string
	notes    []string
	children []branch
}

// leastWidth is how narrow wrapped notes may get before wrapping is worse than
// a line that is too long.
const leastWidth = 24

// write draws the tree with the SDK's branches (sdk: cli/queries/plan.go).
func (b branch) write(w io.Writer, opt Options) error {
	var out strings.Builder
	out.WriteString(b.label + "\n")
	b.below(&out, "", opt)
	_, err := io.WriteString(w, out.String())
	return err
}

// below draws what hangs under b; every line of it starts with prefix.
func (b branch) below(out *strings.Builder, prefix string, opt Options) {
	stem := prefix + "  "
	if len(b.children) > 0 {
		stem = prefix + "│ "
	}
	for _, note := range b.notes {
		room := 0
		if opt.Width > 0 {
			room = max(opt.Width-utf8.RuneCountInString(stem), leastWidth)
		}
		for _, line := range wrap(note, room) {
			out.WriteString(stem + line + "\n")
		}
	}
	for i, child := range b.children {
		fork, next := "├─ ", "│  "
		if i == len(b.children)-1 {
			fork, next = "└─ ", "   "
		}
		out.WriteString(prefix + fork + child.label + "\n")
		child.below(out, prefix+next, opt)
	}
}

// wrap breaks text into lines of at most width characters, at spaces; 0 for no
// breaks but those in the text. A longer word stays whole.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if width == 0 {
			lines = append(lines, clean(strings.TrimSpace(paragraph)))
			continue
		}
		line, length := "", 0
		for word := range strings.FieldsSeq(clean(paragraph)) {
			n := utf8.RuneCountInString(word)
			if length > 0 && length+1+n > width {
				lines, line, length = append(lines, line), "", 0
			}
			if length > 0 {
				line, length = line+" ", length+1
			}
			line, length = line+word, length+n
		}
		lines = append(lines, line)
	}
	return lines
}
