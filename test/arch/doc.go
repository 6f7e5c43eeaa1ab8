// Package arch holds the architecture to its import rule (docs/architecture.md): which part may import which, and that
// the pure packages reach for no clock, randomness, environment, file, network, goroutine, lock or logger.
//
// It decides nothing and runs only as a test, on the source as it is.
package arch
