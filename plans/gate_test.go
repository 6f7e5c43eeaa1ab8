package plans

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestAStopThatWasDecidedGoesOnUnlessAnotherNodeIsOutOfService(t *testing.T) {
	const task = "cockroachdb-0-node-init"
	tests := []struct {
		name   string
		change func(View)
		want   bool
	}{
		{"all others serve", func(View) {}, true},
		{"another one died", func(v View) { v.Records["cockroachdb-1-node-join"].Status.State = tasks.Failed }, false},
		{"another one died because it was stopped too", func(v View) {
			v.Records["cockroachdb-1-node-join"].Status.State = tasks.Killed
			v.Records["cockroachdb-1-node-join"].Stopping = noon
		}, true},
		{"another one is stopped by force", func(v View) {
			v.Records["cockroachdb-1-node-join"].Stopping = noon
			v.Records["cockroachdb-1-node-join"].Asked = &tasks.Asked{Verb: tasks.Pause, Force: true}
		}, false},
		{"another one never served", func(v View) {
			v.Records["cockroachdb-1-node-join"].Status.State = tasks.Failed
			v.Records["cockroachdb-1-node-join"].Reached = false
		}, false},
		{"the node itself never served", func(v View) {
			v.Records["cockroachdb-1-node-join"].Status.State = tasks.Failed
			v.Records[task].Reached = false
		}, true},
		{"metrics does not count", func(v View) { v.Records["metrics-0-server"].Status.State = tasks.Failed }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true), record(tasks.NodePod, 1, "node-join", tasks.Running, 0, true),
				record(tasks.MetricsPod, 0, "server", tasks.Running, 0, true))
			v.Records[task].Stopping = noon
			tt.change(v)
			if got := MayGoOn(v, task); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
