package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Source is where the API takes its facts from and hands reports to.
type Source interface {
	// Snapshot is the core's state after the last frame.
	Snapshot() core.State
	// Report hands a node's report to the core and waits for its answer.
	Report(ctx context.Context, taskID, clusterID string) (core.Reply, error)
}

// Options are the facts that do not come from the core.
type Options struct {
	// Version is the scheduler's build, Database the target's database version.
	Version  string
	Database string
	// Helper is the path of the file served as /v1/artifacts/cockroachdb-node.
	Helper string
	// Metrics and Prometheus serve /v1/metrics and /v1/metrics/prometheus.
	Metrics    http.Handler
	Prometheus http.Handler
}

// Limits of a request. Answers are small but for the helper, which a slow agent may take long to fetch.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	maxBody       = 64 << 10
)

// Server makes an HTTP server with bounded headers, bodies and times.
func Server(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader}
}

type handlers struct {
	source  Source
	options Options
}

// Handler routes the API.
func Handler(source Source, options Options) http.Handler {
	h := handlers{source: source, options: options}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/plans", h.plans)
	mux.HandleFunc("GET /v1/plans/{plan}", h.plan)
	mux.HandleFunc("GET /v1/pod", h.pods)
	mux.HandleFunc("GET /v1/pod/status", h.allPodStatus)
	mux.HandleFunc("GET /v1/pod/{pod}/status", h.podStatus)
	mux.HandleFunc("GET /v1/pod/{pod}/info", h.podInfo)
	mux.HandleFunc("GET /v1/endpoints", h.endpoints)
	mux.HandleFunc("GET /v1/endpoints/{name}", h.endpoint)
	mux.HandleFunc("GET /v1/configurations", h.configurations)
	mux.HandleFunc("GET /v1/configurations/target", h.target)
	mux.HandleFunc("GET /v1/configurations/targetId", h.targetID)
	mux.HandleFunc("GET /v1/configurations/{id}", h.configuration)
	mux.HandleFunc("GET /v1/state/frameworkId", h.frameworkID)
	mux.HandleFunc("GET /v1/state/properties", h.properties)
	mux.HandleFunc("GET /v1/state/properties/{name}", h.property)
	mux.HandleFunc("PUT /v1/state/refresh", h.refresh)
	mux.HandleFunc("GET /v1/health", h.health)
	mux.HandleFunc("GET /v1/version", h.version)
	mux.HandleFunc("POST /v1/cluster", h.cluster)
	mux.HandleFunc("GET /v1/artifacts/cockroachdb-node", h.helper)
	mux.Handle("GET /v1/metrics", options.Metrics)
	mux.Handle("GET /v1/metrics/prometheus", options.Prometheus)
	return http.MaxBytesHandler(mux, maxBody)
}
