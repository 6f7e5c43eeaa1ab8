package metrics

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestHowFarAJobIs(t *testing.T) {
	for _, tt := range []struct {
		said  tasks.JobProgress
		want  float64
		known bool
	}{
		{tasks.JobProgress{}, 0, false},
		{tasks.JobProgress{Rows: 5, Bytes: 5}, 0, false},
		{tasks.JobProgress{Rows: 5, TotalRows: 20, Bytes: 9, TotalBytes: 10}, 0.25, true},
		{tasks.JobProgress{Bytes: 9, TotalBytes: 10}, 0.9, true},
		{tasks.JobProgress{Fraction: 0.5, Rows: 5, TotalRows: 20}, 0.5, true},
		{tasks.JobProgress{Rows: 21, TotalRows: 20}, 1, true},
		{tasks.JobProgress{Fraction: 1.1}, 1, true},
	} {
		if got, known := progress(tt.said); got != tt.want || known != tt.known {
			t.Errorf("%+v: %v %v", tt.said, got, known)
		}
	}
}

// Without backups and without a schedule there is no number that could be taken for an age of zero.
func TestNothingIsSaidOfBackupsThatAreNot(t *testing.T) {
	f := &facts{State: core.State{}, now: now}
	for _, family := range jobFamilies() {
		if list := family.read(f); len(list) > 0 && family.name != "jobs" && family.name != "open_jobs" {
			t.Errorf("%s: %v", family.name, list)
		}
	}
}
