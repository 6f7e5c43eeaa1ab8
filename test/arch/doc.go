// Package arch holds the architecture to its import rule (docs/architecture.md): which part may import which, and that
// the pure packages reach for no clock, randomness, environment, file, network, goroutine, lock or logger. Packages whose tests run without the race
// detector (PLAIN in the Makefile) have one goroutine, tests included.
//
// It decides nothing and runs only as a test, on the source as it is.
package arch
