package offers_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func offerWithMem(name string, mem float64) offers.Offer {
	return offerOf(name, scalar(tasks.CPUs, 4), scalar(tasks.Mem, mem), scalar(tasks.Disk, 20000), ports(1025, 65535))
}

func TestExplain(t *testing.T) {
	full, busy := node(), node()
	full.Main.Mem = tasks.Whole(8192 - 32)
	full.Placement = "hostname:UNIQUE"
	full.Others = []tasks.Placed{placed(0, agent("d"))}
	busy.Main.Ports = []tasks.PortNeed{{Name: "pg", Port: 26257}, {Name: "http"}}
	mount := node()
	mount.Main.Volume.Type = tasks.DiskMount
	spread := node()
	spread.Placement = "rack:GROUP_BY:3"
	rack := func(name, rack string) offers.Offer {
		offer := offerOf(name)
		offer.Agent = agent(name, tasks.Attribute{Name: "rack", Value: rack})
		return offer
	}
	spread.Others = []tasks.Placed{placed(0, rack("a", "r1").Agent), placed(2, rack("b", "r2").Agent)}
	broken := node()
	broken.Placement = "hostname:UNIK"
	waiting, home := settled(t, node(), roomy("a"))
	grown := waiting
	grown.Main.CPUs = tasks.Whole(9)
	mid := home
	mid.Resources = mid.Resources[:4]

	cases := []struct {
		name string
		req  tasks.Requirement
		list []offers.Offer
	}{
		{"mem-and-unique", full, []offers.Offer{offerWithMem("a", 6144), offerWithMem("b", 4096), offerWithMem("c", 1), offerWithMem("d", 9000)}},
		{"one-agent", full, []offers.Offer{offerWithMem("d", 6144)}},
		{"ports", busy, []offers.Offer{
			offerOf("a", scalar(tasks.CPUs, 4), scalar(tasks.Mem, 4000), scalar(tasks.Disk, 9000), ports(26258, 26259)),
			offerOf("b", scalar(tasks.CPUs, 4), scalar(tasks.Mem, 4000), scalar(tasks.Disk, 9000), ports(26257, 26257))}},
		{"mount", mount, []offers.Offer{offerOf("a"), offerOf("b", mounts(mountDisk("/m", 4000, ""))...)}},
		{"mount-profile", mount, []offers.Offer{offerOf("a", mounts(mountDisk("/m", 5000, "fast"), mountDisk("/n", 6000, "slow"))...)}},
		{"group-by", spread, []offers.Offer{rack("a", "r1"), rack("c", "r2"), offerOf("x")}},
		{"unreadable", broken, []offers.Offer{offerOf("a"), offerOf("b")}},
		{"no-offer", node(), nil},
		{"in-place-no-offer", waiting, []offers.Offer{offerOf("z")}},
		{"in-place-in-use", waiting, []offers.Offer{mid}},
		{"in-place-growth", grown, []offers.Offer{home}},
	}
	var text strings.Builder
	for _, c := range cases {
		outcome := offers.Evaluate(c.req, c.list, newIDs(1))
		if outcome.Match != nil {
			t.Fatalf("%s: matched\n%s", c.name, render(outcome.Match))
		}
		explanation := offers.Explain(c.req, outcome.Refusals)
		text.WriteString("== " + c.name + "\n" + explanation.String() + "\n\n" + strings.Join(explanation.Lines(), "\n") + "\n\n")
	}
	golden(t, "explain.txt", text.String())
}

func TestExplainCountsTheLatestRefusalOfEachAgent(t *testing.T) {
	req := node()
	var refusals []offers.Refusal
	for _, mem := range []float64{100, 3031, 200} {
		for _, name := range []string{"a", "b"} {
			refusals = append(refusals, offers.Evaluate(req, []offers.Offer{offerWithMem(name, mem)}, newIDs(1)).Refusals...)
		}
	}
	got := offers.Explain(req, refusals).String()
	if want := "2 agents: 2 lack mem (3032 needed, best 200)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestExplainDoesNotDependOnTheOrderOfAgents(t *testing.T) {
	req := node()
	req.Placement = "hostname:UNIQUE,rack:UNIQUE"
	req.Others = []tasks.Placed{placed(0, agent("c")), placed(2, agent("e"))}
	list := []offers.Offer{
		offerWithMem("a", 10), offerWithMem("b", 20), offerWithMem("c", 8000), offerOf("d", scalar(tasks.CPUs, 1)), offerOf("e"), offerOf("f"),
	}
	want := strings.Join(offers.Explain(req, offers.Evaluate(req, list, newIDs(1)).Refusals).Lines(), "\n")
	random := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := strings.Join(offers.Explain(req, offers.Evaluate(req, list, newIDs(1)).Refusals).Lines(), "\n"); got != want {
			t.Fatalf("got:\n%s\nwant:\n%s", got, want)
		}
	}
}

func TestNearestMissHasFewestCausesThenSmallestShortfall(t *testing.T) {
	req := node()
	list := []offers.Offer{
		// Two causes, each with next to nothing missing.
		offerOf("a", scalar(tasks.CPUs, 1.099), scalar(tasks.Mem, 3031.9), scalar(tasks.Disk, 20000), ports(1025, 65535)),
		offerWithMem("b", 100), offerWithMem("c", 1500), offerWithMem("d", 900),
	}
	nearest := offers.Explain(req, offers.Evaluate(req, list, newIDs(1)).Refusals).Nearest
	if nearest == nil || nearest.Hostname != "c" {
		t.Errorf("got %v", nearest)
	}
	nearest = offers.Explain(req, offers.Evaluate(req, list[:1], newIDs(1)).Refusals).Nearest
	if nearest == nil || nearest.Hostname != "a" || len(nearest.Causes) != 2 {
		t.Errorf("got %v", nearest)
	}
}
