// Package door is the way into the scheduler's API: which connections there are at once, whether they speak TLS, with which
// certificate, and which tokens are good.
//
// It decides nothing about single paths: package api says what plain HTTP may ask and what needs no token. It never logs a
// token, never keeps one in clear longer than it takes to hash it, and never opens up because a file broke: the certificate and
// the tokens that were good last stay in force.
//
// TLS and plain HTTP share the port, told apart by the first byte: 0x16 begins a TLS handshake (RFC 8446, 5.1) and no HTTP
// request. Designs weighed: a second port (Marathon, firewalls, API_ADVERTISE and every unit file would have two), or
// github.com/soheilhy/cmux, which does this and more: it has matchers for protocols that we do not have, one time limit for all of
// them, no end for connections that nobody accepts, and no release since 2021. What is needed of it is split.go.
//
// The number of connections is bounded by room.go and not by golang.org/x/net/netutil.LimitListener, whose next visitor waits
// until one of the others goes: a few thousand silent connections would keep everybody out for as long as they are allowed to be silent.
// Here the one that has asked nothing for the longest time is closed instead.
//
// Files are read again by looking, not by inotify: secrets are replaced by renames of folders, on file systems that tell nothing.
//
// Read next: room.go, split.go (connections), token.go, pair.go, reread.go (what is checked), and access.go of package api.
package door
