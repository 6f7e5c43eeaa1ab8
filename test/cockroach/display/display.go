package display

import (
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
)

// Write writes rows under columns in a format: tsv, csv, table (pretty in 2.0),
// records, sql, html or raw.
func Write(w io.Writer, format string, columns []string, rows [][]string) error {
	switch format {
	case "tsv":
		return separated(w, '\t', columns, rows)
	case "csv":
		return separated(w, ',', columns, rows)
	case "table", "pretty":
		return table(w, columns, rows)
	case "records":
		return records(w, columns, rows)
	case "sql":
		return statements(w, columns, rows)
	case "html":
		return page(w, columns, rows)
	case "raw":
		return raw(w, columns, rows)
	}
	return fmt.Errorf("table format %q is not known", format)
}

func separated(w io.Writer, comma rune, columns []string, rows [][]string) error {
	c := csv.NewWriter(w)
	c.Comma = comma
	if err := c.Write(columns); err != nil {
		return err
	}
	return c.WriteAll(rows)
}

// table draws a box without sides: the header centred, numbers to the right.
func table(w io.Writer, columns []string, rows [][]string) error {
	last := len(columns) - 1
	var b strings.Builder
	widths := make([]int, len(columns))
	numbers := make([]bool, len(columns))
	for i, c := range columns {
		widths[i] = len([]rune(c))
		numbers[i] = len(rows) > 0
		for _, r := range rows {
			widths[i] = max(widths[i], len([]rune(r[i])))
			_, err := strconv.ParseFloat(r[i], 64)
			numbers[i] = numbers[i] && (err == nil || r[i] == "NULL")
		}
	}
	line := func(cells []string, head bool) {
		for i, c := range cells {
			room := widths[i] - len([]rune(c))
			left := 0
			switch {
			case head:
				left = room / 2
			case numbers[i]:
				left = room
			}
			lead := " "
			if i == 0 {
				lead = "  "
			}
			b.WriteString(lead + strings.Repeat(" ", left) + c)
			if i < last {
				b.WriteString(strings.Repeat(" ", room-left) + " |")
			}
		}
		b.WriteString("\n")
	}
	line(columns, true)
	for i, n := range widths {
		if i == 0 {
			n++
		}
		if i == last {
			n++
		}
		b.WriteString(strings.Repeat("-", n+2))
		if i < last {
			b.WriteString("+")
		}
	}
	b.WriteString("\n")
	for _, r := range rows {
		line(r, false)
	}
	b.WriteString("(" + count(len(rows)) + ")\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

func records(w io.Writer, columns []string, rows [][]string) error {
	width := 0
	for _, c := range columns {
		width = max(width, len([]rune(c)))
	}
	for i, r := range rows {
		if _, err := fmt.Fprintf(w, "-[ RECORD %d ]\n", i+1); err != nil {
			return err
		}
		for k, v := range r {
			lines := strings.Split(v, "\n")
			for j, l := range lines {
				name, more := "", ""
				if j == 0 {
					name = columns[k]
				}
				if j < len(lines)-1 {
					more = "+"
				}
				fmt.Fprintf(w, "%-*s | %s%s\n", width, name, l, more)
			}
		}
	}
	return nil
}

func statements(w io.Writer, columns []string, rows [][]string) error {
	var b strings.Builder
	b.WriteString("CREATE TABLE results (\n")
	for i, c := range columns {
		end := ",\n"
		if i == len(columns)-1 {
			end = "\n"
		}
		b.WriteString("  " + sqlstore.QuoteName(c) + " STRING" + end)
	}
	b.WriteString(");\n\n")
	for _, r := range rows {
		var vals []string
		for _, v := range r {
			vals = append(vals, sqlstore.QuoteString(v))
		}
		b.WriteString("INSERT INTO results VALUES (" + strings.Join(vals, ", ") + ");\n")
	}
	b.WriteString("-- " + count(len(rows)) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func page(w io.Writer, columns []string, rows [][]string) error {
	var b strings.Builder
	b.WriteString("<table>\n<thead><tr><th>row</th>")
	for _, c := range columns {
		b.WriteString("<th>" + html.EscapeString(c) + "</th>")
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for i, r := range rows {
		fmt.Fprintf(&b, "<tr><td>%d</td>", i+1)
		for _, v := range r {
			b.WriteString("<td>" + strings.ReplaceAll(html.EscapeString(v), "\n", "<br/>") + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "</tbody>\n<tfoot><tr><td colspan=%d>%s</td></tr></tfoot></table>\n", len(columns)+1, count(len(rows)))
	_, err := io.WriteString(w, b.String())
	return err
}

func raw(w io.Writer, columns []string, rows [][]string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %d columns\n", len(columns))
	for i, r := range rows {
		fmt.Fprintf(&b, "# row %d\n", i+1)
		for _, v := range r {
			fmt.Fprintf(&b, "## %d\n%s\n", len(v), v)
		}
	}
	b.WriteString("# " + count(len(rows)) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}
