package api

import (
	"context"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
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
	// Access says who may ask; its zero value is everybody.
	Access Access
	// Metrics and Prometheus serve /v1/metrics and /v1/metrics/prometheus.
	Metrics    http.Handler
	Prometheus http.Handler
	// Diff says what these environment variables would change, for POST /v1/diff. Settings with faults are no error; an
	// error says that nothing could be compared. It must neither log nor keep the variables, which may hold secrets.
	Diff func(ctx context.Context, env map[string]string) (wire.Diff, error)
	// Jobs takes backups, restores and verifications; without it requests for them are answered 501.
	Jobs *jobs.Desk
	// Certificates signs certificates; without it requests for them are answered 501.
	Certificates *certs.Desk
	// Backups says which backups a folder of a bucket holds, with a store that was checked, for POST /v1/backups. A *jobs.Refusal
	// has a status of its own, any other error is answered 502. It must neither log nor keep the keys.
	Backups func(ctx context.Context, request wire.BackupsRequest) (wire.Backups, error)
}

type handlers struct {
	source  Source
	options Options
}

// Handler routes the API. GET also answers HEAD.
func Handler(source Source, options Options) http.Handler {
	mux := http.NewServeMux()
	for _, route := range (handlers{source: source, options: options}).routes() {
		mux.Handle(route.pattern, route.serve)
	}
	return http.MaxBytesHandler(plainRouting(mux, options.Access), maxBody)
}

// A route is a pattern of ServeMux and what serves it. What changes something is POST or PUT, never GET.
type route struct {
	pattern string
	serve   http.Handler
}

// routes is every path of the API; docs/reference/api.md has a row for each.
func (h handlers) routes() []route {
	deploy := func(w http.ResponseWriter, _ *http.Request) { h.plan(w, plans.DeployPlan) }
	return []route{
		{"GET /v1/plans", http.HandlerFunc(h.plans)},
		{"GET /v1/plans/{plan}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.plan(w, r.PathValue("plan")) })},
		{"POST /v1/plans/{plan}/start", h.planOrder(core.PlanStart)},
		{"POST /v1/plans/{plan}/stop", h.planOrder(core.PlanStop)},
		{"POST /v1/plans/{plan}/continue", h.planOrder(core.PlanContinue)},
		{"POST /v1/plans/{plan}/interrupt", h.planOrder(core.PlanInterrupt)},
		{"POST /v1/plans/{plan}/restart", h.planOrder(core.PlanRestart)},
		{"POST /v1/plans/{plan}/forceComplete", h.planOrder(core.PlanForceComplete)},
		// The SDK's old names for the one plan that there once was.
		{"GET /v1/plan", http.HandlerFunc(deploy)},
		{"POST /v1/plan/continue", h.deployOrder(core.PlanContinue)},
		{"POST /v1/plan/interrupt", h.deployOrder(core.PlanInterrupt)},
		{"POST /v1/plan/restart", h.deployOrder(core.PlanRestart)},
		{"POST /v1/plan/forceComplete", h.deployOrder(core.PlanForceComplete)},
		{"GET /v1/pod", http.HandlerFunc(h.pods)},
		{"GET /v1/pod/status", http.HandlerFunc(h.allPodStatus)},
		{"GET /v1/pod/{pod}/status", http.HandlerFunc(h.podStatus)},
		{"GET /v1/pod/{pod}/info", http.HandlerFunc(h.podInfo)},
		{"POST /v1/pod/{pod}/restart", h.podOrder(tasks.Restart)},
		{"POST /v1/pod/{pod}/replace", h.podOrder(tasks.Replace)},
		{"POST /v1/pod/{pod}/pause", h.podOrder(tasks.Pause)},
		{"POST /v1/pod/{pod}/resume", h.podOrder(tasks.Resume)},
		{"GET /v1/endpoints", http.HandlerFunc(h.endpoints)},
		{"GET /v1/endpoints/{name}", http.HandlerFunc(h.endpoint)},
		{"GET /v1/configurations", http.HandlerFunc(h.configurations)},
		{"GET /v1/configurations/target", http.HandlerFunc(h.target)},
		{"GET /v1/configurations/targetId", http.HandlerFunc(h.targetID)},
		{"GET /v1/configurations/{id}", http.HandlerFunc(h.configuration)},
		{"POST /v1/diff", http.HandlerFunc(h.diff)},
		{"GET /v1/state/frameworkId", http.HandlerFunc(h.frameworkID)},
		{"GET /v1/state/properties", http.HandlerFunc(h.properties)},
		{"GET /v1/state/properties/{name}", http.HandlerFunc(h.property)},
		{"PUT /v1/state/refresh", http.HandlerFunc(h.refresh)},
		{"GET /v1/events", http.HandlerFunc(h.events)},
		{"GET /v1/jobs", unstored(h.listJobs)},
		{"POST /v1/jobs", h.withDesk(h.orderJob)},
		{"GET /v1/jobs/{id}", unstored(h.job)},
		{"POST /v1/jobs/{id}/cancel", h.withDesk(h.cancelJob)},
		{"POST /v1/jobs/{id}/collect", h.withDesk(h.collectJob)},
		{"POST /v1/jobs/{id}/report", h.withDesk(h.reportJob)},
		{"POST /v1/backups", unstored(h.backups)},
		{"GET /v1/certificates", unstored(h.certificates)},
		{"GET /v1/certificates/ca", unstored(h.authorities)},
		{"POST /v1/certificates/rotate", h.withCertificates(h.rotateCertificates)},
		{"POST /v1/certificates/client", h.withCertificates(h.clientCertificate)},
		{"POST /v1/certificates/node", h.withCertificates(h.nodeCertificate)},
		{"POST /v1/certificates/served", h.withCertificates(h.servedCertificate)},
		{"GET /v1/debug/why", http.HandlerFunc(h.why)},
		{"GET /v2/debug/offers", http.HandlerFunc(h.debugOffers)},
		// As some of the SDK's documents call it.
		{"GET /v1/debug/offers", http.HandlerFunc(h.debugOffers)},
		{"GET /v1/debug/plans", http.HandlerFunc(h.debugPlans)},
		{"GET /v1/debug/taskStatuses", http.HandlerFunc(h.taskStatuses)},
		{"GET /v1/debug/reservations", http.HandlerFunc(h.reservations)},
		{"GET /v1/debug/threads", http.HandlerFunc(h.threads)},
		{"GET /v1/health", http.HandlerFunc(h.health)},
		{"GET /v1/version", http.HandlerFunc(h.version)},
		{"GET /v1/metrics", h.options.Metrics},
		{"GET /v1/metrics/prometheus", h.options.Prometheus},
		{"GET /v1/artifacts/cockroachdb-node", http.HandlerFunc(h.helper)},
		{"POST /v1/cluster", http.HandlerFunc(h.cluster)},
	}
}
