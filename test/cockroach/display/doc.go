// Package display writes result tables in the formats of --format.
//
// It decides quoting, padding and footers, as the real client does them; see the
// transcripts 04 and 08. It never decides what is in a table. Read next: package cli.
package display
