package replog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestLeaderIsReplacedAndReturns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.must("a")
	old := w.leader()
	w.isolate(old, true)
	w.until("the old leader gives up", func() bool { return !w.groups[old].Status().Leading })
	w.must("b")
	w.isolate(old, false)
	w.must("c")
	w.agree("a", "b", "c")
}

func TestNothingIsCommittedWithoutAMajority(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.must("a")
	lead := w.leader()
	for id := 1; id <= 3; id++ {
		w.isolate(id, id != lead)
	}
	if err := w.say("lost", 300*time.Millisecond); err == nil {
		t.Fatal("an entry was committed by one of three")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := w.groups[lead].Barrier(ctx); err == nil {
		t.Fatal("a read was current without a majority")
	}
	for id := 1; id <= 3; id++ {
		w.isolate(id, false)
	}
	w.must("b")
	got := w.tapes[w.leader()].said()
	// What nobody acknowledged may or may not be there; what was, is, in order.
	got = slices.DeleteFunc(got, func(s string) bool { return s == "lost" })
	if !slices.Equal(got, []string{"a", "b"}) {
		t.Fatalf("said %v", got)
	}
}

func TestSnapshotBringsALateNodeUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.must("first")
	lead := w.leader()
	late := lead%3 + 1
	w.stop(late)
	for i := range snapshotEvery + 50 {
		if _, err := w.groups[lead].Propose(t.Context(), "say", fmt.Sprint(i), nil); err != nil {
			lead = w.leader()
		}
	}
	// Not at once: a peer that was heard of a moment ago may only be slow.
	w.until("the log is cut", func() bool {
		w.must("more")
		return w.disks[w.leader()].load().Snapshot != nil
	})
	w.start(late)
	w.until("the late node has everything", func() bool {
		return slices.Equal(w.tapes[late].said(), w.tapes[w.leader()].said()) && len(w.tapes[late].said()) > snapshotEvery
	})
}

func TestVotersChangeOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.must("a")
	w.disks[4] = &disk{}
	w.start(4)
	lead := w.groups[w.leader()]
	if err := lead.SetVoters([]int{1, 2}); err == nil && len(lead.Status().Voters) != 2 {
		t.Fatal("a lawful change did nothing")
	}
	w.until("the change is settled", func() bool { return w.groups[w.leader()].Status().Settled })
	if err := w.groups[w.leader()].SetVoters([]int{3, 4}); err == nil {
		t.Fatal("two voters changed at once")
	}
	lead = w.groups[w.leader()]
	list := lead.Status().Voters
	if err := lead.SetVoters(append(list, 4)); err != nil {
		t.Fatal(err)
	}
	w.must("b")
	w.until("the new voter has all", func() bool { return slices.Equal(w.tapes[4].said(), []string{"a", "b"}) })
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.must("a")
	lead := w.leader()
	to := lead%3 + 1
	w.until("the lead went over", func() bool {
		if g := w.groups[lead]; g.Status().Leading {
			g.Transfer(t.Context(), to)
		}
		return w.groups[to].Status().Leading
	})
}

func TestABrokenDiskPromisesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.must("a")
	w.disks[1].mu.Lock()
	w.disks[1].broken = true
	w.disks[1].mu.Unlock()
	if _, err := w.groups[1].Propose(t.Context(), "say", "b", nil); err == nil {
		t.Fatal("an entry was acknowledged that is not on disk")
	}
	if w.groups[1].Status().Leading {
		t.Fatal("a node leads that cannot write")
	}
}

// TestRandomFailures cuts, stops and starts nodes by dice while entries are
// proposed. All acknowledged entries are there at the end, in the same order
// everywhere.
func TestRandomFailures(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		dice := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(t, 5)
		var acknowledged []string
		down := map[int]bool{}
		for i := range 60 {
			id := dice.IntN(5) + 1
			switch {
			case down[id]:
				w.start(id)
				down[id] = false
			case w.isCut(id):
				w.isolate(id, false)
			case dice.IntN(2) == 0:
				w.isolate(id, true)
			default:
				w.stop(id)
				down[id] = true
			}
			text := fmt.Sprint(seed, ".", i)
			if w.say(text, 80*time.Millisecond) == nil {
				acknowledged = append(acknowledged, text)
			}
		}
		for id := 1; id <= 5; id++ {
			w.isolate(id, false)
			if down[id] {
				w.start(id)
			}
		}
		w.must("end")
		want := w.tapes[w.leader()].said()
		at := 0
		for _, s := range acknowledged {
			i := slices.Index(want[at:], s)
			if i < 0 {
				t.Fatalf("seed %d: %s was acknowledged and is gone or out of order in %v", seed, s, want)
			}
			at += i + 1
		}
		w.agree(want...)
		if len(acknowledged) == 0 {
			t.Errorf("seed %d: nothing was acknowledged", seed)
		}
	}
}
