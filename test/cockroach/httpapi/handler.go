package httpapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

type api struct {
	v     version.Version
	n     *server.Node
	login bool
}

// Handler serves the HTTP API of node n as version v. Without login a secure node
// asks nobody who he is (COCKROACH_DISABLE_WEB_LOGIN).
func Handler(v version.Version, login bool) func(*server.Node) http.Handler {
	return func(n *server.Node) http.Handler {
		a := &api{v: v, n: n, login: login}
		late := http.NewServeMux()
		late.HandleFunc("/_admin/v1/health", a.adminHealth)
		late.HandleFunc("/_admin/v1/cluster", a.cluster)
		late.HandleFunc("/_admin/v1/liveness", a.liveness)
		late.HandleFunc("/_status/vars", a.vars)
		late.HandleFunc("/_status/nodes", a.nodes)
		late.HandleFunc("/_status/nodes/{id}", a.node)
		late.HandleFunc("/_status/details/local", a.details)
		// The real server sends its web page for whatever else is asked.
		late.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte("<!DOCTYPE html>\n<title>Cockroach stand-in</title>\n<p>This is the stand-in database of the service's tests. It has no web console.</p>\n"))
		})
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n.Secure() && r.TLS == nil && r.URL.Path != "/health" {
				toTLS(w, r)
				return
			}
			w.Header().Set("Cache-Control", "no-cache")
			switch {
			case r.URL.Path == "/health":
				a.health(w, r)
			case n.Facts().Phase != server.Serving:
				// The other paths are registered once the node is in a cluster.
				http.NotFound(w, r)
			case a.needsLogin(r):
				http.Error(w, "a valid authentication cookie is required", http.StatusUnauthorized)
			default:
				late.ServeHTTP(w, r)
			}
		})
	}
}

// empty finds empty lists and objects inside of another: the real encoder breaks
// the line in them.
var empty = regexp.MustCompile(`(?m)^( +)(.*)([\[{])([\]}],?)$`)

// write sends v as indented JSON. An empty object is "{\n\n}".
func write(w http.ResponseWriter, code int, v any) {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	text := empty.ReplaceAllString(string(b), "$1$2$3\n$1$4")
	if text == "{}" {
		text = "{\n\n}"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	w.Write([]byte(text))
}

// object is a JSON object that keeps the order of its fields.
type object []field

type field struct {
	name  string
	value any
}

// MarshalJSON writes the fields in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteString("{")
	for i, f := range o {
		if i > 0 {
			b.WriteString(",")
		}
		v, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.WriteString(strconv.Quote(f.name) + ":" + string(v))
	}
	b.WriteString("}")
	return []byte(b.String()), nil
}
