package cockroach

import "strings"

// QuoteName is a name (of a database, table or column) for SQL, always in quotes.
func QuoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// QuoteText is a string literal for SQL. The client reads statements line by line, and a line that begins with a backslash
// is a command of its own to it: so line ends and backslashes are written as escapes, and the literal is one line.
func QuoteText(text string) string {
	if !strings.ContainsAny(text, "\\\n\r\x00") {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	escape := strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`, "\r", `\r`, "\x00", `\x00`)
	return "e'" + escape.Replace(text) + "'"
}

// qualified is database.schema.name, with quotes.
func qualified(parts ...string) string {
	quoted := make([]string, len(parts))
	for i, part := range parts {
		quoted[i] = QuoteName(part)
	}
	return strings.Join(quoted, ".")
}
