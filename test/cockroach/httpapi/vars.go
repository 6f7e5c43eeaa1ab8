package httpapi

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// sample is one metric: its dotted name, as /_status/nodes has it, and a value.
type sample struct {
	dotted string
	store  bool // per store, so with the label store
	value  float64
}

// samples are the metrics of one node. The numbers of the machine are those of
// this process, whichever node the report is of.
func (a *api) samples(r server.Report) []sample {
	var disk syscall.Statfs_t
	syscall.Statfs(a.n.Facts().Store, &disk)
	capacity, free := float64(disk.Blocks)*float64(disk.Bsize), float64(disk.Bavail)*float64(disk.Bsize)
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	leading, replicas := float64(r.Leading), float64(r.Replicas)
	leases := leading
	if !r.Available {
		leases = 0
	}
	expiry := a.n.Expiry()
	out := []sample{
		{"liveness.livenodes", false, float64(a.n.LiveNodes())},
		{"sys.uptime", false, float64(time.Since(time.Unix(0, r.StartedAt)) / time.Second)},
		{"sys.goroutines", false, float64(runtime.NumGoroutine())},
		{"sys.rss", false, float64(mem.Sys)},
		{"sys.go.allocbytes", false, float64(mem.HeapAlloc)},
		{"clock-offset.meannanos", false, 0},
		{"clock-offset.stddevnanos", false, 0},
		{"sql.conns", false, 0},
		{"security.certificate.expiration.ca", false, expiry["ca"]},
		{"security.certificate.expiration.node", false, expiry["node"]},
		{"ranges", true, leading},
		{"ranges.underreplicated", true, float64(r.Underreplicated)},
		{"ranges.unavailable", true, float64(r.Unavailable)},
		{"replicas", true, replicas},
		{"replicas.leaders", true, leading},
		{"replicas.leaseholders", true, leases},
		{"capacity", true, capacity},
		{"capacity.available", true, free},
		{"capacity.used", true, 0},
		{"capacity.reserved", true, 0},
	}
	if a.v.AtLeast(2, 1, 0) {
		for _, c := range []string{"client-ca", "node-client", "ui", "ui-ca"} {
			out = append(out, sample{"security.certificate.expiration." + c, false, expiry[c]})
		}
	}
	if a.v.AtLeast(19, 1, 0) {
		out = append(out, sample{"ranges.overreplicated", true, 0})
	}
	if a.v.Within(24, 1, 6) || a.v.Within(24, 2, 4) || a.v.AtLeast(24, 3, 0) {
		d := 0.0
		if r.Membership == cluster.Decommissioning {
			d = replicas
		}
		out = append(out, sample{"ranges.decommissioning", true, d})
	}
	return out
}

// vars serves the metrics as Prometheus text. They tell of this node alone.
func (a *api) vars(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	f, d := a.n.Facts(), a.n.Descriptor()
	put := func(name, labels string, v float64) {
		fmt.Fprintf(&b, "# HELP %s The stand-in's %s\n# TYPE %s gauge\n%s%s %s\n", name, name, name, name, labels, number(v))
	}
	for _, r := range a.n.Reports() {
		if r.ID != f.ID {
			continue
		}
		counts := a.n.Counts()
		r.Underreplicated, r.Unavailable = counts.Underreplicated, counts.Unavailable
		for _, s := range a.samples(r) {
			labels := ""
			if s.store {
				labels = fmt.Sprintf("{store=%q}", strconv.Itoa(f.ID))
			}
			put(strings.NewReplacer(".", "_", "-", "_").Replace(s.dotted), labels, s.value)
		}
	}
	built := version.BuildOf(a.v)
	when, _ := time.Parse("2006/01/02 15:04:05", built.Time)
	put("build_timestamp", fmt.Sprintf("{tag=%q,go_version=%q}", built.Tag, built.Go), float64(when.Unix()))
	put("node_id", fmt.Sprintf("{advertise_addr=%q,http_addr=%q,sql_addr=%q}", d.Address, d.HTTPAddress, d.SQLAddress), float64(f.ID))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(b.String()))
}

// number writes a value the way the real exporter does: 3.0, 6.67e+10.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
