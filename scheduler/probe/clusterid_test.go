package probe

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Nodes that were taken over have no helper to report their cluster: they are asked for it until it is known, and not after.
func TestTheClusterOfNodesThatWereTakenOver(t *testing.T) {
	const id = "3e8ef5c5-0d5c-4a35-9ef4-3d6e2f4b6a11"
	for name, tt := range map[string]struct {
		cluster core.Cluster
		code    int
		answer  string
		want    string
		asked   int
	}{
		"unknown":             {core.Cluster{Initialised: true}, 200, `{"clusterId":"` + id + `"}`, id, 1},
		"the older spelling":  {core.Cluster{Initialised: true}, 200, `{"cluster_id":"` + id + `"}`, id, 1},
		"a login is asked":    {core.Cluster{Initialised: true}, 401, ``, "", 1},
		"no UUID":             {core.Cluster{Initialised: true}, 200, `{"clusterId":"us"}`, "", 1},
		"no JSON":             {core.Cluster{Initialised: true}, 200, `<html>`, "", 1},
		"in no cluster":       {core.Cluster{Initialised: true}, 200, `{"clusterId":"00000000-0000-0000-0000-000000000000"}`, "", 1},
		"known":               {core.Cluster{Initialised: true, ID: id}, 200, `{"clusterId":"` + id + `"}`, "", 0},
		"not initialised yet": {core.Cluster{}, 200, `{"clusterId":"` + id + `"}`, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/_admin/v1/cluster" {
					_, _ = w.Write([]byte(recorded))
					return
				}
				asked++
				w.WriteHeader(tt.code)
				_, _ = w.Write([]byte(tt.answer))
			}))
			defer server.Close()
			record := at(t, server.Listener.Addr().String())
			var seen core.DatabaseSeen
			p := Prober{Client: Client(), Scheme: "http", Tell: func(_ context.Context, e core.Event) { seen = e.(core.DatabaseSeen) }}
			p.round(t.Context(), core.State{Facts: core.Facts{Cluster: tt.cluster, Records: map[string]*tasks.Record{record.Task: &record}}})
			if asked != tt.asked || len(seen.Nodes) != 1 || seen.Nodes[0].ClusterID != tt.want || seen.Nodes[0].Error != "" {
				t.Errorf("asked %d times, got %+v; want %d times, %q", asked, seen.Nodes, tt.asked, tt.want)
			}
		})
	}
}
