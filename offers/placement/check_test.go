package placement_test

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// agentOf reads host/zone/region with attributes name=value behind: "a/z1/r1 rack=1 rack=2".
func agentOf(text string) tasks.Agent {
	words := strings.Fields(text)
	place := strings.Split(words[0]+"//", "/")
	agent := tasks.Agent{ID: "id-" + place[0], Hostname: place[0], Zone: place[1], Region: place[2]}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		agent.Attributes = append(agent.Attributes, tasks.Attribute{Name: name, Value: value})
	}
	return agent
}

// nodes places cockroachdb pods on agents, one after another.
func nodes(agents ...string) []tasks.Placed {
	var list []tasks.Placed
	for i, text := range agents {
		pod := tasks.Pod{Type: "cockroachdb", Index: i}
		list = append(list, tasks.Placed{Pod: pod, Task: pod.Task("node-join"), Agent: agentOf(text)})
	}
	return list
}

func TestCheck(t *testing.T) {
	cases := []struct {
		rule   string
		agent  string
		others []tasks.Placed
		// want are the verdicts in words, none if the agent is allowed.
		want string
	}{
		{"", "a", nodes("a", "a"), ""},

		{"hostname:UNIQUE", "a", nil, ""},
		{"hostname:UNIQUE", "a", nodes("b", "c"), ""},
		{"hostname:UNIQUE", "a", nodes("b", "a"), "already 1 cockroachdb pod on host a"},
		{"hostname:UNIQUE", "a", nodes("a", "a"), "already 2 cockroachdb pods on host a"},
		{"hostname:UNIQUE", "a", []tasks.Placed{{Pod: tasks.Pod{Type: "metrics"}, Agent: agentOf("a")}}, ""},
		{"@zone:UNIQUE", "a/z1", nodes("b/z2", "c"), ""},
		{"@zone:UNIQUE", "a/z1", nodes("b/z1"), "already 1 cockroachdb pod in zone z1"},
		{"@zone:UNIQUE", "a", nil, "the agent has no zone"},
		{"@region:UNIQUE", "a/z1/r1", nodes("b/z2/r1"), "already 1 cockroachdb pod in region r1"},
		{"@region:UNIQUE", "a/z1", nil, "the agent has no region"},
		{"rack:UNIQUE", "a rack=1", nodes("b rack=2", "c", "d other=1"), ""},
		{"rack:UNIQUE", "a rack=1", nodes("b rack=1"), "already 1 cockroachdb pod at rack 1"},
		{"rack:UNIQUE", "a", nil, "the agent has no attribute rack"},
		{"rack:UNIQUE", "a rack=1 rack=2", nodes("b rack=2"), "already 1 cockroachdb pod at rack 2"},

		{"hostname:MAX_PER:2", "a", nodes("a", "b"), ""},
		{"hostname:MAX_PER:2", "a", nodes("a", "b", "a"), "already 2 cockroachdb pods on host a, 2 allowed"},
		{"@zone:MAX_PER:2", "a/z", nodes("b/z", "c/z", "d/z"), "already 3 cockroachdb pods in zone z, 2 allowed"},
		{"@zone:MAX_PER:2", "a", nil, "the agent has no zone"},
		{"rack:MAX_PER:2", "a rack=1", nodes("b rack=1"), ""},
		{"rack:MAX_PER:2", "a", nil, "the agent has no attribute rack"},

		{"hostname:IS:a", "a", nil, ""},
		{"hostname:CLUSTER:a", "b", nil, "the agent's host is b, a is wanted"},
		{"@zone:IS:z1", "a/z1", nil, ""},
		{"@zone:IS:z1", "a/z2", nil, "the agent's zone is z2, z1 is wanted"},
		{"@region:IS:r1", "a/z2", nil, "the agent has no region, r1 is wanted"},
		{"rack:IS:1", "a rack=1.000", nil, ""},
		{"rack:IS:1.0", "a rack=1", nil, ""},
		{"rack:IS:1.0004", "a rack=1", nil, ""},
		{"rack:IS:1e3", "a rack=1000", nil, ""},
		{"rack:IS:-0", "a rack=0.000", nil, ""},
		{"rack:IS:1.001", "a rack=1", nil, "the agent's rack is 1, 1.001 is wanted"},
		{"rack:IS:1_0", "a rack=10", nil, "the agent's rack is 10, 1_0 is wanted"},
		{"rack:IS:Inf", "a rack=inf", nil, "the agent's rack is inf, Inf is wanted"},
		{"rack:IS:0x10", "a rack=16", nil, "the agent's rack is 16, 0x10 is wanted"},
		{"rack:CLUSTER:r1", "a rack=r2 rack=r1", nil, ""},
		{"rack:CLUSTER:r1", "a rack=r2 rack=r3", nil, "the agent's rack is r2, r1 is wanted"},
		{"rack:CLUSTER:r1", "a other=r1", nil, "the agent has no attribute rack, r1 is wanted"},
		{"rack:IS:R1", "a rack=r1", nil, "the agent's rack is r1, R1 is wanted"},

		{"hostname:IS_NOT:a", "b", nil, ""},
		{"hostname:IS_NOT:a", "a", nil, "the agent's host is a, which a rules out"},
		{"rack:IS_NOT:1", "a", nil, ""},
		{"rack:IS_NOT:1", "a rack=2 rack=1.0", nil, "the agent's rack is 1.0, which 1 rules out"},
		{"@zone:IS_NOT:z", "a", nil, "the agent has no zone"},
		{"@zone:IS_NOT:z", "a/y", nil, ""},

		{"hostname:LIKE:a.*", "abc", nil, ""},
		{"hostname:LIKE:b", "abc", nil, "the agent's host is abc, b is wanted"},
		{"hostname:LIKE:a|ab", "ab", nil, ""},
		{"hostname:LIKE:a|ab", "abc", nil, "the agent's host is abc, a|ab is wanted"},
		{"@region:LIKE:us-.*", "a/z/us-1", nil, ""},
		{"@region:LIKE:us-.*", "a", nil, "the agent has no region, us-.* is wanted"},
		{"rack:LIKE:r[1-3]", "a rack=r2", nil, ""},
		{"rack:LIKE:r[1-3]", "a rack=r22", nil, "the agent's rack is r22, r[1-3] is wanted"},
		{"rack:LIKE:r[1-3]", "a rack=r9 rack=r1", nil, ""},
		{"rack:LIKE:.*", "a", nil, "the agent has no attribute rack, .* is wanted"},
		{"rack:LIKE:.*", "a other=1", nil, "the agent has no attribute rack, .* is wanted"},
		{"rack:LIKE:(?i)R1", "a rack=r1", nil, ""},
		{"rack:LIKE:r1|r2", "a rack=r1", nil, ""},
		{"rack:LIKE:r1|r2", "a rack=r2", nil, ""},
		// How people wrote the row above for the SDK, which puts the name in front of the whole expression.
		{`rack:LIKE:r1|rack\:r2`, "a rack=r2", nil, ""},
		{`rack:LIKE:r1|rack\:r2`, "a rack=r3", nil, `the agent's rack is r3, r1|rack:r2 is wanted`},
		{"r.ck:LIKE:r1", "a rack=r1", nil, "the agent has no attribute r.ck, r1 is wanted"},

		{"rack:UNLIKE:r[1-3]", "a rack=r4", nil, ""},
		{"rack:UNLIKE:r[1-3]", "a", nil, ""},
		{"rack:UNLIKE:r[1-3]", "a rack=r9 rack=r2", nil, "the agent's rack is r2, which r[1-3] rules out"},
		{"hostname:UNLIKE:a.*", "abc", nil, "the agent's host is abc, which a.* rules out"},
		{"@zone:UNLIKE:z", "a", nil, "the agent has no zone"},
		{"@zone:UNLIKE:z", "a/zz", nil, ""},

		{"rack:GROUP_BY", "a rack=1", nil, ""},
		{"rack:GROUP_BY", "a rack=1", nodes("b rack=1"), ""},
		{"rack:GROUP_BY", "a rack=2", nodes("b rack=1"), ""},
		{"rack:GROUP_BY", "a rack=1", nodes("b rack=1", "c rack=1", "d rack=2"), "already 2 cockroachdb pods at rack 1, other values have 1"},
		{"rack:GROUP_BY", "a rack=2", nodes("b rack=1", "c rack=1", "d rack=2"), ""},
		{"rack:GROUP_BY", "a rack=3", nodes("b rack=1", "c rack=1", "d rack=2"), ""},
		{"rack:GROUP_BY", "a rack=1", nodes("b rack=1", "c rack=2"), ""},
		{"rack:GROUP_BY:2", "a rack=1", nodes("b rack=1", "c rack=2"), ""},
		{"rack:GROUP_BY:3", "a rack=1", nodes("b rack=1", "c rack=2"), "already 1 cockroachdb pod at rack 1, and only 2 of 3 values are in use"},
		{"rack:GROUP_BY:3", "a rack=3", nodes("b rack=1", "c rack=2"), ""},
		{"rack:GROUP_BY:3", "a rack=1", nodes("b rack=1", "c rack=1", "d rack=2", "e rack=3"), "already 2 cockroachdb pods at rack 1, other values have 1"},
		{"rack:GROUP_BY", "a", nil, "the agent has no attribute rack"},
		{"rack:GROUP_BY", "a rack=1", nodes("b", "c"), ""},
		{"@zone:GROUP_BY:2", "a/z1", nodes("b/z1"), "already 1 cockroachdb pod in zone z1, and only 1 of 2 values are in use"},
		{"hostname:GROUP_BY", "a", nodes("a", "a", "b"), "already 2 cockroachdb pods on host a, other values have 1"},

		{"hostname:UNIQUE,rack:IS:1,@zone:IS:z", "a rack=2", nodes("a"),
			"already 1 cockroachdb pod on host a; the agent's rack is 2, 1 is wanted; the agent has no zone, z is wanted"},
		{"hostname:UNIQUE,rack:IS:1", "a rack=1", nodes("b rack=1"), ""},
	}
	for _, c := range cases {
		rule, err := placement.Parse(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		agent := agentOf(c.agent)
		var got []string
		for _, verdict := range rule.Check(&agent, rule.Census("cockroachdb", c.others)) {
			got = append(got, verdict.String())
			if !strings.Contains(rule.String(), verdict.Row) || !strings.HasSuffix(verdict.Remedy(), ".") {
				t.Errorf("%s: row %q, remedy %q", c.rule, verdict.Row, verdict.Remedy())
			}
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s on %s: %q, want %q", c.rule, c.agent, text, c.want)
		}
	}
}

// The SDK counts tasks, so that a pod of two tasks fills MAX_PER twice. Pods count here.
func TestAPodCountsOnceHoweverManyTasksItHas(t *testing.T) {
	pod := tasks.Pod{Type: "cockroachdb", Index: 1}
	two := []tasks.Placed{{Pod: pod, Task: pod.Task("a"), Agent: agentOf("h")}, {Pod: pod, Task: pod.Task("b"), Agent: agentOf("h")}}
	rule, err := placement.Parse("hostname:MAX_PER:2")
	if err != nil {
		t.Fatal(err)
	}
	agent := agentOf("h")
	if refused := rule.Check(&agent, rule.Census("cockroachdb", two)); len(refused) != 0 {
		t.Errorf("refused: %s", refused[0])
	}
	two[1].Pod.Index = 2
	if refused := rule.Check(&agent, rule.Census("cockroachdb", two)); len(refused) != 1 || refused[0].Count != 2 {
		t.Errorf("two pods must fill it: %v", refused)
	}
}

// Three values, one pod after another: GROUP_BY fills them evenly, whatever agent is offered first.
func TestGroupByFillsEvenly(t *testing.T) {
	rule, err := placement.Parse("rack:GROUP_BY:3")
	if err != nil {
		t.Fatal(err)
	}
	var others []tasks.Placed
	counts := map[string]int{}
	for i := range 9 {
		for _, rack := range []string{"1", "2", "3"} {
			agent := agentOf("h" + rack + " rack=" + rack)
			if len(rule.Check(&agent, rule.Census("cockroachdb", others))) == 0 {
				others = append(others, tasks.Placed{Pod: tasks.Pod{Type: "cockroachdb", Index: i}, Agent: agent})
				counts[rack]++
				break
			}
		}
	}
	if counts["1"] != 3 || counts["2"] != 3 || counts["3"] != 3 {
		t.Errorf("got %v", counts)
	}
}
