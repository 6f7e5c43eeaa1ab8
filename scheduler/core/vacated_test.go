package core

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// vacated are the reservations that are remembered, by agent; * marks those that were cleaned up.
func (l *life) vacated() string {
	var parts []string
	for _, agent := range slices.Sorted(maps.Keys(l.state.Facts.Vacated)) {
		part := agent
		for _, one := range l.state.Facts.Vacated[agent].Resources {
			part += " " + one.ID
			if !one.Given.IsZero() {
				part += "*"
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func (l *life) remembers(want string) {
	l.t.Helper()
	if got := l.vacated(); got != want {
		l.t.Errorf("remembered %q, want %q", got, want)
	}
}

// moved is a service whose second node was moved from A1 to A5 while A1 offered nothing.
func moved(t *testing.T) *life {
	l := quiet(t, three())
	l.order(tasks.Replace, 1, false)
	l.take(update("id1", tasks.Killed))
	l.take(offered(room(5, 8)))
	l.remembers("A1 cpus-A1 port-A1")
	return l
}

func TestAPlaceThatWasLeftIsRememberedUntilItIsSeenClean(t *testing.T) {
	l := moved(t)
	// Other things that the agent offers at once say nothing yet: an executor that ends keeps what it has for a while.
	l.take(offered(room(1, 8)))
	l.remembers("A1 cpus-A1 port-A1")
	l.take(offered(back(node(1, tasks.Running))))
	l.remembers("A1 cpus-A1* port-A1*")
	// The call may be lost: then the next offer has it again.
	l.now = l.now.Add(5 * time.Second)
	l.take(offered(back(node(1, tasks.Running))))
	l.remembers("A1 cpus-A1* port-A1*")
	l.take(offered(room(1, 8)))
	l.remembers("A1 cpus-A1* port-A1*") // this offer may be older than what was done
	l.now = l.now.Add(5 * time.Second)
	same(t, l.take(offered(room(1, 8)))[:1], []string{"write -vacated/A1"})
	l.remembers("")
}

func TestAPlaceThatNeverWasIsForgotten(t *testing.T) {
	l := moved(t)
	l.now = l.now.Add(untriedAfter)
	l.take(offered(room(2, 8)))
	l.remembers("A1 cpus-A1 port-A1")
	l.take(offered(room(1, 8)))
	l.remembers("")

	used := moved(t)
	used.now = used.now.Add(untriedAfter)
	used.take(Updated{TaskID: "old", AgentID: "A1", Status: tasks.Status{State: tasks.Running, At: used.now}})
	used.now = used.now.Add(2 * untriedAfter)
	used.take(offered(room(1, 8)))
	used.remembers("A1 cpus-A1 port-A1") // a task of ours still ends there
}

func TestPlacesThatAreNoMore(t *testing.T) {
	l := moved(t)
	l.take(Updated{TaskID: "old", AgentID: "A1", Status: tasks.Status{State: tasks.GoneByOperator, At: l.now}})
	l.remembers("")

	gone := quiet(t, three())
	gone.take(update("id1", tasks.GoneByOperator))
	gone.take(offered(room(5, 8)))
	if gone.record(1).Agent.ID != "A5" {
		t.Fatalf("got %+v", gone.record(1))
	}
	gone.remembers("")

	// The agent came back under another id.
	other := moved(t)
	offer := back(node(1, tasks.Running))
	offer.Agent.ID = "A7"
	other.take(Offered{Offers: []offers.Offer{offer}})
	other.remembers("")
}

func TestARemovalKnowsOfPlacesThatWereLeft(t *testing.T) {
	l := moved(t)
	state, effects := Start(l.state.Facts, tasks.Target{}, "t3", l.now, Settings{Uninstall: true})
	if lines := describe(effects); !strings.Contains(lines[0], "left/A1") || !strings.Contains(lines[0], "-vacated/A1") {
		t.Errorf("got %v", lines)
	}
	if left := state.Facts.Removal.Left["A1"]; left == nil || left.Open() != 2 || left.Agent.Hostname != "host-A1" {
		t.Errorf("got %+v", left)
	}
	// Once the agent is lost the plan names the command that leaves it behind.
	removal := &life{t: t, state: state, now: l.now}
	removal.take(subscribe)
	removal.take(Updated{TaskID: "uninstall-A1", AgentID: "A1", Status: tasks.Status{State: tasks.Unreachable, At: l.now}})
	named := false
	for _, phase := range removal.state.Plans[0].Phases {
		for _, step := range phase.Steps {
			named = named || phase.Name == plans.UnreservePhase+"host-A1" && strings.Contains(step.Reason.String(), "plan force-complete deploy unreserve-resources-host-A1")
		}
	}
	if !named {
		t.Errorf("got %+v", removal.state.Plans[0])
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	f := &frame{State: State{Now: noon}.next(), ids: tasks.NewIDs([16]byte{})}
	f.Facts.Records = map[string]*tasks.Record{}
	for i := range vacatedAgents + 5 {
		f.Now = noon.Add(time.Duration(i) * time.Second)
		agent := fmt.Sprint("B", i)
		f.vacatePlace(tasks.Agent{ID: agent}, held(agent), nil)
	}
	for i := range vacatedResources {
		f.vacatePlace(tasks.Agent{ID: "B500"}, held(fmt.Sprint("more", i)), nil)
	}
	f.boundVacated()
	if len(f.Facts.Vacated) != vacatedAgents || f.Facts.Vacated["B4"] != nil || f.Facts.Vacated["B5"] == nil {
		t.Errorf("%d agents", len(f.Facts.Vacated))
	}
	if kept := f.Facts.Vacated["B500"].Resources; len(kept) != vacatedResources || kept[len(kept)-1].ID != fmt.Sprint("port-more", vacatedResources-1) {
		t.Errorf("%d resources, the last %+v", len(kept), kept[len(kept)-1])
	}
}
