package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// What the executor of a pod holds stands in the record of each of its tasks, and is one reservation.
func TestWhatTasksOfAPodShareIsOneReservation(t *testing.T) {
	first, second := nodeRecord(0), nodeRecord(0)
	second.Task = "cockroachdb-0-backup"
	state := three(nil)
	state.Facts.Records = map[string]*tasks.Record{first.Task: &first, second.Task: &second}
	at := serve(t, &fakeSource{state: state}, testOptions())
	for _, path := range []string{"/v1/debug/reservations", "/v1/debug/reservations?details=true"} {
		got := do(t, http.MethodGet, at+path, "")
		if got.status != 200 || strings.Count(got.body, `"executor-cpus"`) != 1 || strings.Count(got.body, `"disk"`) != 1 {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := do(t, http.MethodGet, at+"/v1/debug/reservations?details=yes", ""); got.status != 400 || !strings.Contains(got.body, "details=yes is neither true nor false") {
		t.Errorf("%v", got)
	}
}
