package probe

import (
	"net"
	"net/http"
)

// Client is an HTTP client for questions to nodes: never through a proxy, because nodes are near; no redirects, because a
// secure node sends plain HTTP elsewhere, and that is worth saying; no connections kept, because the port of a node that
// ended may be another's next.
func Client() *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil, DisableKeepAlives: true, TLSHandshakeTimeout: answerLimit,
			DialContext: (&net.Dialer{Timeout: answerLimit}).DialContext,
		},
	}
}
