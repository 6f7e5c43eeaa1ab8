// Package httpapi is the stand-in's HTTP port: health, readiness, metrics, nodes.
//
// It decides which paths a version answers in which state of the node, and with
// which code and body. It never decides whether the node is healthy; package
// server does. Bodies are written the way the real server's JSON encoder writes
// them, line breaks included, because people paste them into scripts.
//
// A secure node answers 401 where a cookie of a session is needed, for there is no way to get
// one here, and sends whoever comes in clear to TLS, but for /health.
//
// Sources: cockroachdb-versions.md, section 3, and the transcripts 01, 03, 03b.
package httpapi
