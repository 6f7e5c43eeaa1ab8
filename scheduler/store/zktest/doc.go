// Package zktest runs a real ZooKeeper server, and a proxy that spoils the network, for tests.
//
// The server is the one of Debian's packages zookeeper and openjdk (apt-get install zookeeper), started by hand in a
// temporary folder on a free loopback port. Nothing of the system's own ZooKeeper is touched. Where the package is missing
// a test is skipped loudly; under CI=true it fails.
//
// Three ways were weighed: a server written in Go for tests (it would agree with our own misunderstandings), a container
// (not there on every machine), and Debian's package: real, small, and started in under a second.
//
// Read server.go, then proxy.go.
package zktest
