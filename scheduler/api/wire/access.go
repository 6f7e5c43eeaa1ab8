package wire

// UseHTTPS is the scheduler's answer, with 403, to a request in the clear that has to come by TLS. The plug-in knows it.
const UseHTTPS = "This API speaks TLS: use https://. If a token was sent in the clear, it is not secret any more: replace it."

// TokenChallenge is the header WWW-Authenticate of the scheduler's 401 (RFC 6750, section 3). It names no realm and no error.
const TokenChallenge = "Bearer"

// TokenHeader carries a token of the scheduler where Authorization is taken: Admin Router of DC/OS wants a login of its own there
// (`token=…`).
const TokenHeader = "X-Cockroachdb-Token"
