package render

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Table writes headings in upper case and rows below them, columns two spaces apart, as dcos does. Rows may be shorter than
// the headings. Errors are those of w.
func Table(w io.Writer, headings []string, rows [][]string) error {
	var out strings.Builder
	table(&out, "", headings, rows)
	_, err := io.WriteString(w, out.String())
	return err
}

// table writes a table with every line indented.
func table(out *strings.Builder, indent string, headings []string, rows [][]string) {
	widths := make([]int, len(headings))
	all := append([][]string{headings}, rows...)
	for _, row := range all {
		for i := range min(len(row), len(widths)) {
			widths[i] = max(widths[i], utf8.RuneCountInString(clean(row[i])))
		}
	}
	for number, row := range all {
		line := indent
		for i := range min(len(row), len(widths)) {
			cell := clean(row[i])
			if number == 0 {
				cell = strings.ToUpper(cell)
			}
			line += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
