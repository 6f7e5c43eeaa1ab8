// Package security reads a folder of certificates the way a version of cockroach
// does, and makes TLS configurations of it.
//
// It decides which files there are and what each is for, which keys may be read,
// whose certificate is whose, which names a certificate is good for, and when a
// reload is refused. It never listens or dials (package wire, package server) and
// never decides what a user may do.
//
// Rules that changed are asked of the version: key modes (21.2), names in the
// subject alternative names as users (20.1) and the common name as a host name
// (no more from 21.1), the wording of a failed check (23.2). A certificate without
// the usage that it needs is loaded, as the real program does; the peer refuses it.
//
// Not done: --accept-sql-without-tls, tenants, revocation (OCSP), SHA-1 signatures
// in the versions that took them, the rules of --*-cert-distinguished-name.
//
// Sources: cockroachdb-versions.md, section 5, and the transcripts 11 and 11b.
// Weighed: one crypto/tls configuration with RootCAs and ServerName. Its wording and
// its host names are those of today's Go, not of the version's.
//
// Read next: folder.go, then set.go.
package security
