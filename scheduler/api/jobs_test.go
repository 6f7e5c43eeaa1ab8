package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/secrets"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// jobToken is the token of the running job's task.
const jobToken = "99999999-8888-4777-8666-555555555555"

// hush are keys of which nothing may show but in the answer to the task.
var hush = wire.Keys{AccessKeyID: "AKIAhush", SecretAccessKey: "hush/Secret+Key", SessionToken: "hushToken=="}

// withJobs are options with a desk before the source.
func withJobs(source jobs.Core) Options {
	options := testOptions()
	options.Jobs = &jobs.Desk{Core: source, Keys: secrets.New(func() time.Time { return noon }), Now: func() time.Time { return noon },
		Version: cockroach.DefaultVersion, NewID: func() string { return "33333333-0000-4000-8000-000000000001" }}
	return options
}

// adminTarget is testTarget with the admin pod.
func adminTarget() tasks.Target {
	target := testTarget(3)
	pod := tasks.PodSpec{Type: tasks.AdminPod, Count: 1}
	for _, kind := range tasks.JobKinds {
		pod.Tasks = append(pod.Tasks, tasks.TaskSpec{Name: string(kind), Goal: tasks.GoalOnce, Instances: tasks.EveryInstance,
			Command: "exec ./cockroachdb-node job", Need: tasks.Need{CPUs: 1000, Mem: tasks.Whole(512)}, KillGrace: time.Minute})
	}
	target.Pods = append(target.Pods, pod)
	return target
}

// jobState has a job of each state: a backup that works, one behind it, a restore without a place, a verification that failed,
// and backups that were cancelled and that succeeded. Change may do more before the plans are derived.
func jobState(change func(*core.State)) core.State {
	place := func(database string) tasks.JobParams {
		return tasks.JobParams{Database: database, Bucket: "my-bucket", Dir: "cockroach-backups", BackupDir: "20261122T115000Z", Region: "us-west-1", Method: "auto"}
	}
	into := place("bank")
	into.Into = "bank2"
	list := []tasks.Job{
		{ID: "job-running", Kind: tasks.JobBackup, Params: place("bank"), By: tasks.BySchedule, Due: noon.Add(-11 * time.Minute), KeysKept: true, Asked: noon.Add(-10 * time.Minute),
			Launched: noon.Add(-9 * time.Minute), State: tasks.JobRunning, TaskID: "cockroachdb__admin-0-backup__1", Collected: true, Tries: 1, Cancelling: noon.Add(-time.Second)},
		{ID: "job-behind", Kind: tasks.JobBackup, Params: place("shop"), By: tasks.ByOperator, Asked: noon.Add(-5 * time.Minute), State: tasks.JobQueued},
		{ID: "job-queued", Kind: tasks.JobRestore, Params: into, By: tasks.ByOperator, Asked: noon.Add(-4 * time.Minute), State: tasks.JobQueued},
		{ID: "job-failed", Kind: tasks.JobVerify, Params: place("bank"), By: tasks.ByOperator, Asked: noon.Add(-time.Hour), Launched: noon.Add(-time.Hour), Ended: noon.Add(-time.Hour),
			State: tasks.JobFailed, Problem: "the object is gone", Remedy: "use another backup"},
		{ID: "job-cancelled", Kind: tasks.JobBackup, Params: place("bank"), By: tasks.ByOperator, Asked: noon.Add(-2 * time.Hour), Ended: noon.Add(-2 * time.Hour), State: tasks.JobCancelled},
		{ID: "job-good", Kind: tasks.JobBackup, Params: place("bank"), By: tasks.ByOperator, Asked: noon.Add(-24 * time.Hour), Ended: noon.Add(-23 * time.Hour), State: tasks.JobSucceeded,
			Result: &tasks.JobResult{Method: "dump", Location: "s3://my-bucket/cockroach-backups/20261122T115000Z/bank.sql.gz", Manifest: "cockroach-backups/20261122T115000Z/bank.manifest.json",
				Tables: 3, Rows: 1000, Bytes: 5_000_000, Stored: 1_000_000, SHA256: "ab", Snapshot: noon.Add(-23*time.Hour - 123*time.Millisecond), Version: "v20.1.17",
				Took: 2500 * time.Millisecond, Notes: []string{"1 view is left out"}, Removed: []string{"20261115T115000Z"}}},
	}
	task := tasks.Record{Schema: tasks.RecordSchema, Pod: tasks.AdminInstance, Spec: "backup", Task: tasks.JobBackup.Task(), TaskID: "cockroachdb__admin-0-backup__1",
		ExecutorID: "cockroachdb__admin__2", TargetID: targetID, Agent: tasks.Agent{ID: "agent-a", Hostname: "a.agents.example.org", IP: "10.0.0.8"}, Confirmed: true,
		Job: &tasks.JobTicket{ID: "job-running", Token: jobToken}, Status: tasks.Status{State: tasks.Running, At: noon, Since: noon.Add(-9 * time.Minute), IPs: []string{"10.0.0.8"}}, LastIPs: []string{"10.0.0.8"}}
	return stateOf(adminTarget(), []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord(), task}, func(state *core.State, view *plans.View) {
		state.Facts.Deployed = true
		state.Facts.Jobs = map[string]tasks.Job{}
		for _, job := range list {
			state.Facts.Jobs[job.ID] = job
		}
		state.Progress = map[string]tasks.JobProgress{"job-running": {At: noon.Add(-time.Second), Doing: "dumping", Rows: 10, TotalRows: 100, Bytes: 1000, TotalBytes: 20000, Stored: 300}}
		if change != nil {
			change(state)
		}
		view.Jobs = state.Facts.Jobs
		view.Looks[tasks.JobRestore.Task()] = "3 lack mem (544 needed, best 128)"
	})
}

// The jobs, and what the rest of the API shows of them. The token of a task is in no answer.
func TestJobsAreShownAsTheGoldenAnswers(t *testing.T) {
	cron, err := jobs.ParseCron("0 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	source := &fakeSource{state: jobState(nil)}
	options := withJobs(source)
	options.Jobs.Scheduled = &jobs.Scheduled{Text: "0 2 * * *", Cron: cron, Databases: []string{"bank", "shop"}, Keys: hush,
		Params: tasks.JobParams{Bucket: "my-bucket", Dir: "cockroach-backups"}}
	at := serve(t, source, options)
	var transcript strings.Builder
	for _, route := range []string{"/v1/jobs", "/v1/jobs/job-running", "/v1/jobs/nosuch", "/v1/jobs?state=queued", "/v1/health", "/v1/debug/why", "/v1/plans",
		"/v1/plans/backup", "/v1/plans/restore", "/v1/plans/verify", "/v1/debug/plans?plan=backup", "/v1/pod", "/v1/pod/admin-0/status", "/v1/endpoints", "/v1/endpoints/pg"} {
		fmt.Fprintf(&transcript, "GET %s\n%s\n\n", route, do(t, http.MethodGet, at+route, ""))
	}
	golden(t, "testdata/jobs.golden.txt", []byte(transcript.String()))
	for _, route := range (handlers{options: options, source: source}).routes() {
		method, path, _ := strings.Cut(route.pattern, " ")
		if method != http.MethodGet || strings.HasPrefix(path, "/v1/artifacts") {
			continue
		}
		for from, to := range map[string]string{"{plan}": "backup", "{pod}": "admin-0", "{name}": "admin-0-backup:task-status", "{id}": "job-running"} {
			path = strings.ReplaceAll(path, from, to)
		}
		if got := do(t, method, at+path, ""); strings.Contains(got.body, jobToken) || strings.Contains(got.body, "hush") {
			t.Errorf("%s shows a token or a key: %v", path, got)
		}
	}
	if info := do(t, http.MethodGet, at+"/v1/pod/admin-0/info", ""); info.status != 200 || !strings.Contains(info.body, `"CRDB_JOB_TOKEN"`) ||
		!strings.Contains(info.body, `"value": "[redacted]"`) {
		t.Errorf("the test sees no token in the task: %v", info)
	}
}

func TestAScheduleAndJobsMayBeMissing(t *testing.T) {
	at := serve(t, &fakeSource{}, testOptions())
	if got := do(t, http.MethodGet, at+"/v1/jobs", ""); got.status != 200 || got.body != "{\n  \"jobs\": []\n}" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", got)
	}
	for _, path := range []string{"/v1/jobs", "/v1/jobs/x/cancel", "/v1/jobs/x/collect", "/v1/jobs/x/report", "/v1/backups", "/v1/plans/backup/start"} {
		source := &fakeSource{}
		if got := do(t, http.MethodPost, serve(t, source, testOptions())+path, `{"A":"hush"}`); got.status != 501 || source.asked != nil {
			t.Errorf("%s: %v, asked %v", path, got, source.asked)
		}
	}
}

// body is a request for a backup with all keys.
func body(t *testing.T, change func(*wire.JobRequest)) string {
	t.Helper()
	request := wire.JobRequest{Kind: "backup", Database: "bank", Store: wire.Store{Bucket: "my-bucket", Keys: hush}}
	if change != nil {
		change(&request)
	}
	text, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRequestsForJobs(t *testing.T) {
	taken := core.Reply{Code: 200, Job: tasks.Job{ID: "33333333-0000-4000-8000-000000000001", Kind: tasks.JobBackup, State: tasks.JobQueued, By: tasks.ByOperator, Asked: noon,
		Params: tasks.JobParams{Database: "bank", Bucket: "my-bucket", Dir: "cockroach-backups", BackupDir: "20261122T120000Z"}}}
	const text = "text/plain; charset=utf-8"
	for _, tt := range []struct {
		name, path, body string
		reply            core.Reply
		err              error
		status           int
		kind, says       string
		asked            bool
	}{
		{"taken", "/v1/jobs", body(t, nil), taken, nil, 200, "application/json", `"backupDir": "20261122T120000Z"`, true},
		{"another job works on it", "/v1/jobs", body(t, nil), core.Reply{Code: 409, Message: "the backup x of bank is running"}, nil, 409, text, "the backup x of bank is running", true},
		{"not deployed", "/v1/jobs", body(t, nil), core.Reply{Code: 503, Message: "there is no database yet"}, nil, 503, text, "there is no database yet", true},
		{"no answer", "/v1/jobs", body(t, nil), core.Reply{}, fmt.Errorf("wait: %w", context.DeadlineExceeded), 503, text, "nobody knows whether the request counted", true},
		{"faults", "/v1/jobs", body(t, func(r *wire.JobRequest) { r.Database, r.Bucket, r.Keys.AccessKeyID = "", "B", "" }), taken, nil, 400, "application/json",
			`"message": "the job is not taken: 4 of its values cannot be used"`, false},
		{"a field that is not known", "/v1/jobs", `{"kind":"restore","exisiting":"drop","keys":{"secretAccessKey":"hush"}}`, taken, nil, 400, text, `unknown field "exisiting"`, false},
		{"a key under another name", "/v1/jobs", `{"kind":"restore","keys":{"secret":"hush"}}`, taken, nil, 400, text, `unknown field "secret"`, false},
		{"a text that is none", "/v1/jobs", `{"kind":"backup","database":1}`, taken, nil, 400, text, "cannot unmarshal number", false},
		{"nothing", "/v1/jobs", "", taken, nil, 400, text, "Couldn't parse the job: the body is empty; send a JSON object", false},
		{"two", "/v1/jobs", body(t, nil) + body(t, nil), taken, nil, 400, text, "something behind the JSON", false},
		{"half", "/v1/jobs", body(t, nil)[:100], taken, nil, 400, text, "unexpected EOF", false},
		{"too large", "/v1/jobs", body(t, func(r *wire.JobRequest) { r.CA = strings.Repeat("c", maxBody) }), taken, nil, 413, text, "larger than 65536 bytes", false},
		{"a parameter", "/v1/jobs?force=true", body(t, nil), taken, nil, 400, text, `there is no parameter "force"`, false},
		{"cancelled", "/v1/jobs/x/cancel", "", taken, nil, 200, "application/json", `"state": "queued"`, true},
		{"no such job", "/v1/jobs/x/cancel", "", core.Reply{Code: 404, Message: "Job x not found"}, nil, 404, text, "Job x not found", true},
		{"ended", "/v1/jobs/job-failed/cancel", "", core.Reply{Code: 208, Message: "Command has already been reported or completed"}, nil, 208, "application/json", `"state": "failed"`, true},
		{"a cancel with a parameter", "/v1/jobs/x/cancel?now=true", "", taken, nil, 400, text, `there is no parameter "now"`, false},
	} {
		source := &fakeSource{state: jobState(nil), reply: tt.reply, err: tt.err}
		got := do(t, http.MethodPost, serve(t, source, withJobs(source))+tt.path, tt.body)
		if got.status != tt.status || got.kind != tt.kind || !strings.Contains(got.body, tt.says) || (source.asked != nil) != tt.asked || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v; asked %v", tt.name, got, source.asked)
		}
		if shown := fmt.Sprintf("%s %+v", got.body, source.asked); strings.Contains(shown, "hush") {
			t.Errorf("%s: a key shows: %s", tt.name, shown)
		}
	}
}

func TestTasksCollectAndReport(t *testing.T) {
	job := tasks.Job{ID: "33333333-0000-4000-8000-000000000001", Kind: tasks.JobBackup, By: tasks.ByOperator, State: tasks.JobRunning, Params: tasks.JobParams{Database: "bank"}}
	source := &fakeSource{reply: core.Reply{Code: 200, Job: job}}
	at := serve(t, source, withJobs(source))
	if got := do(t, http.MethodPost, at+"/v1/jobs", body(t, nil)); got.status != 200 {
		t.Fatalf("%v", got)
	}
	source.asked = nil
	path := at + "/v1/jobs/" + job.ID
	got := do(t, http.MethodPost, path+"/collect", `{"taskId":"t1","token":"tok","later":1}`)
	want := []core.Asking{core.JobCollect{Ticket: tasks.JobTicket{ID: job.ID, Token: "tok"}, TaskID: "t1"}}
	var given collected
	if err := json.Unmarshal([]byte(got.body), &given); err != nil || got.status != 200 || !reflect.DeepEqual(source.asked, want) ||
		given.Keys != hush || !reflect.DeepEqual(given.Job, job) || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v, %d; asked %v", err, got.status, source.asked)
	}
	// The keys are gone with the first answer.
	again := do(t, http.MethodPost, path+"/collect", `{"taskId":"t1","token":"tok"}`)
	if again.status != 410 || again.kind != "application/json" || !strings.Contains(again.body, "start the job again") ||
		!reflect.DeepEqual(source.told, []core.Event{core.JobWithoutKeys{ID: job.ID}}) || strings.Contains(again.body, "hush") {
		t.Errorf("%v; told %v", again, source.told)
	}
	for _, tt := range []struct {
		name, path, body string
		reply            core.Reply
		err              error
		status           int
		says             string
		asked            []core.Asking
	}{
		{"not the token", "/collect", `{"taskId":"t1","token":"x"}`, core.Reply{Code: 403, Message: "not the token"}, nil, 403, `"message": "not the token"`,
			[]core.Asking{core.JobCollect{Ticket: tasks.JobTicket{ID: job.ID, Token: "x"}, TaskID: "t1"}}},
		{"collected before", "/collect", `{}`, core.Reply{Code: 410, Message: "was collected"}, nil, 410, `"message": "was collected"`, []core.Asking{core.JobCollect{Ticket: tasks.JobTicket{ID: job.ID}}}},
		{"no answer", "/collect", `{}`, core.Reply{}, errors.New("stopping"), 503, `"message": "stopping"`, []core.Asking{core.JobCollect{Ticket: tasks.JobTicket{ID: job.ID}}}},
		{"no ticket", "/collect", ``, core.Reply{Code: 200}, nil, 400, "Couldn't parse the ticket: the body is empty", nil},
		{"a list", "/collect", `[]`, core.Reply{Code: 200}, nil, 400, "Couldn't parse the ticket", nil},
		{"progress", "/report", `{"taskId":"t1","token":"tok","progress":{"doing":"dumping","rows":3,"totalBytes":9}}`, core.Reply{Code: 200, Message: "noted"}, nil, 200, `"message": "noted"`,
			[]core.Asking{core.JobReport{Ticket: tasks.JobTicket{ID: job.ID, Token: "tok"}, TaskID: "t1", Progress: &tasks.JobProgress{Doing: "dumping", Rows: 3, TotalBytes: 9}}}},
		{"the end", "/report", `{"taskId":"t1","token":"tok","end":{"state":"succeeded","result":{"method":"dump","location":"s3://b/x","tables":1,"rows":2,"bytes":3,"took":4}}}`, core.Reply{Code: 200, Message: "noted"}, nil, 200, "noted",
			[]core.Asking{core.JobReport{Ticket: tasks.JobTicket{ID: job.ID, Token: "tok"}, TaskID: "t1",
				End: &tasks.JobEnd{State: tasks.JobSucceeded, Result: &tasks.JobResult{Method: "dump", Location: "s3://b/x", Tables: 1, Rows: 2, Bytes: 3, Took: 4}}}}},
		{"over", "/report", `{"progress":{}}`, core.Reply{Code: 410, Message: "was cancelled"}, nil, 410, `"message": "was cancelled"`, []core.Asking{core.JobReport{Ticket: tasks.JobTicket{ID: job.ID}, Progress: &tasks.JobProgress{}}}},
		{"neither", "/report", `{"taskId":"t1"}`, core.Reply{Code: 200}, nil, 400, "either progress or end", nil},
		{"both", "/report", `{"progress":{},"end":{}}`, core.Reply{Code: 200}, nil, 400, "either progress or end", nil},
		{"half", "/report", `{"progress":`, core.Reply{Code: 200}, nil, 400, "Couldn't parse the report: unexpected EOF", nil},
	} {
		source := &fakeSource{reply: tt.reply, err: tt.err}
		got := do(t, http.MethodPost, serve(t, source, withJobs(source))+"/v1/jobs/"+job.ID+tt.path, tt.body)
		if got.status != tt.status || !strings.Contains(got.body, tt.says) || !reflect.DeepEqual(source.asked, tt.asked) {
			t.Errorf("%s: %v; asked %+v", tt.name, got, source.asked)
		}
	}
}

// As people knew it of the older service: keys among the parameters of a plan.
func TestPlansOfJobsAreStartedWithParameters(t *testing.T) {
	const text, keys = "text/plain; charset=utf-8", `"AWS_ACCESS_KEY_ID":"AKIAhush","AWS_SECRET_ACCESS_KEY":"hush/Secret"`
	taken := core.Reply{Code: 200, Job: tasks.Job{ID: "j"}}
	for _, tt := range []struct {
		name, path, body string
		reply            core.Reply
		status           int
		kind, says       string
		asked            string
	}{
		{"a backup", "/v1/plans/backup/start", `{"DATABASE_NAME":"bank","S3_BUCKET_NAME":"my-bucket",` + keys + `}`, taken, 200, "application/json",
			"Received cmd: start backup with parameters: {AWS_ACCESS_KEY_ID=[redacted], AWS_SECRET_ACCESS_KEY=[redacted], DATABASE_NAME=bank, S3_BUCKET_NAME=my-bucket}", "core.JobOrder"},
		{"a restore", "/v1/plans/restore/start", `{"DATABASE":"bank","S3_BUCKET":"my-bucket","S3_BACKUP_DIR":"x",` + keys + `}`, taken, 200, "application/json", "start restore", "core.JobOrder"},
		{"a name that is not known", "/v1/plans/backup/start", `{"DATABASE":"bank","AWS_SECRET_KEY":"hush"}`, taken, 400, text, "Couldn't start backup: AWS_SECRET_KEY: is not a parameter of this plan", ""},
		{"what is missing", "/v1/plans/restore/start", `{"DATABASE":"bank",` + keys + `}`, taken, 400, text, "backupDir: is missing", ""},
		{"a part of it", "/v1/plans/backup/start?phase=backup", `{"DATABASE":"bank"}`, taken, 400, text, "A backup is started as a whole", ""},
		{"another works on it", "/v1/plans/backup/start", `{"DATABASE":"bank","S3_BUCKET":"my-bucket",` + keys + `}`, core.Reply{Code: 409, Message: "busy"}, 409, text, "busy", "core.JobOrder"},
		{"without parameters", "/v1/plans/backup/start", `{}`, core.Reply{Code: 400, Message: "needs parameters"}, 400, text, "needs parameters", "core.PlanOrder"},
		{"keys for another plan", "/v1/plans/deploy/start", `{"DATABASE":"bank",` + keys + `,"MY_TOKEN":"hush"}`, core.Reply{Code: 400, Message: "takes no parameters"}, 400, text, "takes no parameters", "core.PlanOrder"},
	} {
		source := &fakeSource{reply: tt.reply}
		got := do(t, http.MethodPost, serve(t, source, withJobs(source))+tt.path, tt.body)
		asked := ""
		if len(source.asked) > 0 {
			asked = fmt.Sprintf("%T", source.asked[0])
		}
		if got.status != tt.status || got.kind != tt.kind || !strings.Contains(got.body, tt.says) || asked != tt.asked {
			t.Errorf("%s: %v; asked %v", tt.name, got, source.asked)
		}
		if shown := fmt.Sprintf("%s %+v", got.body, source.asked); strings.Contains(shown, "hush") {
			t.Errorf("%s: a key shows: %s", tt.name, shown)
		}
	}
}

func TestBucketsAreLookedInto(t *testing.T) {
	const text = "text/plain; charset=utf-8"
	asks := `{"bucket":"my-bucket","keys":{"accessKeyId":"AKIAhush","secretAccessKey":"hush/Secret"},"database":"bank"}`
	for _, tt := range []struct {
		name, body string
		err        error
		status     int
		kind, says string
		asked      bool
	}{
		{"found", asks, nil, 200, "application/json", `"backupDir": "x"`, true},
		{"a refusal", asks, fmt.Errorf("list: %w", &jobs.Refusal{Code: 404, Message: "there is no bucket my-bucket"}), 404, text, "there is no bucket my-bucket", true},
		{"the store's own words", asks, errors.New("InvalidAccessKeyId: AKIAhush is not known, nor hush/Secret"), 502, text, "InvalidAccessKeyId: [redacted] is not known, nor [redacted]", true},
		{"faults", `{"bucket":"B","keys":{"secretAccessKey":"hush"}}`, nil, 400, "application/json", `"field": "keys.accessKeyId"`, false},
		{"a field that is not known", `{"buckets":"hush"}`, nil, 400, text, `unknown field "buckets"`, false},
		{"nothing", ``, nil, 400, text, "the body is empty", false},
	} {
		var asked []wire.BackupsRequest
		options := testOptions()
		options.Backups = func(_ context.Context, request wire.BackupsRequest) (wire.Backups, error) {
			asked = append(asked, request)
			return wire.Backups{Backups: []wire.Backup{{Database: "bank", BackupDir: "x"}}}, tt.err
		}
		got := do(t, http.MethodPost, serve(t, &fakeSource{}, options)+"/v1/backups", tt.body)
		if got.status != tt.status || got.kind != tt.kind || !strings.Contains(got.body, tt.says) || (asked != nil) != tt.asked ||
			got.header.Get("Cache-Control") != "no-store" || strings.Contains(got.body, "hush") {
			t.Errorf("%s: %v", tt.name, got)
		}
		if tt.asked && (asked[0].Dir != "cockroach-backups" || asked[0].Region != "us-west-1" || asked[0].Database != "bank" || asked[0].Keys.SecretAccessKey != "hush/Secret") {
			t.Errorf("%s: asked for %+v", tt.name, asked[0])
		}
	}
}

// A job that failed is no fault of the scheduler, or Marathon would start it anew until nothing works; one that waits is no trouble.
func TestJobsDoNotMakeTheSchedulerUnhealthy(t *testing.T) {
	only := func(ids ...string) core.State {
		return jobState(func(state *core.State) {
			kept := map[string]tasks.Job{}
			for _, id := range ids {
				kept[id] = state.Facts.Jobs[id]
			}
			state.Facts.Jobs = kept
			if _, runs := kept["job-running"]; !runs {
				delete(state.Facts.Records, tasks.JobBackup.Task())
			}
		})
	}
	for _, tt := range []struct {
		name    string
		state   core.State
		code    int
		waiting int
	}{
		{"one works, two wait", jobState(nil), 321, 2},
		{"one waits behind another", only("job-behind", "job-running"), 320, 1},
		{"one failed", only("job-failed"), 200, 0},
		{"one was cancelled", only("job-cancelled"), 200, 0},
		{"one waits", only("job-queued"), 321, 1},
		{"none", only(), 200, 0},
	} {
		code, reasons := healthOf(tt.state)
		if code != tt.code {
			t.Errorf("%s: %d\n%s", tt.name, code, strings.Join(reasons, "\n"))
		}
		if waiting := whyOf(tt.state).Waiting; len(waiting) != tt.waiting {
			t.Errorf("%s: %+v", tt.name, waiting)
		}
	}
}

// An agent that is away with a job alone is the job's affair: there is nothing to replace.
func TestAJobOnAnAgentThatIsAway(t *testing.T) {
	state := jobState(func(state *core.State) {
		record := *state.Facts.Records[tasks.JobBackup.Task()]
		record.Away, record.Status.State = noon.Add(-time.Minute), tasks.Unreachable
		state.Facts.Records[record.Task] = &record
	})
	why := whyOf(state)
	var found *wire.Waiting
	for i, waiting := range why.Waiting {
		if waiting.Kind == wire.WaitsAgent || strings.Contains(waiting.Remedy, "pod replace admin-0") {
			t.Errorf("%+v", waiting)
		}
		if waiting.Why == string(plans.WhyAgent) {
			found = &why.Waiting[i]
		}
	}
	if found == nil || !strings.HasPrefix(found.Text, "backup of bank (job job-running): waits for agent") || !strings.Contains(found.Remedy, "backup cancel job-running") {
		t.Errorf("%+v", why.Waiting)
	}
	if got := jobOf(state, state.Facts.Jobs["job-running"]); !strings.HasPrefix(got.Waiting, "waits for agent") {
		t.Errorf("%+v", got)
	}
}

// Whatever is sent: an answer of the API, and no key in it that is not the task's.
func FuzzBodiesOfJobs(f *testing.F) {
	paths := []string{"/v1/jobs", "/v1/jobs/x/collect", "/v1/jobs/x/report", "/v1/jobs/x/cancel", "/v1/backups", "/v1/plans/backup/start", "/v1/plans/deploy/start"}
	for i, text := range []string{`{"kind":"backup","database":"bank","bucket":"my-bucket","keys":{"accessKeyId":"a","secretAccessKey":"b"}}`, `{"taskId":"a","token":"b"}`,
		`{"progress":{"rows":1e3}}`, ``, `{"bucket":"b","endpoint":"http://u:p@h"}`, `{"AWS_SECRET_ACCESS_KEY":"x","DATABASE":"y"}`, `{"A":"b"}`} {
		f.Add(i, text)
	}
	f.Fuzz(func(t *testing.T, which int, text string) {
		path := paths[uint(which)%uint(len(paths))]
		source := &fakeSource{reply: core.Reply{Code: 200, Job: tasks.Job{ID: "x"}}}
		options := withJobs(source)
		options.Backups = func(context.Context, wire.BackupsRequest) (wire.Backups, error) {
			return wire.Backups{}, errors.New("no")
		}
		recorder := httptest.NewRecorder()
		Handler(source, options).ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, path, strings.NewReader(text)))
		switch recorder.Code {
		case 200, 400, 410, 413, 502:
		default:
			t.Errorf("%s: %d %s", path, recorder.Code, recorder.Body)
		}
		var keys struct{ Keys wire.Keys }
		if json.Unmarshal([]byte(text), &keys) == nil && len(keys.Keys.SecretAccessKey) > 12 && strings.Count(text, keys.Keys.SecretAccessKey) == 1 &&
			strings.Contains(recorder.Body.String()+fmt.Sprintf("%+v", source.asked), keys.Keys.SecretAccessKey) {
			t.Errorf("%s: the key shows: %s", path, recorder.Body)
		}
	})
}
