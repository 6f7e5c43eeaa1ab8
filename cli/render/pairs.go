package render

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Pair is a word and its value.
type Pair struct{ Word, Value string }

// Pairs writes one pair a line, values in one column two spaces after the
// longest word. Errors are those of w.
func Pairs(w io.Writer, pairs []Pair) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range pairs {
		if _, err := fmt.Fprintf(t, "%s\t%s\n", clean(p.Word), clean(p.Value)); err != nil {
			return err
		}
	}
	return t.Flush()
}
