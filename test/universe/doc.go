// Package universe holds the DC/OS package against what reads it: the rules of Cosmos and of the Universe, and the
// scheduler's own settings. It renders options as Cosmos does, with JSON Schema (draft 4) and Mustache, under the rules of
// DC/OS 1.9 and of 1.10 and later. It is a module of its own, so that these libraries stay out of the service's.
//
// Read next: cosmos_test.go (what Cosmos does), then options_test.go (every option against every setting).
package universe
