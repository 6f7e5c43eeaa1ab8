package core

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestJoinLists(t *testing.T) {
	on := func(port uint64) func(*tasks.Record) {
		return func(r *tasks.Record) { r.Ports = map[string]uint64{"pg": port} }
	}
	nowhere := func(r *tasks.Record) { r.Ports = nil }
	byName := func(r *tasks.Record) { r.Agent.IP = "" }
	v6 := func(r *tasks.Record) { r.Agent.IP = "fd00::1" }
	all := []*tasks.Record{node(0, tasks.Running), node(1, tasks.Failed), node(2, tasks.Running)}
	dns := []string{"cockroachdb-0-node-init.cockroachdb.autoip.example:26257", "cockroachdb-1-node-join.cockroachdb.autoip.example:26257",
		"cockroachdb-2-node-join.cockroachdb.autoip.example:26257"}
	for _, tt := range []struct {
		name      string
		discovery string
		records   []*tasks.Record
		self      *tasks.Record
		want      []string
	}{
		{"autoip names every pod, the node itself too", tasks.DiscoverAutoIP, nil, node(0, tasks.Staging), dns},
		{"and is the same for each of them", tasks.DiscoverAutoIP, all, node(2, tasks.Staging), dns},
		{"mesos-dns does so too", tasks.DiscoverMesosDNS, all[:1], node(1, tasks.Staging), dns},
		{"a port that the agent chose", tasks.DiscoverAutoIP, []*tasks.Record{node(0, tasks.Running, on(26300))}, node(1, tasks.Staging),
			[]string{"cockroachdb-0-node-init.cockroachdb.autoip.example:26300", dns[1], dns[2]}},
		{"address: the first node knows itself", tasks.DiscoverAddress, nil, node(0, tasks.Staging), []string{"10.0.0.0:26257"}},
		{"the second knows the first", tasks.DiscoverAddress, all[:1], node(1, tasks.Staging), []string{"10.0.0.0:26257"}},
		{"node 0 that comes back knows the others", tasks.DiscoverAddress, all, node(0, tasks.Staging), []string{"10.0.0.1:26257", "10.0.0.2:26257"}},
		{"the node's new address counts, not its old one", tasks.DiscoverAddress, all[:2], node(1, tasks.Staging, on(26999)), []string{"10.0.0.0:26257"}},
		{"two nodes of one agent have two ports", tasks.DiscoverAddress, []*tasks.Record{node(0, tasks.Running, on(26300))},
			node(1, tasks.Staging, func(r *tasks.Record) { r.Agent.IP = "10.0.0.0" }), []string{"10.0.0.0:26300"}},
		{"one without a port is left out", tasks.DiscoverAddress, []*tasks.Record{node(0, tasks.Running, nowhere), all[2]}, node(1, tasks.Staging), []string{"10.0.0.2:26257"}},
		{"the host name where no address is known", tasks.DiscoverAddress, []*tasks.Record{node(0, tasks.Running, byName)}, node(1, tasks.Staging), []string{"host-A0:26257"}},
		{"IPv6 in brackets", tasks.DiscoverAddress, []*tasks.Record{node(0, tasks.Running, v6)}, node(1, tasks.Staging), []string{"[fd00::1]:26257"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			service := target()
			service.Service.Discovery = tt.discovery
			same(t, joinList(facts(tt.records...).Records, service, *tt.self), tt.want)
		})
	}
}

func TestPlacementStaysInTheMastersRegionUnlessItSpeaksOfRegions(t *testing.T) {
	for _, tt := range []struct{ text, region, want string }{
		{"hostname:UNIQUE", "", "hostname:UNIQUE"},
		{"@region:UNIQUE", "eu", "@region:UNIQUE"},
		{"no rule at all", "eu", "no rule at all"},
	} {
		if got := local(tt.text, tt.region); got != tt.want {
			t.Errorf("%q in %q: got %q, want %q", tt.text, tt.region, got, tt.want)
		}
	}
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running)))
	l.state.Link.Region = "eu"
	far, near := room(3, 4), room(4, 4)
	far.Agent.Region, near.Agent.Region = "us", "eu"
	same(t, l.take(offered(far)), []string{"decline o3 30s"})
	if got := l.take(offered(near)); len(got) < 2 || got[1] != "accept o4 reserve 2 launch cockroachdb-2-node-join rest 1s" {
		t.Errorf("got %v", got)
	}
}
