package plans

import (
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// asked is a view in which three nodes are ready, and have said that all is well.
func asked(probes Probes) View {
	v := view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true), record(tasks.NodePod, 1, "node-join", tasks.Running, 0, true),
		record(tasks.NodePod, 2, "node-join", tasks.Running, 0, true), record(tasks.MetricsPod, 0, "server", tasks.Running, 0, true))
	v.Probes, v.Database = probes, Database{}
	for name, r := range v.Records {
		r.ReadyAt = noon.Add(-time.Hour)
		if r.Pod.Type == tasks.NodePod {
			v.Database[name] = NodeView{Task: name, TaskID: r.TaskID, At: noon, Live: 3}
		}
	}
	return v
}

func TestTheGateAsksTheDatabase(t *testing.T) {
	const zero, one, two = "cockroachdb-0-node-init", "cockroachdb-1-node-join", "cockroachdb-2-node-join"
	word := func(task string, change func(*NodeView)) func(View) {
		return func(v View) {
			node := v.Database[task]
			change(&node)
			v.Database[task] = node
		}
	}
	for _, tt := range []struct {
		name   string
		change func(View)
		// required and used are what is waited for under these settings, empty when nothing is.
		required, used string
	}{
		{"all is well", func(View) {}, "", ""},
		{"ranges lack a copy", word(two, func(n *NodeView) { n.UnderReplicated = 7 }), "7 ranges lack a copy", "7 ranges lack a copy"},
		{"ranges are unavailable", word(one, func(n *NodeView) { n.Unavailable = 2 }), "2 ranges are unavailable", "2 ranges are unavailable"},
		{"the database misses a node", word(zero, func(n *NodeView) { n.Live = 2 }), "holds 2 nodes for alive, and 3 are ready", "holds 2 nodes for alive, and 3 are ready"},
		{"a dead node beside is no harm", word(zero, func(n *NodeView) { n.Live = 4 }), "", ""},
		{"a node could not be asked", word(two, func(n *NodeView) { n.Error = "connection refused" }), "to say how the database is: connection refused", ""},
		{"a node was not asked", func(v View) { delete(v.Database, two) }, "to say how the database is: there is no word of it that is young enough", ""},
		{"a word of the task before", word(two, func(n *NodeView) { n.TaskID = "older" }), "there is no word of it that is young enough", ""},
		{"an old word", word(two, func(n *NodeView) { n.At = noon.Add(-time.Minute) }), "there is no word of it that is young enough", ""},
		{"a bad old word", word(two, func(n *NodeView) { n.At, n.Unavailable = noon.Add(-time.Minute), 3 }), "there is no word of it that is young enough", ""},
		{"a node has just become ready", func(v View) { v.Records[one].ReadyAt = noon.Add(-time.Second) }, "cockroachdb-1-node-join has just become ready", "cockroachdb-1-node-join has just become ready"},
		{"a word from before a node became ready", func(v View) {
			v.Records[one].ReadyAt = noon.Add(-20 * time.Second)
			word(two, func(n *NodeView) { n.At = noon.Add(-10 * time.Second) })(v)
		},
			"it said nothing since cockroachdb-1-node-join became ready", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for probes, want := range map[Probes]string{ProbesRequired: tt.required, ProbesUsed: tt.used, ProbesOff: "", "": ""} {
				v := asked(probes)
				tt.change(v)
				ok, reason := MayStop(v, zero)
				if ok != (want == "") || !strings.Contains(reason.String(), want) {
					t.Errorf("%q: got %v %q, want %q", probes, ok, reason, want)
				}
				if ok, _ := MayReplace(v, zero); ok != (want == "") {
					t.Errorf("%q: replacing: got %v", probes, ok)
				}
				if ok, reason := MayStop(v, "metrics-0-server"); !ok {
					t.Errorf("metrics is held back: %s", reason)
				}
			}
		})
	}
}

// A cluster of one or two nodes says for ever that copies are lacking.
func TestASmallClusterIsNotHeldBackByCopiesThatItCannotHave(t *testing.T) {
	v := asked(ProbesRequired)
	delete(v.Records, "cockroachdb-2-node-join")
	for name, word := range v.Database {
		word.Live, word.UnderReplicated = 2, 30
		v.Database[name] = word
	}
	if ok, reason := MayStop(v, "cockroachdb-1-node-join"); !ok {
		t.Errorf("held back: %s", reason)
	}
}

func TestTheDatabasesWordHoldsNoCureBack(t *testing.T) {
	const sick = "cockroachdb-1-node-join"
	v := asked(ProbesRequired)
	code := int32(1)
	v.Records[sick].Status.CheckExit = &code
	v.Database["cockroachdb-0-node-init"] = NodeView{Task: "cockroachdb-0-node-init", TaskID: v.Records["cockroachdb-0-node-init"].TaskID, At: noon, Live: 2, UnderReplicated: 40}
	if ok, reason := MayStop(v, sick); !ok {
		t.Errorf("the restart of a node that hangs is held back: %s", reason)
	}
	// The volume goes only once the others have noticed that the node is down, and have said that nothing is unavailable.
	v.Records[sick].DownAt = noon.Add(-time.Minute)
	if ok, reason := MayReplace(v, sick); !ok {
		t.Errorf("its replacement is held back: %s", reason)
	}
	for name, change := range map[string]func(View){
		"a moment ago":      func(v View) { v.Records[sick].DownAt = noon.Add(-time.Second) },
		"words from before": func(v View) { v.Records[sick].DownAt = noon.Add(-29 * time.Second) },
		"one is silent":     func(v View) { delete(v.Database, "cockroachdb-2-node-join") },
		"ranges are lost": func(v View) {
			v.Database["cockroachdb-2-node-join"] = NodeView{Task: "cockroachdb-2-node-join", TaskID: "id-cockroachdb-2-node-join", At: noon, Unavailable: 3}
		},
		"there is no third one": func(v View) { delete(v.Records, "cockroachdb-2-node-join") },
	} {
		v := asked(ProbesRequired)
		v.Records[sick].Status.CheckExit, v.Records[sick].DownAt = &code, noon.Add(-time.Minute)
		change(v)
		if ok, _ := MayReplace(v, sick); ok {
			t.Errorf("%s: a volume goes that may hold the last copy", name)
		}
		v.Empty = true
		if ok, _ := MayReplace(v, sick); !ok && name == "there is no third one" {
			t.Errorf("%s: and yet no cluster was ever made", name)
		}
	}
}

func TestWhatAPersonForcesPassesTheGate(t *testing.T) {
	v := asked(ProbesRequired)
	v.Records["cockroachdb-1-node-join"].Status.State = tasks.Failed
	v.Database = nil
	one := v.Records["cockroachdb-2-node-join"]
	for _, force := range []bool{true, false} {
		one.Asked = &tasks.Asked{Verb: tasks.Restart, Force: force}
		stop, _ := MayStop(v, one.Task)
		replace, _ := MayReplace(v, one.Task)
		if stop != force || replace != force || MayGoOn(v, one.Task) != force {
			t.Errorf("force %v: got %v %v", force, stop, replace)
		}
	}
}
