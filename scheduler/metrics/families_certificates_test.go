package metrics

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// A service without certificates has no number that could be taken for an expiry in 1970.
func TestNothingIsSaidOfCertificatesThatAreNot(t *testing.T) {
	f := &facts{State: core.State{}, now: now}
	for _, family := range certificateFamilies() {
		if list := family.read(f); len(list) > 0 {
			t.Errorf("%s: %v", family.name, list)
		}
	}
}

// One that is over counts no more, and the first of the others does.
func TestWhenTheFirstCertificateOfAUserExpires(t *testing.T) {
	f := &facts{State: testState(), now: now}
	if list := clientExpiry(f); len(list) != 1 || list[0].value != float64(ago(-60).Unix()) {
		t.Errorf("%v", list)
	}
	if list := nodeExpiry(f); len(list) != 1 || list[0].value != float64(ago(-3600).Unix()) {
		t.Errorf("%v", list)
	}
	if list := nodesBehind(f); len(list) != 1 || list[0].value != 1 {
		t.Errorf("a node that never said what it serves: %v", list)
	}
}
