package render

// Options says how a tree is drawn. The zero value is what the commands print.
type Options struct {
	// Width is the number of columns that reasons are wrapped to; 0 does not
	// wrap, which keeps a reason on one line for grep.
	Width int
}
