package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/door"
)

// Access says who may ask.
type Access struct {
	// Secure says that the server speaks TLS: plain HTTP then serves only what is listed in rights.
	Secure bool
	// Admits says whether a token is good; nil asks nobody for one. It must compare in constant time.
	Admits func(token string) bool
	// Refused hears of each request without a good token; it must not show the token. It may be nil.
	Refused func(r *http.Request)
}

// right is what a route may be asked without.
type right struct {
	// plain: without TLS, where the server speaks it. tokenless: without a token of a person.
	plain, tokenless bool
	// strangers: what it does is an order to the core, so that few of them are served at once.
	strangers bool
}

// rights are the routes for those who have no token, by the pattern that was matched and not by the path, so that no way of writing a
// path opens another route. All others need TLS and a token.
var rights = map[string]right{
	// Mesos' fetcher knows neither our authority nor a header, and what it fetches is published. Marathon's and systemd's checks
	// are as bare, and learn a number.
	"GET /v1/artifacts/cockroachdb-node": {plain: true, tokenless: true},
	"GET /v1/health":                     {plain: true, tokenless: true},
	// Tasks: each of these carries a token or a proof of its own, or is public. A task id, which /v1/cluster asks for, is
	// no secret to those who may see Mesos' state; cluster.go says what they can do with it.
	"POST /v1/jobs/{id}/collect": {tokenless: true, strangers: true},
	// Tasks that were launched before the server spoke TLS go on without it until they are launched anew: jobs report, whose token
	// went that way before, nodes tell of their cluster, and renew. Nothing of it is secret that was not in the clear already,
	// what matters is signed, and keys that an operator gave are not handed out that way.
	"POST /v1/jobs/{id}/report":    {plain: true, tokenless: true, strangers: true},
	"POST /v1/cluster":             {plain: true, tokenless: true, strangers: true},
	"POST /v1/certificates/node":   {plain: true, tokenless: true, strangers: true},
	"POST /v1/certificates/served": {plain: true, tokenless: true, strangers: true},
	"GET /v1/certificates/ca":      {plain: true, tokenless: true},
	// The metrics task asks where the nodes are, which Mesos tells as well.
	"GET /v1/endpoints/{name}": {plain: true, tokenless: true},
}

// admits answers 403 to what has to come by TLS, 401 to what needs a token and brings no good one, and says whether it did neither. A
// token that came in the clear is refused like any other request, good or not: there is no redirect, which would come too late.
func (a Access) admits(w http.ResponseWriter, r *http.Request, pattern string) bool {
	right := rights[pattern]
	if a.Secure && r.TLS == nil && !right.plain {
		plain(w, http.StatusForbidden, wire.UseHTTPS)
		return false
	}
	if a.Admits == nil || right.tokenless || a.Admits(door.Presented(r.Header)) {
		return true
	}
	if a.Refused != nil {
		a.Refused(r)
	}
	w.Header().Set("WWW-Authenticate", wire.TokenChallenge)
	plain(w, http.StatusUnauthorized, "Unauthorized")
	return false
}
