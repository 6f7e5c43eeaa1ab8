package placement_test

import (
	"errors"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// FuzzParse holds Parse to what it promises for any text: a rule that reads back as itself and can be checked, or an
// error with every fault named.
func FuzzParse(f *testing.F) {
	for _, c := range readable {
		f.Add(c.text)
	}
	for _, text := range unreadable {
		f.Add(text)
	}
	agent := tasks.Agent{ID: "a", Hostname: "h", Zone: "z", Attributes: []tasks.Attribute{{Name: "rack", Value: "1"}}}
	others := []tasks.Placed{{Pod: tasks.Pod{Type: "p"}, Agent: agent}}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := placement.Parse(text)
		if err != nil {
			var parse *placement.ParseError
			if !errors.As(err, &parse) || len(parse.Faults) == 0 {
				t.Fatalf("error without faults: %v", err)
			}
			for _, fault := range parse.Faults {
				if fault.Message == "" || fault.Remedy == "" {
					t.Fatalf("fault without message or remedy: %+v", fault)
				}
			}
			return
		}
		again, err := placement.Parse(rule.String())
		if err != nil || again.String() != rule.String() {
			t.Fatalf("%q is written as %q, which reads as %q, %v", text, rule.String(), again.String(), err)
		}
		first, second := rule.Check(&agent, rule.Census("p", others)), again.Check(&agent, again.Census("p", others))
		if len(first) != len(second) {
			t.Fatalf("%q and %q decide differently", text, rule.String())
		}
		for _, verdict := range first {
			if verdict.Row == "" || verdict.String() == "" || verdict.Remedy() == "" {
				t.Fatalf("verdict without words: %+v", verdict)
			}
		}
	})
}
