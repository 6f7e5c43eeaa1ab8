package metrics

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2025, 1, 31, 10, 0, 0, 0, time.UTC)

func ago(seconds int) time.Time { return now.Add(-time.Duration(seconds) * time.Second) }

func node(index int, spec string, state tasks.State) *tasks.Record {
	pod := tasks.Pod{Type: tasks.NodePod, Index: index}
	return &tasks.Record{Pod: pod, Task: pod.Task(spec), TaskID: pod.Task(spec) + "__1", Agent: tasks.Agent{ID: pod.String()},
		Status: tasks.Status{State: state}}
}

// testState is a service with one node of each fate: ready, failing, away and being replaced, being stopped, paused, and one
// that finds no place. Its configuration was refused.
func testState() core.State {
	away, stopping, paused := node(2, "node-join", tasks.Unreachable), node(3, "node-join", tasks.Running), node(4, "node-join", tasks.Running)
	away.Away, away.Asked = ago(60), &tasks.Asked{Verb: tasks.Replace}
	stopping.Stopping = ago(5)
	stopping.Status.HasCheck = true
	paused.Paused = true
	// One node of the others has been made secure.
	secure := node(0, "node-init", tasks.Running)
	secure.Spec, secure.TargetID = "node-init", "t"
	secure.Enrolment = &tasks.Enrolment{Key: "k"}
	secure.Certificate = &tasks.Certificate{Issuer: "0123456789abcdef", Trust: []string{"0123456789abcdef"}, Issued: ago(3600), NotAfter: ago(-3600)}
	metrics := tasks.Pod{Type: tasks.MetricsPod}
	records := map[string]*tasks.Record{}
	for _, record := range []*tasks.Record{secure, node(1, "node-join", tasks.Failed), away, stopping, paused,
		node(6, "node-join", tasks.Running), node(7, "node-join", tasks.Running),
		{Pod: metrics, Task: "metrics-0-server", Status: tasks.Status{State: tasks.Running}}} {
		records[record.Task] = record
	}
	refused := func(kind offers.Kind, agents int) offers.Count {
		return offers.Count{Agents: agents, Best: offers.Cause{Kind: kind}}
	}
	step := func(status plans.Status, why plans.Why) plans.Step {
		return plans.Step{Status: status, Reason: plans.Reason{Why: why}}
	}
	return core.State{
		Now: ago(1),
		Facts: core.Facts{TargetID: "t", Targets: map[string]tasks.Target{"t": {Service: tasks.Service{Secure: true}, Pods: []tasks.PodSpec{
			{Type: tasks.NodePod, Count: 6, Tasks: []tasks.TaskSpec{{Name: "node-init", Instances: tasks.FirstInstance, Database: true}}}, {Type: tasks.MetricsPod, Count: 1}}}}, Records: records, Deployed: true,
			Journal: core.Journal{Last: 40, Stored: 37}, Jobs: testJobs(),
			Security: core.Security{Authorities: []tasks.Authority{{ID: "0123456789abcdef", NotAfter: ago(-7200)}}, Issuer: "0123456789abcdef", Trust: []string{"0123456789abcdef"},
				Change:  &core.AuthorityChange{Stage: core.StageReissue},
				Clients: []tasks.ClientCertificate{{User: "b", NotAfter: ago(-90)}, {User: "a", NotAfter: ago(-60)}, {User: "over", NotAfter: ago(60)}}}},
		Progress:  map[string]tasks.JobProgress{"runs": {Rows: 30, TotalRows: 120, Bytes: 4096, TotalBytes: 10}, "forgotten": {Rows: 1}},
		Faults:    []tasks.Fault{{Field: "NODE_DISK"}},
		Settings:  core.Settings{Probes: core.ProbesRequired},
		Link:      core.Link{Connected: true, Since: ago(3600)},
		Flow:      core.Flow{Suppressed: true, Tokens: 250, Filled: ago(100)},
		Reconcile: core.Reconciliation{Waiting: map[string]string{"a": "b"}},
		Delays:    map[string]plans.Delay{"cockroachdb-1-node-join": {Failures: 1}},
		Kills:     map[string]core.KillTry{"cockroachdb-3-node-join__1": {}},
		Absences:  map[string]core.Absence{"agent": {}},
		Looks: map[string]core.Look{
			"cockroachdb-5-node-join": {Explanation: offers.Explanation{Pod: "cockroachdb-5", Agents: 4,
				Counts: []offers.Count{refused(offers.Short, 3), refused(offers.Misplaced, 1), refused(offers.Short, 1)}}},
			"cockroachdb-1-node-join": {Explanation: offers.Explanation{Pod: "cockroachdb-1", Agents: 1,
				Counts: []offers.Count{refused(offers.Lacking, 1)}}},
			"admin-0-backup": {Explanation: offers.Explanation{Pod: "admin-0", Agents: 1, Counts: []offers.Count{refused(offers.NoPort, 1)}}},
		},
		Plans: []plans.Plan{
			{Name: "deploy", Status: plans.Error, Phases: []plans.Phase{{Interrupted: true, Steps: []plans.Step{
				step(plans.Complete, plans.WhyNothing), step(plans.Pending, plans.WhyGate), step(plans.Pending, plans.WhyEarlier),
				step(plans.Pending, plans.WhyEarlier), step(plans.Starting, "of-tomorrow")}}}},
			{Name: "recovery", Status: plans.Delayed, Phases: []plans.Phase{{Steps: []plans.Step{step(plans.Delayed, plans.WhyDelay)}}}},
		},
		Counters: core.Counters{"refused.short": 4, "refused.placement": 2, "offers.received": 7, "offers.processed": 5, "declines.long": 4, "revives": 2, "suppresses": 1,
			"operation.launch_group": 3, "task_status.task_running": 2, "revives.throttles": 1, "gate.refusals": 3, "launches": 6,
			"kills": 2, "recoveries": 1, "replacements": 2, "replacements.agent_gone": 1, "of.tomorrow": 9,
			"jobs.backup.succeeded": 4, "jobs.restore.failed": 1},
		Database: plans.Database{
			"cockroachdb-0-node-init": {TaskID: "cockroachdb-0-node-init__1", At: ago(20), Live: 3, UnderReplicated: 4, Unavailable: 1},
			"cockroachdb-4-node-join": {TaskID: "cockroachdb-4-node-join__1", At: ago(10), Live: 4, UnderReplicated: 2},
			// Of a launch before, and without an answer: these two are silent.
			"cockroachdb-6-node-join": {TaskID: "cockroachdb-6-node-join__0", At: ago(900), Live: 1, UnderReplicated: 100},
			"cockroachdb-7-node-join": {TaskID: "cockroachdb-7-node-join__1", At: ago(900), Live: 1, UnderReplicated: 100, Error: "timeout"},
			// Of nodes that are not ready: they do not count at all.
			"cockroachdb-1-node-join": {TaskID: "cockroachdb-1-node-join__1", At: ago(900), Live: 1, UnderReplicated: 100},
			"cockroachdb-2-node-join": {TaskID: "cockroachdb-2-node-join__1", At: ago(900), Live: 1, UnderReplicated: 100},
			"cockroachdb-3-node-join": {TaskID: "cockroachdb-3-node-join__1", At: ago(900), Live: 1, UnderReplicated: 100},
		},
	}
}

// testJobs are two good backups of a database and one that failed, an old one of another database, one that runs and one that waits.
func testJobs() map[string]tasks.Job {
	backup := func(database string, state tasks.JobState, snapshot, launched int, result *tasks.JobResult) tasks.Job {
		if result != nil && snapshot > 0 {
			result.Snapshot = ago(snapshot)
		}
		return tasks.Job{Kind: tasks.JobBackup, State: state, Params: tasks.JobParams{Database: database}, Launched: ago(launched), Ended: ago(launched - 10), Result: result}
	}
	return map[string]tasks.Job{
		"good": backup("bank", tasks.JobSucceeded, 3600, 3610, &tasks.JobResult{Took: 90 * time.Second, Bytes: 5000, Stored: 700, Rows: 44}),
		// It ended later than the good one, and shows an earlier moment.
		"older":  backup("bank", tasks.JobSucceeded, 7200, 1800, &tasks.JobResult{Took: time.Second, Bytes: 1, Stored: 1, Rows: 1}),
		"failed": backup("bank", tasks.JobFailed, 0, 60, nil),
		"old":    backup("shop \"1\"", tasks.JobSucceeded, 0, 90000, &tasks.JobResult{Took: time.Minute, Bytes: 6000, Rows: 7}),
		"runs":   {Kind: tasks.JobBackup, State: tasks.JobRunning},
		"waits":  {Kind: tasks.JobRestore, State: tasks.JobQueued},
		"checks": {Kind: tasks.JobVerify, State: tasks.JobSucceeded, Params: tasks.JobParams{Database: "other"}, Result: &tasks.JobResult{}},
	}
}

// nightly is a schedule that comes in 15 hours, of databases of which one was never backed up.
func nightly() *jobs.Scheduled {
	cron, err := jobs.ParseCron("0 1 * * *")
	if err != nil {
		panic(err)
	}
	return &jobs.Scheduled{Cron: cron, Databases: []string{"bank", "other"}}
}

// lock is one that was taken a minute ago and lasts twelve more seconds.
type lock struct{ limited bool }

func (lock) Held() bool                    { return true }
func (lock) Since() time.Time              { return ago(60) }
func (l lock) Left() (time.Duration, bool) { return 12 * time.Second, l.limited }

func testSources() Sources {
	return Sources{Snapshot: testState, Now: func() time.Time { return now }, Version: "1.2.3", Database: "v24.1.6", Lock: lock{true},
		Heard: func() time.Time { return ago(7) }, Queued: func() (int, int) { return 3, 2 }, Scheduled: nightly(),
		Certificates: func() map[certs.Count]uint64 {
			return map[certs.Count]uint64{{Kind: "node"}: 3, {Kind: "client", Refused: true}: 1}
		},
		Refused: func() uint64 { return 6 }, Expires: func() time.Time { return now.Add(time.Hour) }}
}

// pages is a store that takes a second for each write, and fails when told to.
type pages struct {
	clock *time.Time
	fail  error
}

func (p pages) Apply(context.Context, store.Batch) error {
	*p.clock = p.clock.Add(time.Second)
	return p.fail
}

// measured has two offer frames, one other and three writes behind it, of which one failed.
func measured(t *testing.T) *Metrics {
	t.Helper()
	sources, clock := testSources(), now
	sources.Now = func() time.Time { return clock }
	m := New(sources)
	m.Frame(core.Offered{}, 250*time.Millisecond)
	m.Frame(core.Offered{}, 250*time.Millisecond)
	m.Frame(core.DatabaseSeen{}, time.Millisecond)
	ctx, broken := t.Context(), errors.New("disk full")
	kept := m.Store(pages{clock: &clock})
	for _, batch := range []store.Batch{{Set: map[string][]byte{"a": []byte("123"), "b": []byte("45")}}, {Delete: []string{"a"}}} {
		if err := kept.Apply(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Store(pages{clock: &clock, fail: broken}).Apply(ctx, store.Batch{Set: map[string][]byte{"c": []byte("6")}}); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	clock = now
	return m
}

// empty is a scheduler before its first frame, of which nothing is known.
func empty() *Metrics {
	return New(Sources{Snapshot: func() core.State { return core.State{} }, Now: func() time.Time { return now }})
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference. Got:\n%s", file, got)
	}
}

func keys[V any](m map[string]V) map[string]bool {
	set := map[string]bool{}
	for key := range maps.Keys(m) {
		set[key] = true
	}
	return set
}
