package job

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestCollectingIsTriedUntilItIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		kind   string
		body   string
		passes bool
		says   string
	}{
		"starting":        {503, "application/json", `{"message":"not yet"}`, true, "it answers 503 (not yet)"},
		"a router":        {404, "text/html", "<h1>no such app</h1>", true, "it answers 404"},
		"no such job":     {404, "application/json", `{"message":"no such job"}`, false, "no such job"},
		"already":         {410, "application/json", `{"message":"it was collected at 14:05"}`, false, "it was collected at 14:05"},
		"not the token":   {403, "application/json", `{"message":"not the token"}`, false, "does not take this task's token"},
		"something other": {418, "text/plain", "teapot", false, "418 (teapot)"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tasks.JobBackup)
			b.scheduler = newFakeScheduler(t, tasks.Job{})
			tries := 0
			b.scheduler.set(func(w http.ResponseWriter, path string) bool {
				if path != "collect" {
					return false
				}
				tries++
				if c.passes && tries > 3 {
					return false
				}
				w.Header().Set("Content-Type", c.kind)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
				return true
			})
			end, code := b.runCode()
			b.says(b.out.String(), c.says)
			switch {
			case c.passes && (end == nil || end.State != tasks.JobSucceeded):
				t.Errorf("it ended as %+v with %d", end, code)
			case !c.passes && (end != nil || code != tasks.ExitJobFailed || tries != 1):
				t.Errorf("it ended as %+v with %d after %d tries", end, code, tries)
			}
		})
	}
}

func TestASchedulerThatIsAwayForLongEndsAJobThatHasNotBegun(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.scheduler = newFakeScheduler(t, tasks.Job{})
	b.scheduler.url, b.pace.collect = "http://127.0.0.1:1", 300*time.Millisecond
	if end, code := b.runCode(); end != nil || code != tasks.ExitJobFailed {
		t.Errorf("it ended as %+v with %d", end, code)
	}
	b.says(b.out.String(), "cannot begin", "Check that the scheduler runs")
}

// TestTheEndIsToldUntilItIsTaken: a scheduler that restarts while a job runs costs nothing.
func TestTheEndIsToldUntilItIsTaken(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.scheduler = newFakeScheduler(t, tasks.Job{})
	refused := 0
	b.scheduler.set(func(w http.ResponseWriter, path string) bool {
		if path == "collect" || refused > 20 {
			return false
		}
		if strings.Contains(b.out.String(), "SUCCEEDED") {
			refused++ // the end, and not one more report of progress
		}
		w.WriteHeader(503)
		return true
	})
	b.succeeded(b.run())
	b.says(b.out.String(), "cannot report the end of the job")
}

func TestABadEnvironmentIsToldWithAllItsFaults(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.env["CRDB_JOB"], b.env["CRDB_JOIN"], b.env["CRDB_ARCHIVE"] = "../x", "nowhere", "/etc/passwd"
	if _, code := b.runCode(); code != tasks.ExitEnvironment {
		t.Errorf("exit code %d", code)
	}
	b.says(b.out.String(), "CRDB_JOB=", "CRDB_JOIN=", "CRDB_ARCHIVE=")
	for _, missing := range []string{"CRDB_JOB_TOKEN", "CRDB_TASK_ID", "CRDB_SERVICE"} {
		b := newBench(t, tasks.JobBackup)
		delete(b.env, missing)
		if _, code := b.runCode(); code != tasks.ExitEnvironment || !strings.Contains(b.out.String(), missing) {
			t.Errorf("without %s: exit code %d, %s", missing, code, b.out)
		}
	}
}

func TestSecretsAreTakenOutOfTexts(t *testing.T) {
	s := &scrubbing{}
	s.hide("ab/cd+efgh", "", "tiny")
	if got := s.clean("x ab/cd+efgh y ab%2Fcd%2Befgh tiny"); got != "x [redacted] y [redacted] tiny" {
		t.Errorf("got %q", got)
	}
}

func TestTheFormsOfSQLErrors(t *testing.T) {
	for stderr, want := range map[string]sqlError{
		"ERROR: duplicate key value\nSQLSTATE: 23505\nDETAIL: more\nERROR: duplicate key value\nSQLSTATE: 23505\nDETAIL: more\nFailed running \"sql\"\n": {"duplicate key value; DETAIL: more", "23505", true},
		"Error: pq: relation \"t\" does not exist\nFailed running \"sql\"\n":                                                                             {"relation \"t\" does not exist", "", true},
		"ERROR: server is shutting down\nSQLSTATE: 57P01\nFailed running \"sql\"\n":                                                                      {"server is shutting down", "57P01", false},
		"ERROR: cannot dial server.\nIs the server running?\n":                                                                                           {"cannot dial server.", "", false},
		"": {"the client ended with exit code 1 and said nothing", "", false},
	} {
		if got := readSQLError(clientResult{code: 1, stderr: stderr}); *got != want {
			t.Errorf("%q: got %+v, want %+v", stderr, *got, want)
		}
	}
}

func TestALongErrorOutputKeepsItsEnds(t *testing.T) {
	var kept tail
	for range 3000 {
		_, _ = kept.Write([]byte("0123456789"))
	}
	_, _ = kept.Write([]byte("the end"))
	if got := kept.String(); len(got) > 3*tailBytes || !strings.HasPrefix(got, "0123") || !strings.HasSuffix(got, "the end") || !strings.Contains(got, "left out") {
		t.Errorf("%d bytes: …%s", len(got), got[len(got)-20:])
	}
}
