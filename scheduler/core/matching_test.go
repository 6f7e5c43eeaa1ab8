package core

import (
	"slices"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func offered(list ...offers.Offer) Offered { return Offered{Offers: list} }

func TestHowLongOffersAreRefused(t *testing.T) {
	deployed := []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)}
	tests := []struct {
		name  string
		nodes []*tasks.Record
		event Offered
		want  []string
	}{
		{"nothing wanted", deployed, offered(room(3, 4), room(4, 4)), []string{"decline o3+o4 1h0m0s"}},
		{"wanted, and too small", deployed[:2], offered(room(2, 0), room(3, 0)), []string{"decline o2+o3 30s"}},
		{"wanted, on agents that have a node each", deployed[:2], offered(room(0, 4), room(1, 4)), []string{"decline o0+o1 30s"}},
		{"one is used and the next step still waits", deployed[:1], offered(room(3, 4), room(4, 4)),
			[]string{"write records/cockroachdb-1-node-join", "accept o3 reserve 2 launch cockroachdb-1-node-join rest 1s", "decline o4 1h0m0s"}},
		{"the second of three fits", deployed[:2], offered(room(2, 0), room(3, 4), room(4, 4)),
			[]string{"write records/cockroachdb-2-node-join", "accept o3 reserve 2 launch cockroachdb-2-node-join rest 1s", "decline o2+o4 1h0m0s"}},
		{"no offers", deployed, offered(), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := quiet(t, facts(tt.nodes...))
			l.state.Flow.Suppressed = false
			got := slices.DeleteFunc(l.take(tt.event), func(line string) bool { return line == "revive" || line == "suppress" })
			same(t, got, tt.want)
		})
	}
}

func TestStraysAreCleanedAndNothingElse(t *testing.T) {
	volume := tasks.Resource{Kind: tasks.Disk, Scalar: tasks.Whole(100), Disk: &tasks.DiskInfo{PersistenceID: "v", ContainerPath: "data"}}
	cpus := tasks.Resource{Kind: tasks.CPUs, Scalar: tasks.Whole(1)}
	on := func(resources ...tasks.Resource) offers.Offer {
		return offers.Offer{IDs: []string{"o9"}, Agent: tasks.Agent{ID: "A9", Hostname: "host-A9"}, Resources: resources}
	}
	otherRole := reserved(cpus, "f1", "left")
	otherRole.Reservations[0].Role = "their-role"
	unlabelled := reserved(cpus, "f1", "left")
	unlabelled.Reservations[0].Labels = nil
	kept := "decline o9 1h0m0s"
	for _, tt := range []struct {
		name  string
		offer offers.Offer
		want  []string
	}{
		{"left over", on(reserved(cpus, "f1", "left"), reserved(volume, "f1", "left-volume")), []string{"accept o9 destroy 1 unreserve 2 rest 1s"}},
		{"beside one that is held", on(reserved(cpus, "f1", "cpus-A1"), reserved(volume, "f1", "left-volume")), []string{"accept o9 destroy 1 unreserve 1 rest 1s"}},
		{"held", on(reserved(cpus, "f1", "cpus-A1"), reserved(cpus, "f1", "port-A0")), []string{kept}},
		{"another framework's", on(reserved(cpus, "f2", "left"), reserved(volume, "f2", "left-volume")), []string{kept}},
		{"another role's", on(otherRole), []string{kept}},
		{"without labels", on(unlabelled), []string{kept}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
			same(t, l.take(offered(tt.offer)), tt.want)
		})
	}
}

func TestANodeComesBackInPlaceOnWhatItHolds(t *testing.T) {
	ended := node(1, tasks.Lost, func(r *tasks.Record) { r.Recovering, r.LastIPs = true, []string{"9.0.0.1"} })
	l := quiet(t, facts(node(0, tasks.Running), ended, node(2, tasks.Running)))
	l.state.Facts.Cluster.ID = "c1"
	// Another agent has room, and is of no use.
	same(t, l.take(offered(room(5, 8))), []string{"decline o5 30s"})
	got := l.take(offered(room(5, 8), back(ended)))
	same(t, got[:3], []string{"write records/cockroachdb-1-node-join", "accept back-A1 launch cockroachdb-1-node-join rest 1s", "decline o5 1h0m0s"})
	record := l.record(1)
	if record.TaskID == "id1" || record.Agent.ID != "A1" || len(record.Held) != 2 || record.Held[0].ID() != "cpus-A1" || record.Ports["pg"] != 26257 {
		t.Errorf("place: got %s on %s, held %v", record.TaskID, record.Agent.ID, record.Held)
	}
	if !record.Confirmed || !record.Reached || !record.Recovering || record.Init || record.ClusterID != "c1" || record.LastIPs[0] != "9.0.0.1" {
		t.Errorf("memory: got %+v", record)
	}
	same(t, record.Join, []string{"10.0.0.0:26257", "10.0.0.2:26257"})
	l.take(update(record.TaskID, tasks.Running, passed))
	if l.record(1).Recovering || !slices.Equal(l.state.Recovered, []string{nodes[1]}) {
		t.Errorf("recovering %v, recovered %v", l.record(1).Recovering, l.state.Recovered)
	}
}

func TestOnlyTheFirstLaunchOfNodeZeroMayInitialise(t *testing.T) {
	for _, tt := range []struct {
		name    string
		nodes   []*tasks.Record
		cluster Cluster
		index   int
		want    bool
	}{
		{"the first launch", nil, Cluster{}, 0, true},
		{"node 1 never", []*tasks.Record{node(0, tasks.Running)}, Cluster{}, 1, false},
		{"node 0 anew beside a cluster", nil, Cluster{Initialised: true}, 0, false},
	} {
		stored := facts(tt.nodes...)
		stored.Cluster = tt.cluster
		l := quiet(t, stored)
		l.take(offered(room(7, 4)))
		if record := l.record(tt.index); record == nil || record.Init != tt.want {
			t.Errorf("%s: got %+v", tt.name, record)
		}
	}
}

func TestWhatOffersLackedIsKeptByAgent(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running)))
	l.take(offered(room(3, 0), room(4, 0)))
	l.take(offered(room(4, 0), room(5, 0)))
	look := l.state.Looks[nodes[2]]
	if len(look.Latest) != 3 || look.Explanation.Agents != 3 || look.Explanation.String() == "" {
		t.Errorf("got %d agents: %s", len(look.Latest), look.Explanation)
	}
	l.take(offered(room(6, 4)))
	if _, still := l.state.Looks[nodes[2]]; still {
		t.Error("a launched task still tells what it lacked")
	}
}

func TestARefusalCountsForFiveMinutes(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running), node(1, tasks.Running)))
	agents := func() int { return l.state.Looks[nodes[2]].Explanation.Agents }
	l.take(offered(room(3, 0), room(4, 0)))
	if at := l.state.Looks[nodes[2]].Latest["A3"].At; !at.Equal(l.now) {
		t.Errorf("refused at %s, want %s", at, l.now)
	}
	l.ticks(200)
	l.take(offered(room(4, 0)))
	l.ticks(100)
	if l.take(offered(room(5, 0))); agents() != 3 {
		t.Errorf("after five minutes: got %d agents, want 3", agents())
	}
	// Agent 3 has not been offered since: it has left, or is in use.
	l.ticks(1)
	if l.take(offered(room(5, 0))); agents() != 2 {
		t.Errorf("a second later: got %d agents, want 2", agents())
	}
	look := l.state.Looks[nodes[2]]
	if _, still := look.Latest["A3"]; still || !look.Since.Equal(noon) || !look.At.Equal(l.now) {
		t.Errorf("got %v since %s, last at %s", look.Latest, look.Since, look.At)
	}
}

// An agent that lost its identity has a new id and the reservations that it had.
func TestANodeFollowsItsReservationsToTheAgentsNewId(t *testing.T) {
	lost := node(1, tasks.Lost, func(r *tasks.Record) { r.Recovering = true })
	l := quiet(t, facts(node(0, tasks.Running), lost, node(2, tasks.Running)))
	offer := back(lost)
	offer.Agent.ID = "A9"
	got := l.take(offered(room(5, 8), offer))
	same(t, got[:3], []string{"write records/cockroachdb-1-node-join", "accept back-A1 launch cockroachdb-1-node-join rest 1s", "decline o5 1h0m0s"})
	if record := l.record(1); record.Agent.ID != "A9" || record.Held[0].ID() != "cpus-A1" || !record.Confirmed {
		t.Errorf("got %s, held %v", record.Agent.ID, record.Held)
	}
}
