package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// mostBody is what the API takes (scheduler/api, maxBody).
const mostBody = 64 << 10

// TestAnEndFitsIntoTheAPI: the first run with a new BACKUP_KEEP_COUNT may remove thousands, and texts of stores may be of any length.
func TestAnEndFitsIntoTheAPI(t *testing.T) {
	many := make([]string, 3600)
	for i := range many {
		many[i] = fmt.Sprintf("2026%04d", i)
	}
	long := []string{strings.Repeat("<ü\x01", 30_000), strings.Repeat("<", 30_000)}
	for name, end := range map[string]tasks.JobEnd{
		"many removed": {State: tasks.JobSucceeded, Result: &tasks.JobResult{Removed: many, Rows: 3, SHA256: "ab"}},
		"long notes":   {State: tasks.JobSucceeded, Result: &tasks.JobResult{Notes: append(many, long...), Rows: 3, SHA256: "ab"}},
		"long problem": {State: tasks.JobFailed, Problem: long[0], Remedy: long[1]},
	} {
		for _, s := range []sizes{usualSizes, shortSizes} {
			got := fit(end, s)
			text, err := json.Marshal(report{ticket: ticket{"task-1", testReport}, End: &got})
			if err != nil || len(text) > min(mostBody, s.all+1000) {
				t.Errorf("%s: %d bytes of at most %d: %v", name, len(text), s.all, err)
			}
			if got.State != end.State || end.Result != nil && (got.Result.Rows != 3 || got.Result.SHA256 != "ab") || !utf8.ValidString(got.Problem) {
				t.Errorf("%s: cut to %+v", name, got)
			}
			if end.Problem != "" && (len(got.Problem) < 100 || got.Remedy == "") {
				t.Errorf("%s: nothing is left of problem and remedy: %q %q", name, got.Problem, got.Remedy)
			}
		}
	}
	removed := fit(tasks.JobEnd{Result: &tasks.JobResult{Removed: many}}, usualSizes).Result.Removed
	if len(removed) != 51 || removed[0] != many[0] || removed[50] != "and 3550 more" || len(many) != 3600 {
		t.Errorf("%d entries, the last is %q", len(removed), removed[len(removed)-1])
	}
	few := tasks.JobEnd{State: tasks.JobFailed, Problem: "p", Remedy: "r", Result: &tasks.JobResult{Notes: many[:50]}}
	if got := fit(few, usualSizes); got.Problem != "p" || got.Remedy != "r" || len(got.Result.Notes) != 50 {
		t.Errorf("what fits was changed: %+v", got)
	}
}

// TestAnEndThatTheAPIRefusesIsToldShorterOnce, and then no more.
func TestAnEndThatTheAPIRefusesIsToldShorterOnce(t *testing.T) {
	for name, c := range map[string]struct {
		status, refused, tries int
		told                   bool
	}{
		"too large, then taken": {http.StatusRequestEntityTooLarge, 1, 2, true},
		"never taken":           {http.StatusRequestEntityTooLarge, 100, 2, false},
		"bad":                   {http.StatusBadRequest, 100, 2, false},
		"slow down":             {http.StatusTooManyRequests, 5, 6, true},
		"away":                  {http.StatusBadGateway, 30, 31, true},
		"over":                  {http.StatusGone, 100, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newFakeScheduler(t, tasks.Job{ID: "job-1"})
			tries := 0
			d.answer = func(w http.ResponseWriter, _ string) bool {
				if tries++; tries > c.refused {
					return false
				}
				w.WriteHeader(c.status)
				return true
			}
			b := newBench(t, tasks.JobBackup)
			end := tasks.JobEnd{State: tasks.JobSucceeded, Result: &tasks.JobResult{Notes: make([]string, 40)}}
			b.desk(d).end(t.Context(), end, time.Minute)
			if got := d.ended(); tries != c.tries || (got != nil) != c.told {
				t.Errorf("%d tries, told %+v", tries, got)
			} else if got != nil && c.status == http.StatusRequestEntityTooLarge && len(got.Result.Notes) != shortSizes.entries+1 {
				t.Errorf("the second try has %d notes", len(got.Result.Notes))
			}
		})
	}
}

// TestTheEndIsToldUntilTheTaskIsStopped: a job that was done has done its work, also where nobody took its report.
func TestTheEndIsToldUntilTheTaskIsStopped(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.env["CRDB_KILL_GRACE"] = "4"
	b.scheduler = newFakeScheduler(t, tasks.Job{})
	tries := 0
	b.scheduler.set(func(w http.ResponseWriter, path string) bool {
		if path == "collect" {
			return false
		}
		// Reports of progress come here too, on a slow machine many of them.
		if strings.Contains(b.out.String(), "cannot report the end") {
			if tries++; tries == 200 {
				b.signals <- syscall.SIGTERM
			}
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	if end, code := b.runCode(); end != nil || code != 0 {
		t.Errorf("it ended as %+v with %d", end, code)
	}
	b.says(b.out.String(), "SUCCEEDED", "WARNING: the end could not be reported")
}

// TestProgressThatWasNotTakenIsToldAgain: an answer of a proxy is none of the scheduler's.
func TestProgressThatWasNotTakenIsToldAgain(t *testing.T) {
	d := newFakeScheduler(t, tasks.Job{ID: "job-1"})
	tries := 0
	d.answer = func(w http.ResponseWriter, _ string) bool {
		if tries++; tries > 3 {
			return false
		}
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	b := newBench(t, tasks.JobBackup)
	desk := b.desk(d)
	how := newProgress(desk.journal)
	reports := desk.follow(t.Context(), how, func() { t.Error("nobody asked for the end") })
	how.doing("dumping")
	until(t, func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.progress) > 0 })
	reports.stop()
	if got := d.progress[0].Doing; got != "dumping" {
		t.Errorf("told %q", got)
	}
}

// desk is the job's side of a scheduler, after collecting.
func (b *bench) desk(s *fakeScheduler) *desk {
	return newDesk(node.JobSettings{Scheduler: node.SchedulerAccess{URL: s.url}, TaskID: "task-1", Ticket: tasks.JobTicket{ID: "job-1", Token: testReport}}, b.pace, node.NewJournal(b.out, time.Now))
}

func until(t *testing.T, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("waited in vain")
		}
	}
}

// TestALongReasonIsTold, cut to what the scheduler takes.
func TestALongReasonIsTold(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.scheduler = newFakeScheduler(t, tasks.Job{})
	b.store.fail["check"] = errors.New(strings.Repeat("no ", 30_000))
	end := b.run()
	if text, err := json.Marshal(end); err != nil || len(text) > mostBody {
		t.Errorf("%d bytes: %v", len(text), err)
	}
}

func TestWhatAnUploadMayTakeOfATask(t *testing.T) {
	for mem, want := range map[int]int64{0: 0, 100: 32 << 20, 256: 64 << 20, 512: 320 << 20, 1024: 832 << 20} {
		if got := buffersOf(mem); got != want {
			t.Errorf("a task of %d MB: %d MiB, want %d", mem, got>>20, want>>20)
		}
	}
	b := newBench(t, tasks.JobBackup)
	b.env["CRDB_MEM_MB"] = "much"
	if _, code := b.runCode(); code != tasks.ExitEnvironment {
		t.Errorf("exit code %d", code)
	}
	b.says(b.out.String(), "CRDB_MEM_MB=")
	s, err := node.ParseJobSettings([]string{"CRDB_JOB=j", "CRDB_JOB_TOKEN=t", "CRDB_SCHEDULER=http://h:1", "CRDB_TASK_ID=t", "CRDB_SERVICE=s", "CRDB_VERSION=v20.1.5",
		"CRDB_ARCHIVE=a.tgz", "CRDB_JOIN=h:1", "CRDB_MEM_MB=512"})
	if err != nil || s.MemMB != 512 {
		t.Errorf("got %d: %v", s.MemMB, err)
	}
}
