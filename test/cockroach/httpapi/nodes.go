package httpapi

import (
	"net/http"
	"runtime"
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

func (a *api) cluster(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, object{{"clusterId", a.n.Facts().ClusterID}, {"reportingEnabled", false}, {"enterpriseEnabled", false}})
}

// nodes hangs while a majority is silent, as the real endpoint does: every
// caller needs a time limit of its own.
func (a *api) nodes(w http.ResponseWriter, r *http.Request) {
	if a.n.Current(r.Context()) != nil {
		return
	}
	nodes := []any{}
	status := object{}
	for _, rep := range a.n.Reports() {
		nodes = append(nodes, a.describe(rep))
		status = append(status, field{strconv.Itoa(rep.ID), liveness(rep)})
	}
	o := object{{"nodes", nodes}}
	if a.v.AtLeast(20, 1, 0) {
		o = append(o, field{"livenessByNodeId", status})
	}
	write(w, http.StatusOK, o)
}

// node serves one node; an id that does not exist gives an empty one and 200.
func (a *api) node(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if id == "local" {
		id = strconv.Itoa(a.n.Facts().ID)
	}
	for _, rep := range a.n.Reports() {
		if strconv.Itoa(rep.ID) == id {
			write(w, http.StatusOK, a.describe(rep))
			return
		}
	}
	write(w, http.StatusOK, a.describe(server.Report{}))
}

func (a *api) details(w http.ResponseWriter, _ *http.Request) {
	d := a.n.Descriptor()
	write(w, http.StatusOK, object{
		{"nodeId", a.n.Facts().ID}, {"address", address(d.Address)}, {"buildInfo", build(a.v.String())},
		{"systemInfo", object{{"systemInfo", runtime.GOOS}, {"kernelInfo", runtime.GOARCH}}}, {"sqlAddress", address(d.SQLAddress)},
	})
}

// The numbers of a node's liveness. Source: cockroachdb-versions.md, 3.3.
const (
	dead = 1 + iota
	unavailable
	live
	decommissioning
	decommissioned
)

func liveness(r server.Report) int {
	switch {
	case r.Membership != cluster.Active && r.Available:
		return decommissioning
	case r.Membership != cluster.Active && r.Dead:
		return decommissioned
	case r.Dead:
		return dead
	case !r.Available:
		return unavailable
	}
	return live
}

func (a *api) liveness(w http.ResponseWriter, r *http.Request) {
	if a.n.Current(r.Context()) != nil {
		return
	}
	list := []any{}
	statuses := object{}
	for _, rep := range a.n.Reports() {
		o := object{{"nodeId", rep.ID}, {"epoch", strconv.Itoa(rep.Epoch)},
			{"expiration", object{{"wallTime", strconv.FormatInt(rep.UpdatedAt, 10)}, {"logical", 0}}}, {"draining", rep.Draining}}
		if a.v.AtLeast(20, 2, 0) {
			o = append(o, field{"membership", map[string]int{cluster.Active: 0, cluster.Decommissioning: 1, cluster.Decommissioned: 2}[rep.Membership]})
		} else {
			o = append(o, field{"decommissioning", rep.Membership != cluster.Active})
		}
		list = append(list, o)
		statuses = append(statuses, field{strconv.Itoa(rep.ID), liveness(rep)})
	}
	write(w, http.StatusOK, object{{"livenesses", list}, {"statuses", statuses}})
}

func address(s string) object {
	network := "tcp"
	if s == "" {
		network = ""
	}
	return object{{"networkField", network}, {"addressField", s}}
}

func build(tag string) object {
	var b version.Build
	if v, err := version.Parse(tag); err == nil {
		b = version.BuildOf(v)
	}
	return object{{"goVersion", b.Go}, {"tag", b.Tag}, {"time", b.Time}, {"revision", b.Revision}, {"cgoCompiler", b.Compiler},
		{"cgoTargetTriple", b.Target}, {"platform", b.Platform}, {"distribution", b.Distribution}, {"type", b.Type},
		{"channel", "unknown"}, {"envChannel", "unknown"}, {"dependencies", nil}}
}

func (a *api) describe(r server.Report) object {
	tiers := r.Locality
	if tiers == nil {
		tiers = []flags.Tier{}
	}
	attrs, args := r.Attrs, r.Args
	if attrs == nil {
		attrs = []string{}
	}
	if args == nil {
		args = []string{}
	}
	v, _ := version.Parse(r.Build)
	started := strconv.FormatInt(r.StartedAt, 10)
	desc := object{
		{"nodeId", r.ID}, {"address", address(r.Address)}, {"attrs", object{{"attrs", attrs}}}, {"locality", object{{"tiers", tiers}}},
		{"ServerVersion", object{{"majorVal", v.Major}, {"minorVal", v.Minor}, {"patch", 0}, {"unstable", 0}}},
		{"buildTag", r.Build}, {"startedAt", started}, {"localityAddress", []any{}}, {"clusterName", ""}, {"sqlAddress", address(r.SQLAddress)},
	}
	metrics, stores := object{}, []any{}
	if r.ID != 0 {
		for _, s := range a.samples(r) {
			if !s.store {
				metrics = append(metrics, field{s.dotted, s.value})
			}
		}
		perStore := object{}
		for _, s := range a.samples(r) {
			if s.store {
				perStore = append(perStore, field{s.dotted, s.value})
			}
		}
		stores = append(stores, object{{"desc", object{{"storeId", r.ID}, {"attrs", object{{"attrs", []string{}}}}, {"node", desc}}}, {"metrics", perStore}})
	}
	return object{
		{"desc", desc}, {"buildInfo", build(r.Build)}, {"startedAt", started}, {"updatedAt", strconv.FormatInt(r.UpdatedAt, 10)},
		{"metrics", metrics}, {"storeStatuses", stores}, {"args", args}, {"env", []string{}}, {"latencies", object{}}, {"activity", object{}},
		{"totalSystemMemory", "0"}, {"numCpus", runtime.NumCPU()},
	}
}
