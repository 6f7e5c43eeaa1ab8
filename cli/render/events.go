package render

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Events writes one event a line: number, time, level, what happened, and the facts as name=value, but for empty ones. Errors
// are those of w.
func Events(w io.Writer, events []wire.Event) error {
	var out strings.Builder
	for _, event := range events {
		fmt.Fprintf(&out, "%d  %s  %-5s  %s", event.Seq, Moment(event.At), clean(event.Level), word(event.Message))
		for _, fact := range event.Facts {
			if fact.Value == "" {
				continue
			}
			out.WriteString("  " + strings.ReplaceAll(clean(fact.Name), " ", "_") + "=" + quoted(clean(fact.Value)))
		}
		out.WriteString("\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// quoted puts quotation marks round a value that could not be told from what follows.
func quoted(value string) string {
	if value == "" || strings.ContainsAny(value, " =\"") {
		return strconv.Quote(value)
	}
	return value
}
