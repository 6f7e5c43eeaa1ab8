// Package s3 runs a real S3 server, and a proxy that spoils the network in front of it, for tests and benchmarks.
//
// The server is versitygw, a gateway that stores objects as files: it checks signatures (AWS Signature Version 4), keys, regions
// and the size of parts, and keeps a multipart upload invisible until it is completed. It is built from the module test/tools
// at the first use (two minutes on two cores), once for all test processes and until its version changes, into
// dist/tools/versitygw. It listens on a loopback port, keeps everything in a temporary folder, and does not outlive the
// test.
//
// Designs weighed: a server in the test's own process (the ones that exist take any secret key, so a wrong signature
// would never show); one written here (it would agree with our own misunderstandings); a container (not there on every
// machine); a real server as a child process (chosen). It is not Amazon: what only Amazon says (permanent redirects, expired
// tokens) is tested by its documented answers, not here.
//
// The package decides nothing about objects and never talks to any other machine. Read server.go, then proxy.go.
package s3
