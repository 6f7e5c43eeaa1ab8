package cockroach

// DumpCommand is the argument list that writes database as SQL to stdout, as it was at asOf: a text of SnapshotText (dump
// takes a time stamp and neither an interval nor a logical time). The database is a plain name without quotes: dump quotes it itself.
//
// An exit code of 0 does not mean that everything was written: a missing or misspelt database gives an empty output, and
// missing privileges give a part of it (T:09, 09c). Whoever runs it compares the counts.
func DumpCommand(v Version, to Access, database, asOf string) []string {
	args := []string{"dump", "--as-of=" + asOf}
	args = append(args, clientFlags(v, to)...)
	// A name that begins with a dash would be taken for a flag.
	return append(args, "--", database)
}

// Formats of SQLCommand.
const (
	// CSV is what ReadCSV reads.
	CSV = "csv"
	// TSV prints the same lines, divided by tabs.
	TSV = "tsv"
)

// SQLCommand is the argument list that runs the statements it is given on stdin and stops at the first that fails, with
// exit code 1. An empty database means none. The last statement has to end with a semicolon, or it is not run.
func SQLCommand(v Version, to Access, database, format string) []string {
	args := []string{"sql", "--format=" + format}
	if database != "" {
		args = append(args, "--database="+database)
	}
	return append(args, clientFlags(v, to)...)
}
