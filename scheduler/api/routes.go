package api

import (
	"context"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Source is where the API takes its facts from and hands reports to.
type Source interface {
	// Snapshot is the core's state after the last frame.
	Snapshot() core.State
	// Ask hands what somebody wants to the core and waits for its answer. The error says that there was none in time.
	Ask(ctx context.Context, event core.Asking) (core.Reply, error)
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

type handlers struct {
	source  Source
	options Options
}

// Handler routes the API. GET also answers HEAD.
func Handler(source Source, options Options) http.Handler {
	h := handlers{source: source, options: options}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/plans", h.plans)
	mux.HandleFunc("GET /v1/plans/{plan}", func(w http.ResponseWriter, r *http.Request) { h.plan(w, r.PathValue("plan")) })
	// The SDK's old name for the one plan that there once was.
	mux.HandleFunc("GET /v1/plan", func(w http.ResponseWriter, _ *http.Request) { h.plan(w, plans.DeployPlan) })
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
	return http.MaxBytesHandler(plainRouting(mux), maxBody)
}
