// Package archive packs the stand-in the way the vendor publishes CockroachDB:
// cockroach-vX.Y.Z.linux-amd64.tgz with one folder in it.
//
// It decides the layout and makes it reproducible: the same sources give the same
// bytes. It runs the Go tool and nothing else. Read next: ../pack, the command.
package archive
