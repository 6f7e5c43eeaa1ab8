// Package norace builds the test program that is running a second time, without the race detector.
//
// A test program that plays other programs too, told apart by the name it is started under, is started hundreds of times. With the
// race detector each start takes four times as long, most of it in the kernel, which sets up the detector's memory: half of the
// time of such tests. Nothing is lost: what those programs do is played, and no test looks there for races. Weighed and left: a
// program of its own for each part. It would share its types with the tests over a package more, for a few megabytes less to link.
//
// It never decides which of its two selves a test starts. Read norace.go.
package norace
