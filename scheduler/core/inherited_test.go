package core

import (
	"reflect"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestWhatIsEncodedIsDecoded(t *testing.T) {
	stored := facts(node(0, tasks.Running), node(1, tasks.Running))
	stored.Inherited = Inherited{Kept: "java-state-1", Unlabelled: []string{"a", "b"}, Leftovers: []string{"b"}, Tasks: map[string]string{nodes[0]: "id0"}}
	stored.Journal = stored.Journal.With(Log{Message: "taken over"}, noon)
	again, err := Decode(Encode(stored))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Records, stored.Records) || !reflect.DeepEqual(again.Inherited, stored.Inherited) ||
		again.TargetID != stored.TargetID || again.FrameworkID != stored.FrameworkID || again.Cluster != stored.Cluster {
		t.Errorf("got %+v", again)
	}
	if entries := again.Journal.Since(0); len(entries) != 1 || entries[0].Message != "taken over" {
		t.Errorf("the journal: %+v", entries)
	}
}

func TestTheClusterIsLearntFromNodesThatWereTakenOver(t *testing.T) {
	word := func(index int, id, cluster string) plans.NodeView {
		return plans.NodeView{Task: nodes[index], TaskID: id, At: noon, Live: 2, ClusterID: cluster}
	}
	for name, tt := range map[string]struct {
		known Cluster
		words []plans.NodeView
		want  string
	}{
		"they agree":            {Cluster{Initialised: true}, []plans.NodeView{word(0, "id0", "c1"), word(1, "id1", "c1")}, "c1"},
		"one does not tell":     {Cluster{Initialised: true}, []plans.NodeView{word(0, "id0", ""), word(1, "id1", "c1")}, "c1"},
		"they disagree":         {Cluster{Initialised: true}, []plans.NodeView{word(0, "id0", "c1"), word(1, "id1", "c2")}, ""},
		"of an earlier task":    {Cluster{Initialised: true}, []plans.NodeView{word(0, "older", "c1")}, ""},
		"known already":         {Cluster{Initialised: true, ID: "c0"}, []plans.NodeView{word(0, "id0", "c1")}, "c0"},
		"not known to be there": {Cluster{}, []plans.NodeView{word(0, "id0", "c1")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			stored := facts(node(0, tasks.Running), node(1, tasks.Running))
			stored.Cluster = tt.known
			l := quiet(t, stored)
			l.take(DatabaseSeen{Nodes: tt.words})
			if got := l.state.Facts.Cluster; got.ID != tt.want || got.Initialised != tt.known.Initialised {
				t.Errorf("got %+v, want %q", got, tt.want)
			}
		})
	}
}

// Reservations of an older SDK carry no framework's label. Those that the former state names are ours: they stay while that state
// is kept, and are cleaned like every stray once it is not.
func TestLeftoversOfATakeoverStayUntilItIsConfirmed(t *testing.T) {
	unlabelled := func(id string) tasks.Resource {
		return tasks.Resource{Kind: tasks.CPUs, Scalar: tasks.Whole(1), AllocatedTo: "our-role", Reservations: []tasks.Reservation{{Dynamic: true,
			Role: "our-role", Principal: "p", Labels: []tasks.Label{{Key: tasks.LabelResourceID, Value: id}}}}}
	}
	offer := offers.Offer{IDs: []string{"o1"}, Agent: tasks.Agent{ID: "A9"}, Resources: []tasks.Resource{
		unlabelled("leftover"), unlabelled("held"), unlabelled("stranger's")}}
	for name, tt := range map[string]struct {
		kept bool
		want int
	}{"kept": {true, 0}, "confirmed": {false, 1}} {
		stored := facts(node(0, tasks.Running))
		stored.Records[nodes[0]].Held[0].Resource.Reservations[0].Labels = []tasks.Label{{Key: tasks.LabelResourceID, Value: "held"}}
		stored.Inherited = Inherited{Unlabelled: []string{"held", "leftover"}, Leftovers: []string{"leftover"}}
		f := &frame{State: State{Facts: stored, Settings: Settings{FormerKept: tt.kept}}.next()}
		f.clean([]offers.Offer{offer})
		unreserved := 0
		for _, call := range f.calls {
			for _, resource := range call.(Accept).Unreserve {
				if id := resource.Label(tasks.LabelResourceID); id != "leftover" {
					t.Errorf("%s: %s is given back", name, id)
				}
				unreserved++
			}
		}
		if unreserved != tt.want {
			t.Errorf("%s: %d reservations given back, want %d", name, unreserved, tt.want)
		}
	}
}

// A removal gives back what a takeover brought, without a framework's label as it is, and leaves a stranger's alone.
func TestARemovalGivesBackWhatWasTakenOver(t *testing.T) {
	unlabelled := func(id string) tasks.Resource {
		return tasks.Resource{Kind: tasks.CPUs, Scalar: tasks.Whole(1), AllocatedTo: "our-role", Reservations: []tasks.Reservation{{Dynamic: true,
			Role: "our-role", Principal: "p", Labels: []tasks.Label{{Key: tasks.LabelResourceID, Value: id}}}}}
	}
	stored := facts(node(0, tasks.Running))
	stored.Inherited = Inherited{Unlabelled: []string{"held", "leftover"}, Leftovers: []string{"leftover"}}
	stored.Removal = &plans.Removal{Since: noon, Left: map[string]*plans.Left{}}
	f := &frame{State: State{Facts: stored, Settings: Settings{Uninstall: true}, Now: noon}.next()}
	f.giveBack([]offers.Offer{{IDs: []string{"o1"}, Agent: tasks.Agent{ID: "A9"}, Resources: []tasks.Resource{
		unlabelled("leftover"), unlabelled("held"), unlabelled("stranger's")}}})
	given := map[string]bool{}
	for _, call := range f.calls {
		if accept, is := call.(Accept); is {
			for _, resource := range accept.Unreserve {
				given[resource.Label(tasks.LabelResourceID)] = true
			}
		}
	}
	if len(given) != 2 || !given["leftover"] || !given["held"] {
		t.Errorf("given back: %v", given)
	}
}
