package sim_test

import (
	"flag"
	"maps"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

var survey = flag.Bool("survey", false, "live all histories, whatever fails, and list the failures by kind")

// numbers are what differs between two failures of one kind.
var numbers = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}(-[A-Z]?\d+)?|\d+(\.\d+)?m?s?`)

// TestSurvey tells which failures there are and how frequent they are, when there are many.
func TestSurvey(t *testing.T) {
	if !*survey {
		return // a tool for people: it fails nothing
	}
	var lock sync.Mutex
	seeds := map[string][]uint64{}
	var all sync.WaitGroup
	for worker := range *workers {
		all.Go(func() {
			for i := worker; i < *histories; i += *workers {
				seed := *firstSeed + uint64(i)
				if _, _, err := sim.Live(sim.Generate(seed)); err != nil {
					kind := numbers.ReplaceAllString(err.Error(), "#")
					lock.Lock()
					seeds[kind[:min(len(kind), 200)]] = append(seeds[kind[:min(len(kind), 200)]], seed)
					lock.Unlock()
				}
			}
		})
	}
	all.Wait()
	for _, kind := range slices.Sorted(maps.Keys(seeds)) {
		slices.Sort(seeds[kind])
		t.Errorf("%d times, seeds %v…: %s", len(seeds[kind]), seeds[kind][:min(5, len(seeds[kind]))], kind)
	}
}
