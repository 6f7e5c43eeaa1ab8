package httpapi

import (
	"net/http"
	"strings"
)

// toTLS sends a client in clear to the same place with TLS. Source: 11b.
func toTLS(w http.ResponseWriter, r *http.Request) {
	u := *r.URL
	u.Scheme, u.Host = "https", r.Host
	http.Redirect(w, r, u.String(), http.StatusTemporaryRedirect)
}

// needsLogin says whether a path is for those alone who have a cookie of a session, which
// the stand-in gives to nobody. A client's certificate does not count. 2.0 asked for none.
// Source: 11-certs, and cockroachdb-versions.md, 3.3.
func (a *api) needsLogin(r *http.Request) bool {
	if !a.n.Secure() || !a.login || a.v.Before(2, 1, 0) {
		return false
	}
	switch r.URL.Path {
	case "/_status/vars", "/_admin/v1/health":
		return false
	}
	return strings.HasPrefix(r.URL.Path, "/_status/") || strings.HasPrefix(r.URL.Path, "/_admin/")
}
