package cockroach_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// word is what a node's metrics say of the database.
type word struct{ live, under, gone float64 }

// words asks each node, and gives -1 for what it does not say.
func words(all []*node) []word {
	var list []word
	for _, n := range all {
		_, text := n.get("/_status/vars")
		parser := expfmt.NewTextParser(model.LegacyValidation)
		vars, err := parser.TextToMetricFamilies(strings.NewReader(text))
		value := func(name string) float64 {
			if err != nil || vars[name] == nil {
				return -1
			}
			return vars[name].Metric[0].GetGauge().GetValue()
		}
		list = append(list, word{value("liveness_livenodes"), value("ranges_underreplicated"), value("ranges_unavailable")})
	}
	return list
}

// agree says whether all of these nodes say the same: so many live nodes, nothing unavailable, and so many ranges that lack
// copies, all of them counted by one node, as each range is counted once.
func agree(all []*node, live, under float64) bool {
	sum := 0.0
	for _, w := range words(all) {
		if w.live != live || w.gone != 0 || w.under != 0 && w.under != under {
			return false
		}
		sum += w.under
	}
	return sum == under
}

// TestOneOfThreeDown: what the nodes say while one of three is dead, as the service's gate asks for it: every node that is
// left counts two live ones, and all 32 ranges lack a copy, until the third is back. Measures: 03-status-vars (32 ranges
// before there are three copies), cockroachdb-versions.md, 3.2.
func TestOneOfThreeDown(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	until(t, "all is well", func() bool { return agree(all, 3, 0) })
	// Whichever node is down, that which counts the ranges among them.
	for i, victim := range all {
		rest := slices.Delete(slices.Clone(all), i, i+1)
		victim.signal(syscall.SIGKILL)
		victim.exit()
		until(t, "the nodes that are left miss one", func() bool { return agree(rest, 2, 32) })
		// It stays so: nobody else can take the copies.
		if !rest[0].runsFor(2 * liveness) {
			t.Fatalf("%s ended with %s", rest[0].rpc, victim.rpc)
		}
		until(t, "the nodes that are left still miss one", func() bool { return agree(rest, 2, 32) })
		victim.start().ready()
		until(t, "all is well again", func() bool { return agree(all, 3, 0) })
	}
}

// TestFewerThanThree: one or two nodes of an ordinary cluster can never have three copies, and say so for ever. Source: the
// allocator's GetNeededReplicas never asks for less than the zone's three.
func TestFewerThanThree(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2} {
		all := cluster(t, recorded, size)
		until(t, "the ranges lack copies", func() bool { return agree(all, float64(size), 32) })
	}
}

// TestDrainedNodeCounts: a node that drains is live, and its copies count.
func TestDrainedNodeCounts(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	if r := all[2].cockroach("node", "drain"); r.code != 0 {
		t.Fatalf("drain: %+v", r)
	}
	until(t, "the node is drained", func() bool { c, _ := all[2].get("/health?ready=1"); return c == 503 })
	until(t, "all copies are there", func() bool { return agree(all, 3, 0) })
}

// TestNothingIsCountedAtFirst: a node that was started again says that no range lacks a copy until it first counted, which
// is false here. Measure: 03-http-status-nodes, against 03-status-vars.
func TestNothingIsCountedAtFirst(t *testing.T) {
	t.Parallel()
	n := nodes(t, recorded, 1)[0]
	n.env = append(n.env, "STANDIN_COUNT=3s")
	n.start().healthy().cockroach("init")
	until(t, "the ranges lack copies", func() bool { return agree([]*node{n}, 1, 32) })
	n.signal(syscall.SIGKILL)
	n.exit()
	n.start().ready()
	if got := words([]*node{n})[0]; got.live != 1 || got.under != 0 {
		t.Errorf("right after its start it says %+v; want one live node and nothing counted", got)
	}
	until(t, "the ranges are counted", func() bool { return agree([]*node{n}, 1, 32) })
}
