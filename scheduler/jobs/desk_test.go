package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// withKeys says whether an event that was handed to the core shows a key.
func withKeys(t *testing.T, f *fakeCore) bool {
	t.Helper()
	var shown bytes.Buffer
	for _, event := range f.asked {
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&shown, "%+v %#v %s\n", event, event, text)
	}
	fmt.Fprintf(&shown, "%+v", f.told)
	return strings.Contains(shown.String(), "hush")
}

func refusal(err error) string {
	var refused *Refusal
	if errors.As(err, &refused) {
		return fmt.Sprintf("%d %s", refused.Code, refused.Message)
	}
	return fmt.Sprint(err)
}

func TestAJobIsAskedForAndCollectedOnce(t *testing.T) {
	f := &fakeCore{}
	desk := testDesk(f)
	job, err := desk.Order(t.Context(), request(nil))
	if err != nil || job.ID != "job-1" || job.By != tasks.ByOperator || job.State != tasks.JobQueued || job.KeysKept || job.Params.BackupDir != "20261122T120000Z" {
		t.Fatalf("%+v, %v", job, err)
	}
	if withKeys(t, f) {
		t.Errorf("the core got a key: %v", f.asked)
	}
	event := core.JobCollect{Ticket: tasks.JobTicket{ID: "job-1", Token: "tok"}, TaskID: "task-1"}
	got, keys, err := desk.Collect(t.Context(), event)
	if err != nil || !reflect.DeepEqual(got, job) || keys != hushKeys || !reflect.DeepEqual(f.asked[1], core.Asking(event)) {
		t.Errorf("%+v, %v", got, err)
	}
	// A core that let it be collected twice would find that the keys are gone.
	if _, keys, err = desk.Collect(t.Context(), event); keys != (wire.Keys{}) || !strings.HasPrefix(refusal(err), "410 the scheduler was restarted") {
		t.Errorf("the second time: %v", err)
	}
	if !reflect.DeepEqual(f.told, []core.Event{core.JobWithoutKeys{ID: "job-1"}}) {
		t.Errorf("told %v", f.told)
	}
}

func TestWhereTheKeysOfAJobComeFrom(t *testing.T) {
	scheduled := &Scheduled{Keys: wire.Keys{AccessKeyID: "s", SecretAccessKey: "t"}}
	for _, tt := range []struct {
		name      string
		job       tasks.Job
		scheduled *Scheduled
		want      wire.Keys
		gone      string
	}{
		{"asked for by a person", tasks.Job{By: tasks.ByOperator}, scheduled, hushKeys, ""},
		{"by a person, before a restart", tasks.Job{ID: "other", By: tasks.ByOperator}, scheduled, wire.Keys{}, "start the job again"},
		{"with the agent's role", tasks.Job{By: tasks.ByOperator, Params: tasks.JobParams{IAM: true}}, scheduled, wire.Keys{}, ""},
		{"by the schedule", tasks.Job{By: tasks.BySchedule}, scheduled, scheduled.Keys, ""},
		{"by the schedule, with the role", tasks.Job{By: tasks.BySchedule, Params: tasks.JobParams{IAM: true}}, &Scheduled{}, wire.Keys{}, ""},
		{"by a schedule that is no more", tasks.Job{By: tasks.BySchedule}, nil, wire.Keys{}, "hold no keys"},
		{"by a schedule that has the role now", tasks.Job{By: tasks.BySchedule}, &Scheduled{}, wire.Keys{}, "hold no keys"},
	} {
		f := &fakeCore{}
		desk := testDesk(f)
		desk.Scheduled = tt.scheduled
		if tt.job.ID == "" {
			tt.job.ID = "job"
		}
		desk.Keys.Put("job", hushKeys)
		f.answer = func(core.Asking) (core.Reply, error) { return core.Reply{Code: 200, Job: tt.job}, nil }
		job, keys, err := desk.Collect(t.Context(), core.JobCollect{Ticket: tasks.JobTicket{ID: tt.job.ID}})
		if tt.gone == "" && (err != nil || keys != tt.want || job.ID != tt.job.ID || f.told != nil) {
			t.Errorf("%s: %v, told %v", tt.name, err, f.told)
		}
		if tt.gone != "" && (!strings.HasPrefix(refusal(err), "410 ") || !strings.Contains(refusal(err), tt.gone) || keys != (wire.Keys{}) || job.ID != "" || len(f.told) != 1) {
			t.Errorf("%s: %v, told %v", tt.name, err, f.told)
		}
	}
}

// Keys go when the job is refused, cancelled or done, and stay while nobody knows.
func TestWhatBecomesOfTheKeys(t *testing.T) {
	answered := func(code int, state tasks.JobState) func(core.Asking) (core.Reply, error) {
		return func(core.Asking) (core.Reply, error) {
			return core.Reply{Code: code, Message: "said", Job: tasks.Job{ID: "job-1", State: state}}, nil
		}
	}
	order := func(d *Desk) error { _, err := d.Order(context.Background(), request(nil)); return err }
	cancel := func(d *Desk) error { _, err := d.Cancel(context.Background(), "job-1"); return err }
	report := func(end *tasks.JobEnd) func(*Desk) error {
		return func(d *Desk) error {
			_, err := d.Report(context.Background(), core.JobReport{Ticket: tasks.JobTicket{ID: "job-1"}, End: end})
			return err
		}
	}
	collect := func(d *Desk) error {
		_, _, err := d.Collect(context.Background(), core.JobCollect{Ticket: tasks.JobTicket{ID: "job-1"}})
		return err
	}
	for _, tt := range []struct {
		name   string
		answer func(core.Asking) (core.Reply, error)
		do     func(*Desk) error
		err    string
		left   int
	}{
		{"taken on", answered(200, tasks.JobQueued), order, "<nil>", 1},
		{"another job works on that database", answered(409, ""), order, "409 said", 0},
		{"nothing is deployed", answered(503, ""), order, "503 said", 0},
		{"no answer", func(core.Asking) (core.Reply, error) {
			return core.Reply{}, fmt.Errorf("wait: %w", context.DeadlineExceeded)
		}, order, "503 " + errNoAnswer.Error(), 1},
		{"the scheduler ends", func(core.Asking) (core.Reply, error) { return core.Reply{}, errors.New("stopping") }, order, "503 stopping", 1},
		{"cancelled at once", answered(200, tasks.JobCancelled), cancel, "<nil>", 0},
		{"to be cancelled", answered(200, tasks.JobQueued), cancel, "<nil>", 1},
		{"ended before", answered(208, tasks.JobFailed), cancel, "208 said", 1},
		{"no such job", answered(404, ""), cancel, "404 said", 1},
		{"not its token", answered(403, ""), collect, "403 said", 1},
		{"collected before", answered(410, ""), collect, "410 said", 1},
		{"nobody answers the task", func(core.Asking) (core.Reply, error) { return core.Reply{}, errors.New("stopping") }, collect, "503 stopping", 1},
		{"a report", answered(200, tasks.JobRunning), report(nil), "<nil>", 1},
		{"an end", answered(200, tasks.JobFailed), report(&tasks.JobEnd{State: tasks.JobFailed}), "<nil>", 0},
		{"an end that is not taken", answered(403, ""), report(&tasks.JobEnd{State: tasks.JobFailed}), "403 said", 1},
	} {
		f := &fakeCore{answer: tt.answer}
		desk := testDesk(f)
		if reflect.ValueOf(tt.do).Pointer() != reflect.ValueOf(order).Pointer() {
			desk.Keys.Put("job-1", hushKeys)
		}
		if err := tt.do(desk); refusal(err) != tt.err || desk.Keys.Len() != tt.left || withKeys(t, f) {
			t.Errorf("%s: %v; keys of %d jobs are left", tt.name, err, desk.Keys.Len())
		}
	}
	// What cannot be meant reaches nobody.
	f := &fakeCore{}
	desk := testDesk(f)
	_, err := desk.Order(t.Context(), request(func(r *wire.JobRequest) { r.Database = "" }))
	if faults := (Faults{}); !errors.As(err, &faults) || f.asked != nil || desk.Keys.Len() != 0 {
		t.Errorf("%v; asked %v", err, f.asked)
	}
}

// The version that counts is that of the target in force: new settings that were refused count for nothing.
func TestTheVersionIsThatOfTheTargetInForce(t *testing.T) {
	f := &fakeCore{}
	desk := testDesk(f)
	dump := request(func(r *wire.JobRequest) { r.Method = "dump" })
	if _, err := desk.Order(t.Context(), dump); err == nil {
		t.Error("the settings' version does not count while there is no target")
	}
	env := map[string]string{cockroach.EnvVersion: "v20.1.17"}
	f.state.Facts.TargetID, f.state.Facts.Targets = "t", map[string]tasks.Target{"t": {Pods: []tasks.PodSpec{{Type: tasks.NodePod, Tasks: []tasks.TaskSpec{{Env: env}}}}}}
	if job, err := desk.Order(t.Context(), dump); err != nil || job.Params.Compress != "gzip" {
		t.Errorf("%+v, %v", job, err)
	}
}

func TestRefusalsHaveTheCodeAndTheSentence(t *testing.T) {
	if got := (&Refusal{http.StatusConflict, "no"}).Error(); got != "no" {
		t.Error(got)
	}
}
