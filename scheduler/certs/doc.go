// Package certs makes, opens and reads certificate authorities, signs certificates of nodes and of SQL users, and checks what
// tasks prove with their keys.
//
// It decides what stands in a certificate: names from tasks.CertificateNames, never from the request; usages and validity as
// CockroachDB wants them (cockroachdb-versions.md, 5.2); how strong a key has to be; and who may have one signed, as far as
// a key proves it. It never decides whose turn it is, which authority signs, or whether a token is good: that is the core's. Every
// certificate is signed first, and handed out only when the core has stored that it was (core.CertificateSigned). It writes no
// file, logs nothing, and makes no key but those of authorities: keys of nodes and users stay where they are made.
//
// Designs weighed for the sealed key: (1) AES-GCM and a key derivation of our own, which nobody can open without us; (2) PEM's own
// encryption, which is broken (RFC 1423); (3) a file in the format of age under a passphrase (chosen): `age -d` opens it.
// For a lost answer to a renewal: (1) keep the former certificate in the record, and believe both keys; (2) believe a request that
// is signed with the key that the record knows already (chosen): whoever sends it again has that key.
//
// Read next: authority.go and seal.go (made authorities), given.go (those of the settings), request.go and sign.go (what is signed),
// proof.go (what is believed), desk.go (how all of it is asked for), begin.go (what is done when the scheduler starts).
package certs
