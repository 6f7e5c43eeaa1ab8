package jobs

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/secrets"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func nightly(t *testing.T) *Scheduled {
	t.Helper()
	cron, err := ParseCron("0 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	return &Scheduled{Text: "0 2 * * *", Cron: cron, Service: "/team/crdb", Databases: []string{"bank", "shop"}, Keys: hushKeys,
		Params: tasks.JobParams{Bucket: "my-bucket", Dir: "nightly", Region: "us-west-1", Method: "auto", KeepCount: 7}}
}

// ordered are the scheduled backups that were asked for: database, due time, folder.
func (f *fakeCore) ordered() string {
	f.lock.Lock()
	defer f.lock.Unlock()
	var list []string
	for _, event := range f.asked {
		order := event.(core.JobOrder)
		list = append(list, fmt.Sprintf("%s %s %s", order.Job.Params.Database, order.Job.Due.Format("02T15:04"), order.Job.Params.BackupDir))
	}
	f.asked = nil
	return strings.Join(list, ", ")
}

// The clock of a bubble begins on 2000-01-01 at midnight, UTC.
func TestScheduledBackupsAreAskedForWhenTheyAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &fakeCore{state: core.State{Facts: core.Facts{Deployed: true, Cluster: core.Cluster{ID: "845c6f31-0282-4a37-80f1-cb53a186a213"},
			Schedule: core.ScheduleFacts{Cron: "0 2 * * *", Since: time.Now()}}}}
		desk := testDesk(f)
		desk.Now, desk.Keys, desk.Scheduled = time.Now, secrets.New(time.Now), nightly(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			desk.Run(ctx, slog.New(slog.NewTextHandler(&log, nil)))
		}()
		wait := func(span time.Duration) string {
			time.Sleep(span)
			synctest.Wait()
			return f.ordered()
		}
		expect := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: asked for %q, want %q", what, got, want)
			}
		}
		expect("before the first run", wait(2*time.Hour-time.Second), "")
		expect("at the first run", wait(6*time.Second), "bank 01T02:00 20000101T020000Z-team__crdb-845c6f31, shop 01T02:00 20000101T020000Z-team__crdb-845c6f31")
		expect("after it", wait(22*time.Hour), "")
		f.end()
		expect("the next night", wait(2*time.Hour), "bank 02T02:00 20000102T020000Z-team__crdb-845c6f31, shop 02T02:00 20000102T020000Z-team__crdb-845c6f31")
		f.end()

		// A job of a person works on bank in the next night.
		f.lock.Lock()
		f.state.Facts.Jobs = map[string]tasks.Job{"mine": {State: tasks.JobRunning, Params: tasks.JobParams{Database: "other", Into: "bank"}}}
		f.lock.Unlock()
		expect("while another job works on it", wait(24*time.Hour), "shop 03T02:00 20000103T020000Z-team__crdb-845c6f31")
		f.end()
		expect("when that ended", wait(Every), "bank 03T02:00 20000103T020000Z-team__crdb-845c6f31")
		f.end()

		// The core refuses for hours: the night is asked for until it is taken on, and told once.
		f.lock.Lock()
		f.answer = func(core.Asking) (core.Reply, error) {
			return core.Reply{Code: 409, Message: "another job works on that database"}, nil
		}
		f.lock.Unlock()
		if got := strings.Count(wait(30*time.Hour), "bank 04T02:00"); got < 1000 {
			t.Errorf("asked %d times", got)
		}
		f.lock.Lock()
		f.answer = nil
		f.lock.Unlock()
		expect("once it is taken", wait(Every), "bank 04T02:00 20000104T020000Z-team__crdb-845c6f31, shop 04T02:00 20000104T020000Z-team__crdb-845c6f31")
		cancel()
		<-done
		if got := strings.Count(log.String(), "another job works"); got != 2 || strings.Contains(log.String(), "hush") {
			t.Errorf("told %d times:\n%s", got, log.String())
		}
	})
}

func TestWhatIsDue(t *testing.T) {
	cron := core.ScheduleFacts{Cron: "0 2 * * *", Since: at("2026-11-01 00:00:00")}
	with := func(last map[string]time.Time) core.Facts {
		facts := core.Facts{Deployed: true, Schedule: cron}
		facts.Schedule.Last = last
		return facts
	}
	other, deploying := with(nil), with(nil)
	other.Schedule.Cron = "0 3 * * *"
	deploying.Deployed = false
	first := with(nil)
	first.Schedule.Since = at("2026-11-22 02:00:01")
	for _, tt := range []struct {
		name  string
		facts core.Facts
		want  string
	}{
		{"three weeks were missed: once", with(nil), "bank, shop"},
		{"one of them was made", with(map[string]time.Time{"bank": at("2026-11-22 02:00:00")}), "shop"},
		{"both were made", with(map[string]time.Time{"bank": at("2026-11-22 02:00:00"), "shop": at("2026-11-22 02:00:00")}), ""},
		{"yesterday's was made", with(map[string]time.Time{"bank": at("2026-11-21 02:00:00"), "shop": at("2026-11-22 02:00:00")}), "bank"},
		{"a database was added", with(map[string]time.Time{"old": at("2026-11-22 02:00:00")}), "bank, shop"},
		{"a new schedule missed nothing", first, ""},
		{"the core has not heard of this schedule", other, ""},
		{"not deployed yet", deploying, ""},
	} {
		desk := testDesk(&fakeCore{})
		desk.Scheduled = nightly(t)
		var list []string
		for _, job := range desk.due(core.State{Facts: tt.facts}) {
			list = append(list, job.Params.Database)
			if job.Due != at("2026-11-22 02:00:00") || job.By != tasks.BySchedule || !job.KeysKept || job.Kind != tasks.JobBackup ||
				job.Params.KeepCount != 7 || job.ID == "" || strings.Contains(fmt.Sprintf("%+v", job), "hush") {
				t.Errorf("%s: %+v", tt.name, job)
			}
		}
		if got := strings.Join(list, ", "); got != tt.want {
			t.Errorf("%s: due %s, want %s", tt.name, got, tt.want)
		}
	}
	if desk := testDesk(&fakeCore{}); desk.due(core.State{Facts: with(nil)}) != nil {
		t.Error("without a schedule something is due")
	}
}

func TestTheScheduleAsItIsShown(t *testing.T) {
	shown := nightly(t).Show(noon)
	if shown.Cron != "0 2 * * *" || shown.Location != "s3://my-bucket/nightly" || shown.Next != at("2026-11-23 02:00:00") || len(shown.Databases) != 2 {
		t.Errorf("%+v", shown)
	}
	if (*Scheduled)(nil).Show(noon) != nil {
		t.Error("a schedule is shown without one")
	}
}

// Keys of a job that is gone are forgotten by the rounds, those of one that waits are kept.
func TestRoundsForgetKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeCore{state: core.State{Facts: core.Facts{Jobs: map[string]tasks.Job{"waits": {State: tasks.JobQueued}, "ended": {State: tasks.JobFailed}}}}}
		desk := testDesk(f)
		desk.Keys = secrets.New(time.Now)
		for _, id := range []string{"waits", "ended", "unknown"} {
			desk.Keys.Put(id, hushKeys)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go desk.Run(ctx, slog.New(slog.DiscardHandler))
		time.Sleep(time.Minute)
		if desk.Keys.Len() != 3 {
			t.Errorf("after a minute %d are left", desk.Keys.Len())
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if _, ok := desk.Keys.Take("waits"); !ok || desk.Keys.Len() != 0 {
			t.Errorf("after three minutes %d others are left", desk.Keys.Len())
		}
	})
}
