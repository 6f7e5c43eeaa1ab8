// Package auth proves to DC/OS who the service is: it logs in with the service account's key, and sends the token that
// it gets for it with every request to the Mesos master.
//
// It decides when to log in (at the first request, before the token ends, and once after a master's 401), how long to wait
// after a login that failed, and which certificates count. It never decides whether a request is made again for another
// reason than its token, and never ends the process: a login that fails is the error of the request that needed it, and
// whoever made that request tries again.
//
// What is secret (the private key, tokens) is in no error, and stays inside functions: no way of printing a value reaches
// into one.
//
// The protocol is that of DC/OS' identity and access manager, as the DC/OS SDK speaks it: POST {uid, token} to
// /acs/api/v1/auth/login, where token is a JWT of uid and exp, signed with RS256 and valid for two minutes; the answer's
// token goes out as "Authorization: token=…" until the end that stands in it.
//
// Designs weighed: a goroutine that renews the token ahead of time, or looking at it when a request leaves. The second: it
// has no life of its own to start and stop, a service that makes no calls logs in for nothing, and requests that
// come in the last seconds of a token still wait for at most one login.
//
// Read next: credential.go (the account), login.go (one login), token.go (how long it counts), session.go (when), transport.go (requests), roots.go (CAs).
package auth
