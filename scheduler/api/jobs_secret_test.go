package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// realCore answers with the core itself, and remembers everything that it would have written, sent and logged.
type realCore struct {
	state   core.State
	effects []core.Effect
	events  []core.Event
	number  uint64
}

func (c *realCore) Snapshot() core.State { return c.state }

func (c *realCore) Ask(_ context.Context, event core.Asking) (core.Reply, error) {
	c.number++
	effects := c.take(event.For(c.number))
	for _, effect := range effects {
		if reply, ok := effect.(core.Reply); ok && reply.Request == c.number {
			return reply, nil
		}
	}
	return core.Reply{}, fmt.Errorf("no answer to %T", event)
}

func (c *realCore) Tell(_ context.Context, event core.Event) { c.take(event) }

func (c *realCore) take(event core.Event) (effects []core.Effect) {
	c.state, effects = core.Frame(c.state, core.Input{Now: noon.Add(time.Duration(len(c.events)) * time.Second), Seed: [16]byte{byte(len(c.events))}, Event: event})
	c.effects, c.events = append(c.effects, effects...), append(c.events, event)
	return effects
}

// launched gives a job a task, as the master's offers would have.
func (c *realCore) launched(t *testing.T, id string) {
	t.Helper()
	job, ok := c.state.Facts.Jobs[id]
	if !ok {
		t.Fatalf("the core has no job %s", id)
	}
	job.State, job.TaskID, job.Tries = tasks.JobRunning, "cockroachdb__admin-0-backup__1", 1
	facts := core.Facts{Jobs: map[string]tasks.Job{id: job}, Records: map[string]*tasks.Record{}}
	for name, record := range c.state.Facts.Records {
		facts.Records[name] = record
	}
	facts.Records[job.Kind.Task()] = &tasks.Record{Schema: tasks.RecordSchema, Pod: tasks.AdminInstance, Spec: string(job.Kind), Task: job.Kind.Task(), TaskID: job.TaskID, TargetID: targetID,
		ExecutorID: "e", Agent: tasks.Agent{ID: "a"}, Confirmed: true, Job: &tasks.JobTicket{ID: id, Token: jobToken}, Status: tasks.Status{State: tasks.Running, Since: noon}}
	c.state.Facts.Jobs, c.state.Facts.Records = facts.Jobs, facts.Records
}

// With the core behind it, from the request to the end of the job: keys are in the answer to the task and nowhere else, not in an
// event, a snapshot, a write to the store, a call, a log line or another answer.
func TestKeysAreInNoSnapshotWriteLogLineOrAnswer(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	state := jobState(func(state *core.State) {
		state.Facts.Jobs = nil
		state.Facts.Cluster.Initialised = true
		delete(state.Facts.Records, tasks.JobBackup.Task())
	})
	state, _ = core.Start(state.Facts, adminTarget(), "new", noon, core.Settings{Schedule: "0 2 * * *"})
	source := &realCore{state: state}
	source.take(core.Subscribed{FrameworkID: frameworkID})
	options := withJobs(source)
	cron, err := jobs.ParseCron("0 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	options.Jobs.Scheduled = &jobs.Scheduled{Text: "0 2 * * *", Cron: cron, Keys: hush}
	server := Handler(source, options)
	at := serveHandler(t, server)
	id := options.Jobs.NewID()
	ids := []string{id, "another"}
	options.Jobs.NewID = func() (next string) { next, ids = ids[0], ids[1:]; return next }
	var seen strings.Builder
	look := func(when string) {
		t.Helper()
		for _, route := range (handlers{options: options, source: source}).routes() {
			method, path, _ := strings.Cut(route.pattern, " ")
			if method != http.MethodGet || strings.HasPrefix(path, "/v1/artifacts") || strings.HasPrefix(path, "/v1/debug/threads") {
				continue
			}
			for from, to := range map[string]string{"{plan}": "backup", "{pod}": "admin-0", "{name}": "pg", "{id}": id} {
				path = strings.ReplaceAll(path, from, to)
			}
			fmt.Fprintf(&seen, "%s\n", do(t, method, at+path, "").body)
		}
		snapshot, err := json.Marshal(source.state.Facts)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&seen, "%s %+v %+v %+v\n", snapshot, source.state, source.events, options.Jobs)
		for _, effect := range source.effects {
			fmt.Fprintf(&seen, "%+v\n", effect)
			if write, ok := effect.(core.Write); ok {
				for key, value := range write.Set {
					fmt.Fprintf(&seen, "%s %s\n", key, value)
				}
			}
		}
		seen.WriteString(log.String())
		for _, key := range []string{hush.AccessKeyID, hush.SecretAccessKey, hush.SessionToken, "hush"} {
			if i := strings.Index(seen.String(), key); i >= 0 {
				t.Fatalf("%s: a key shows: %s", when, seen.String()[max(0, i-200):i+20])
			}
		}
	}
	asked := do(t, http.MethodPost, at+"/v1/jobs", body(t, nil))
	if asked.status != 200 {
		t.Fatalf("%v", asked)
	}
	seen.WriteString(asked.body)
	look("after the request")
	second := do(t, http.MethodPost, at+"/v1/plans/restore/start", `{"DATABASE":"bank","S3_BUCKET":"my-bucket","S3_BACKUP_DIR":"x","AWS_ACCESS_KEY_ID":"AKIAhush","AWS_SECRET_ACCESS_KEY":"hush"}`)
	seen.WriteString(second.body)
	if second.status != 409 {
		t.Errorf("a second job on the same database: %v", second)
	}
	source.launched(t, id)
	look("after the launch")
	stolen := do(t, http.MethodPost, at+"/v1/jobs/"+id+"/collect", `{"taskId":"cockroachdb__admin-0-backup__1","token":"guess"}`)
	if stolen.status != 403 {
		t.Errorf("with another token: %v", stolen)
	}
	seen.WriteString(stolen.body)
	ticket := `{"taskId":"cockroachdb__admin-0-backup__1","token":"` + jobToken + `"`
	given := do(t, http.MethodPost, at+"/v1/jobs/"+id+"/collect", ticket+"}")
	if given.status != 200 || !strings.Contains(given.body, hush.SecretAccessKey) || options.Jobs.Keys.Len() != 0 {
		t.Errorf("the task got no keys: %d; %d are left", given.status, options.Jobs.Keys.Len())
	}
	if again := do(t, http.MethodPost, at+"/v1/jobs/"+id+"/collect", ticket+"}"); again.status != 410 {
		t.Errorf("given twice: %v", again)
	}
	if got := do(t, http.MethodPost, at+"/v1/jobs/"+id+"/report", ticket+`,"progress":{"doing":"dumping","rows":3}}`); got.status != 200 {
		t.Errorf("%v", got)
	}
	look("while it works")
	if got := do(t, http.MethodPost, at+"/v1/jobs/"+id+"/report", ticket+`,"end":{"state":"failed","problem":"no such bucket"}}`); got.status != 200 {
		t.Errorf("%v", got)
	}
	look("after its end")
	if got := do(t, http.MethodGet, at+"/v1/jobs/"+id, ""); !strings.Contains(got.body, `"state": "failed"`) || !strings.Contains(got.body, "no such bucket") {
		t.Errorf("%v", got)
	}
}
