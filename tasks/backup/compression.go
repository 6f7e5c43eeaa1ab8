package backup

import (
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Compression is how a dump is stored.
type Compression string

// The compressions of a dump. A native backup is compressed by the database, always.
const (
	Plain Compression = "none"
	Gzip  Compression = "gzip"
	Zstd  Compression = "zstd"
)

// Compressions are all of them; the first is the default: every machine can unpack it.
var Compressions = []Compression{Gzip, Zstd, Plain}

// Suffix is what a name ends with after ".sql".
func (c Compression) Suffix() string {
	switch c {
	case Gzip:
		return ".gz"
	case Zstd:
		return ".zst"
	}
	return ""
}

// ContentType is what the object store is told about the object.
func (c Compression) ContentType() string {
	switch c {
	case Gzip:
		return "application/gzip"
	case Zstd:
		return "application/zstd"
	}
	return "application/sql"
}

// ParseCompression reads the value of a flag. Empty means the default.
func ParseCompression(text string) (Compression, *tasks.Fault) {
	if text == "" {
		return Compressions[0], nil
	}
	names := make([]string, len(Compressions))
	for i, c := range Compressions {
		if text == string(c) {
			return c, nil
		}
		names[i] = string(c)
	}
	return "", &tasks.Fault{Field: "compress", Value: text, Message: "no such compression", Remedy: "use one of " + strings.Join(names, ", ")}
}
