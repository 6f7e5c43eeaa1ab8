package version

import (
	"crypto/sha1"
	"encoding/hex"
)

// Build is what `cockroach version` and the HTTP API say about the binary.
// Type is "stand-in", so that nobody takes this program for a database.
type Build struct {
	Tag, Time, Distribution, Platform, Target, Go, Compiler, Revision, Type string
}

// goByLine is the Go release that each line was built with, as far as the
// vendor's release data says; newer lines share the last one.
var goByLine = map[string]string{
	"2.0": "go1.10", "2.1": "go1.10.3", "19.1": "go1.11.6", "19.2": "go1.12.12", "20.1": "go1.13.9",
	"20.2": "go1.13.14", "21.1": "go1.15.11", "21.2": "go1.16.6", "22.1": "go1.17.11", "22.2": "go1.19.1",
	"23.1": "go1.19.4", "23.2": "go1.21.5", "24.1": "go1.22.5", "24.2": "go1.22.5", "24.3": "go1.22.8",
}

// BuildOf describes the stand-in's build of v. The revision is a hash of the
// tag: stable, and of the right form.
func BuildOf(v Version) Build {
	g, ok := goByLine[v.Line()]
	if !ok {
		g = "go1.23.7"
	}
	sum := sha1.Sum([]byte("stand-in " + v.String()))
	return Build{
		Tag: v.String(), Time: "2020/01/01 00:00:00", Distribution: "CCL", Platform: "linux amd64",
		Target: "x86_64-unknown-linux-gnu", Go: g, Compiler: "gcc 6.5.0",
		Revision: hex.EncodeToString(sum[:]), Type: "stand-in",
	}
}
