package render_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// hostileJob has control characters wherever there is text.
func hostileJob(state string) wire.Job {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return wire.Job{
		ID: "a\x1b", Kind: "b\x1b", Database: "c\x1b\n", Into: "d\x1b", State: state, Waiting: "e\x1b\n", BackupDir: "f\x1b", Location: "g\x1b",
		By: "h\x1b", Due: &at, Asked: at, Launched: &at, Problem: "i\x1b\nsecond line", Remedy: "j\x1b", Cancelling: true,
		Progress: &wire.JobProgress{At: at, Doing: "k\x1b", Rows: -1, Bytes: -1, TotalBytes: -1, Fraction: 2},
		Result: &wire.JobResult{Method: "l\x1b", Location: "m\x1b", Manifest: "n\x1b", Rows: -1, Bytes: -1, SHA256: "o\x1b", Version: "p\x1b",
			Seconds: -1, BytesPerSecond: -1, Notes: []string{"q\x1b"}, Removed: []string{"r\x1b"}},
	}
}

func TestTextOfJobsIsSafeForATerminal(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 1, 0, 0, time.UTC)
	tests := []struct {
		name string
		draw func(io.Writer) error
	}{
		{"job_hostile", func(w io.Writer) error { return render.Job(w, hostileJob("running"), now) }},
		{"job_hostile_state", func(w io.Writer) error { return render.Job(w, hostileJob("s\x1b"), now) }},
		{"job_done_hostile", func(w io.Writer) error { return render.JobDone(w, hostileJob("succeeded")) }},
		{"jobs_hostile", func(w io.Writer) error {
			return render.Jobs(w, wire.Jobs{Jobs: []wire.Job{hostileJob("queued"), hostileJob("running"), hostileJob("failed"), {}},
				Schedule: &wire.Schedule{Cron: "t\x1b", Databases: []string{"u\x1b"}, Location: "v\x1b"}}, now)
		}},
		{"backups_hostile", func(w io.Writer) error {
			return render.Backups(w, []wire.Backup{{Database: "a\x1b", BackupDir: "b\x1b", Method: "c\x1b", Fault: "d\x1b\n"},
				{Manifest: true, Version: "e\x1b", Rows: -1, Bytes: -1, Stored: -1}})
		}},
		{"certificates_hostile", func(w io.Writer) error {
			known := wire.Certificates{Secure: true, Source: "made", Change: "a\x1b", Waiting: "b\x1b\n", Authorities: []wire.Authority{{ID: "c\x1b", Subject: "d\x1b", Trusted: true}},
				Nodes:   []wire.NodeCertificate{{Task: "e\x1b", Serial: "f\x1b", Issuer: "g\x1b", NotAfter: &now, State: "h\x1b"}, {}},
				Clients: []wire.ClientCertificate{{User: "i\x1b", Serial: "j\x1b", Issuer: "k\x1b", NotAfter: now.Add(time.Hour)}, {User: "l\x1b", NotAfter: now}}}
			plan := wire.Plan{Phases: []wire.Phase{{Steps: []wire.Step{{Name: "m\x1b", Reason: "n\x1b\n"}}}}}
			lines := append(render.RotationParts(plan, known), render.AfterStage(known, "dcos")...)
			known2 := known
			known2.Change = render.StageReissue
			if _, err := io.WriteString(w, strings.Join(append(lines, render.AfterStage(known2, "dcos")...), "\n")+"\n"); err != nil {
				return err
			}
			return render.Certificates(w, known, now, "dcos")
		}},
		{"progress_hostile", func(w io.Writer) error {
			for _, state := range []string{"queued", "running", "w\x1b"} {
				if _, err := io.WriteString(w, strings.Join(render.ProgressParts(hostileJob(state), render.Pace{BytesPerSecond: -1, Left: -1}, true), ", ")+"\n"); err != nil {
					return err
				}
			}
			return nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := tt.draw(&out); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsFunc(out.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
				t.Errorf("control characters in %q", out.String())
			}
			golden(t, tt.name, out.Bytes())
			if err := tt.draw(full{}); !errors.Is(err, errFull) {
				t.Errorf("a writer's error becomes %v", err)
			}
		})
	}
}

func TestHowMuchIsDone(t *testing.T) {
	for _, tt := range []struct {
		progress *wire.JobProgress
		done     float64
		known    bool
	}{
		{nil, 0, false},
		{&wire.JobProgress{Rows: 5, Bytes: 5}, 0, false},
		{&wire.JobProgress{Rows: 5, TotalRows: 10}, 0.5, true},
		{&wire.JobProgress{TotalRows: 10}, 0, true},
		{&wire.JobProgress{Rows: 5, TotalRows: 10, Bytes: 1, TotalBytes: 10}, 0.1, true},
		{&wire.JobProgress{Rows: 5, TotalRows: 10, Bytes: 1, TotalBytes: 10, Fraction: 0.7}, 0.7, true},
		{&wire.JobProgress{Bytes: 20, TotalBytes: 10}, 1, true},
	} {
		if done, known := render.Fraction(tt.progress); done != tt.done || known != tt.known {
			t.Errorf("%+v: %v, %v", tt.progress, done, known)
		}
	}
}

func TestIDsAreShownAsFarAsNeeded(t *testing.T) {
	jobs := func(ids ...string) (list []wire.Job) {
		for _, id := range ids {
			list = append(list, wire.Job{ID: id})
		}
		return list
	}
	for _, tt := range []struct {
		jobs []wire.Job
		want int
	}{
		{nil, 8}, {jobs("0123456789"), 8}, {jobs("0123456789", "1123456789"), 8}, {jobs("0123456789", "0123456780"), 10}, {jobs("0123456789", "012345678x", "a"), 10},
	} {
		if got := render.ShortID(tt.jobs); got != tt.want {
			t.Errorf("%d ids: %d characters, want %d", len(tt.jobs), got, tt.want)
		}
	}
}
