package core

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

// A write that is too large for one batch leaves in several: nothing is left out or doubled, targets come before the records that
// name them, and what a start looks at first comes last.
func TestALargeWriteLeavesInParts(t *testing.T) {
	whole := Write{Set: map[string][]byte{keyTarget: []byte("t2"), keyFramework: []byte("f1"), keyJournal + "00": []byte("[]"),
		keyTargets + "t2": bytes.Repeat([]byte("t"), 50_000)}, Delete: []string{keyTargets + "t1"}}
	for i := range 300 {
		whole.Set[fmt.Sprintf("%scockroachdb-%d-node-join", keyRecords, i)] = bytes.Repeat([]byte("r"), 5_000)
	}
	parts := whole.parts()
	if len(parts) < 4 {
		t.Fatalf("%d parts", len(parts))
	}
	seen := map[string]int{}
	for i, part := range parts {
		if part.size() > partMost {
			t.Errorf("part %d has %d bytes", i, part.size())
		}
		for key, value := range part.Set {
			if _, twice := seen[key]; twice || !bytes.Equal(value, whole.Set[key]) {
				t.Errorf("%s: twice %v, or changed", key, twice)
			}
			seen[key] = i
		}
		if last := i == len(parts)-1; last != slices.Contains(part.Delete, keyTargets+"t1") {
			t.Errorf("part %d deletes %v", i, part.Delete)
		}
	}
	if len(seen) != len(whole.Set) {
		t.Errorf("%d of %d keys left", len(seen), len(whole.Set))
	}
	if seen[keyTargets+"t2"] != 0 || seen[keyTarget] != len(parts)-1 || seen[keyJournal+"00"] != len(parts)-1 {
		t.Errorf("target in %d, its name in %d, journal in %d of %d", seen[keyTargets+"t2"], seen[keyTarget], seen[keyJournal+"00"], len(parts))
	}
	if small := (Write{Set: map[string][]byte{keyTarget: []byte("t")}}).parts(); len(small) != 1 {
		t.Errorf("a small write leaves in %d parts", len(small))
	}
}

// The process dies between the parts of a new target: the start after it finds a state that is whole, judges the target anew, and
// comes to the same end.
func TestADeathBetweenPartsIsHealedByTheNextStart(t *testing.T) {
	stored := three()
	state, effects := Start(stored, commanded("new"), "t2", noon, Settings{BackOff: backOff})
	write, ok := effects[0].(Write)
	if !ok || state.Facts.TargetID != "t2" {
		t.Fatal("no new target")
	}
	half := changes(Facts{}, three()).Set
	for key, value := range write.Set {
		if rank(key) < 2 {
			half[key] = value
		}
	}
	facts, err := Decode(half)
	if err != nil {
		t.Fatal(err)
	}
	if facts.TargetID != "t1" {
		t.Fatalf("got %s", facts.TargetID)
	}
	again, _ := Start(facts, commanded("new"), "t3", noon, Settings{BackOff: backOff})
	for name, record := range again.Facts.Records {
		if record.TargetID == "t3" {
			t.Errorf("%s counts as launched under the new target", name)
		}
	}
	if again.Facts.TargetID != "t3" || len(again.Faults) > 0 {
		t.Errorf("got %s, %v", again.Facts.TargetID, again.Faults)
	}
}
