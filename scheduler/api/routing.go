package api

import (
	"fmt"
	"net/http"
	"path"
)

// plainRouting takes over what ServeMux says by itself, which clients of the SDK do not expect: a path with a slash at
// its end or doubled inside is answered like the clean one (ServeMux redirects, with a page in HTML), and a refusal
// says in words what is wrong.
func plainRouting(mux *http.ServeMux, access Access) http.Handler {
	admitted := newTurns(strangersAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		r = cleaned(r)
		refusal, pattern := mux.Handler(r)
		if !access.admits(w, r, pattern) {
			return
		}
		if pattern != "" {
			if rights[pattern].strangers {
				admitted.serve(mux, w, r)
				return
			}
			mux.ServeHTTP(w, r)
			return
		}
		heard := verdict{header: http.Header{}}
		refusal.ServeHTTP(&heard, r)
		if heard.status == http.StatusMethodNotAllowed {
			allowed := heard.header.Get("Allow")
			w.Header().Set("Allow", allowed)
			plain(w, heard.status, fmt.Sprintf("%s is not allowed on %s, only %s", r.Method, r.URL.Path, allowed))
			return
		}
		plain(w, http.StatusNotFound, fmt.Sprintf("Path %s not found; the API begins with /v1/plans, /v1/pod, /v1/endpoints, "+
			"/v1/configurations, /v1/diff, /v1/state, /v1/events, /v1/jobs, /v1/backups, /v1/debug, /v1/health, /v1/metrics and /v1/version", r.URL.Path))
	})
}

// cleaned is the request with a clean path. One that is clean already is returned as it is.
func cleaned(r *http.Request) *http.Request {
	clean := path.Clean("/" + r.URL.Path)
	if clean == r.URL.Path {
		return r
	}
	again := r.Clone(r.Context())
	again.URL.Path = clean
	if r.URL.RawPath != "" {
		again.URL.RawPath = path.Clean("/" + r.URL.RawPath)
	}
	return again
}

// verdict hears status and headers of a handler, and drops what it writes.
type verdict struct {
	header http.Header
	status int
}

func (v *verdict) Header() http.Header { return v.header }

func (v *verdict) Write(body []byte) (int, error) { return len(body), nil }

func (v *verdict) WriteHeader(status int) { v.status = status }
