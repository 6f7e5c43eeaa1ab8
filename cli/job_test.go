package cli_test

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const oneJob = "GET /v1/jobs/" + jobID

// wholeBackup is a backup from its beginning to its end; the scheduler restarts in between.
var wholeBackup = map[string][]canned{
	"POST /v1/jobs": {answer(aJob("queued", func(j *wire.Job) { j.Waiting = "waits for an offer: 1 agent: 1 lacks mem" }))},
	oneJob: {
		answer(aJob("queued", func(j *wire.Job) { j.Waiting = "waits for an offer: 2 agents: 2 lack mem" })),
		answer(aJob("running")),
		answer(aJob("running", progress(4, wire.JobProgress{Doing: "checking the database"}))),
		answer(aJob("running", progress(5, wire.JobProgress{Doing: "dumping", Rows: 10_000, TotalRows: 1_234_567, Bytes: 17_000_000, Stored: 8_388_608}))),
		{},
		{502, "text/plain", "Bad Gateway"},
		{503, "text/plain", "the scheduler starts"},
		answer(aJob("running", progress(12, wire.JobProgress{Doing: "dumping", Rows: 110_000, TotalRows: 1_234_567, Bytes: 187_000_000, Stored: 41_943_040}))),
		answer(aJob("running", progress(13, wire.JobProgress{Doing: "dumping", Rows: 500_000, TotalRows: 1_234_567, Bytes: 850_000_000, Stored: 160_000_000}))),
		answer(aJob("running", progress(24, wire.JobProgress{Doing: "dumping", Rows: 1_234_566, TotalRows: 1_234_567, Bytes: 2_099_999_000, Stored: 400_000_000}))),
		answer(aJob("succeeded", done, func(j *wire.Job) {
			j.Result.Notes = []string{"2 views name the database: it cannot be restored under another name"}
		})),
	},
}

// jobsOf is the answer with some jobs and a schedule.
func jobsOf(jobs ...wire.Job) canned {
	return answer(wire.Jobs{Jobs: jobs, Schedule: &wire.Schedule{
		Cron: "0 2 * * *", Databases: []string{"bank", "orders"}, Location: "s3://my-bucket/nightly", Next: *at(7200),
	}})
}

func id(text string) func(*wire.Job) { return func(j *wire.Job) { j.ID = text } }

func TestJobsInScenes(t *testing.T) {
	progressed := progress(60, wire.JobProgress{Doing: "loading table orders", Rows: 2000, Bytes: 5_000_000, TotalBytes: 20_000_000})
	restore := func(j *wire.Job) { j.Kind, j.Into = "restore", "bank2" }
	many := jobsOf(
		aJob("queued", id("0f2a9c1e-0000-4c6f-8a91-0d2e4f6a8b10"), func(j *wire.Job) { j.Waiting, j.Database = "waits for the backup of \"bank\"", "orders" }),
		aJob("running", id("5f2a9c1e-0001-4c6f-8a91-0d2e4f6a8b10"), restore, progressed),
		aJob("succeeded", id("5f2a9c1e-0002-4c6f-8a91-0d2e4f6a8b10"), done, func(j *wire.Job) { j.By, j.Due = "schedule", at(-60) }),
		aJob("failed", id("6f2a9c1e-0003-4c6f-8a91-0d2e4f6a8b10"), func(j *wire.Job) { j.Problem, j.Remedy = "no database \"bnak\"", "name one of bank, orders" }),
		aJob("cancelled", id("7f2a9c1e-0004-4c6f-8a91-0d2e4f6a8b10"), func(j *wire.Job) { j.Kind = "verify" }),
	)
	failed := aJob("failed", func(j *wire.Job) {
		j.Problem, j.Remedy = "the bucket my-bucket does not exist", "make it, or name another one"
	})
	succeededRestore := aJob("succeeded", restore, done, func(j *wire.Job) { j.Result.Manifest, j.Result.SHA256 = "", "" })
	backups := answer(wire.Backups{Backups: []wire.Backup{
		{Database: "bank", BackupDir: "20000101T000000Z", Method: "dump", Manifest: true, Snapshot: at(3), Version: "v20.1.5", Tables: 12, Rows: 1234567, Bytes: 2_100_000_000, Stored: 410_000_000},
		{Database: "orders", BackupDir: "two", Method: "native", Manifest: true, Snapshot: at(4), Version: "v22.1.0", Tables: 1, Rows: 1, Bytes: 1, Fault: "the folder of the collection is empty"},
		{Database: "bank", BackupDir: "two", Method: "native", Manifest: true},
		{Database: "old", BackupDir: "2017-12-11", Method: "dump", Made: at(-100), Stored: 5000},
	}})
	refused := canned{400, "application/json", `{"message":"the job is not taken: 3 of its values cannot be used","faults":[` +
		`{"field":"backup_dir","value":"a//../b","message":"keys have no . and .. folders","remedy":"write the folder in full"},` +
		`{"field":"bucket","value":"My_Bucket","message":"bucket names have only small letters, digits, dots and hyphens","remedy":"give the name of an existing bucket"},` +
		`{"field":"keys.secretAccessKey","value":"short","message":"is too short","remedy":""}]}`}

	tests := []struct {
		name string
		scene
		exit int
	}{
		{"backup", scene{args: "backup bank my-bucket", answers: wholeBackup}, 0},
		{"backup_terminal", scene{args: "backup bank my-bucket", answers: wholeBackup, terminal: 100}, 0},
		{"backup_narrow", scene{args: "backup bank my-bucket", answers: wholeBackup, terminal: 40}, 0},
		{"backup_json", scene{args: "backup bank my-bucket --json", answers: wholeBackup}, 0},
		{"backup_ctrl_c", scene{args: "backup bank my-bucket", answers: wholeBackup, ctrlC: 6}, 130},
		{"backup_ctrl_c_terminal", scene{args: "backup bank my-bucket", answers: wholeBackup, ctrlC: 6, terminal: 100}, 130},
		{"backup_ctrl_c_early", scene{args: "backup bank my-bucket", answers: wholeBackup, ctrlC: 1}, 130},
		{"backup_no_wait", scene{args: "backup bank my-bucket --no-wait", answers: wholeBackup}, 0},
		{"backup_no_wait_json", scene{args: "backup bank my-bucket --no-wait --json", answers: wholeBackup}, 0},
		{"backup_fails", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}, oneJob: {answer(failed)}}}, 1},
		{"backup_fails_json", scene{args: "backup bank my-bucket --json", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}, oneJob: {answer(failed)}}}, 1},
		{"backup_cancelled", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))},
			oneJob: {answer(aJob("running", progressed, func(j *wire.Job) { j.Cancelling = true })), answer(aJob("cancelled"))}}}, 1},
		{"backup_forgotten", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}, oneJob: {answer(aJob("running")), {404, "text/plain", "Job not found"}}}}, 1},
		{"backup_login_ends", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}, oneJob: {{401, "text/html", "<html>"}}}}, 1},
		{"backup_refused", scene{args: "backup bank My_Bucket -l a//../b", answers: map[string][]canned{"POST /v1/jobs": {refused}}}, 1},
		{"backup_refused_text", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {{400, "text/plain", "Couldn't read the body with " + secretKey}}}}, 1},
		{"backup_busy", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {{409, "text/plain", `a restore of "bank" runs: job 0f2a9c1e`}}}}, 1},
		{"backup_old_scheduler", scene{args: "backup bank my-bucket"}, 1},
		{"backup_lost_answer", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {{503, "text/plain", "no answer in time"}}}}, 1},
		{"backup_strange_answer", scene{args: "backup bank my-bucket", answers: map[string][]canned{"POST /v1/jobs": {{200, "application/json", `{"message":"taken"}`}}}}, 1},
		{"backup_native_terminal", scene{args: "backup bank my-bucket", terminal: 120, answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued"))}, oneJob: {
			answer(aJob("running", progress(3, wire.JobProgress{Doing: "the database writes the backup", Fraction: 0.1}))),
			answer(aJob("running", progress(4, wire.JobProgress{Doing: "the database writes the backup", Fraction: 0.3}))),
			answer(aJob("running", progress(9, wire.JobProgress{Doing: "the database writes the backup", Fraction: 0.2}))),
			answer(aJob("running", progress(19, wire.JobProgress{Doing: "the database writes the backup", Fraction: 1}))),
			answer(aJob("running", progress(29, wire.JobProgress{Doing: "comparing the backup with the database", Fraction: 1}))),
			answer(aJob("succeeded", done))}}}, 0},
		{"backup_hidden", scene{args: "backup bank my-bucket -vv --no-wait", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued", func(j *wire.Job) {
			j.Waiting = "echo " + accessKey + " " + secretKey + " " + sessionToken
		}))}}}, 0},
		{"backup_named_list", scene{args: "backup -- list my-bucket --no-wait", answers: wholeBackup}, 1},
		{"backup_named_list_flags_first", scene{args: "backup --no-wait -- list my-bucket", answers: wholeBackup}, 0},
		{"backup_nearly_list", scene{args: "backup lits"}, 1},
		{"backup_no_bucket", scene{args: "backup bank"}, 1},
		{"backup_too_many", scene{args: "backup bank my-bucket more"}, 1},
		{"restore", scene{args: "restore bank my-bucket 20000101T000000Z --into bank2", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("queued", restore))},
			oneJob: {answer(aJob("running", restore, progressed)), answer(succeededRestore)}}}, 0},
		{"restore_fails", scene{args: "restore bank my-bucket d --existing keep --newer-dump", answers: map[string][]canned{"POST /v1/jobs": {answer(aJob("failed", restore, func(j *wire.Job) {
			j.Problem = "statement 17 failed\x1b[2J: relation \"t\" already exists"
		}))}}}, 1},
		{"restore_older_style", scene{args: "restore bank my-bucket -l old -p folder --no-wait", answers: wholeBackup}, 0},
		{"restore_no_dir", scene{args: "restore bank my-bucket"}, 1},
		{"restore_drop", scene{args: "restore bank my-bucket d --existing drop --yes --no-wait", answers: wholeBackup}, 0},
		{"restore_drop_asks", scene{args: "restore bank my-bucket d --into other --existing drop --no-wait", stdin: "other\n", terminal: 80, answers: wholeBackup}, 0},
		{"restore_drop_declined", scene{args: "restore bank my-bucket d --existing drop --no-wait", stdin: "yes\n", terminal: 80, answers: wholeBackup}, 1},
		{"restore_drop_nobody", scene{args: "restore bank my-bucket d --existing drop", stdin: "bank\n", answers: wholeBackup}, 1},
		{"status", scene{args: "backup status", answers: map[string][]canned{"GET /v1/jobs": {many}}}, 0},
		{"status_restore", scene{args: "restore status --json", answers: map[string][]canned{"GET /v1/jobs": {jobsOf()}}}, 0},
		{"status_none", scene{args: "backup status", answers: map[string][]canned{"GET /v1/jobs": {answer(wire.Jobs{})}}}, 0},
		{"status_schedule", scene{args: "backup status", answers: map[string][]canned{"GET /v1/jobs": {jobsOf()}}}, 0},
		{"status_one", scene{args: "backup status " + jobID, answers: map[string][]canned{oneJob: {answer(aJob("succeeded", done, func(j *wire.Job) {
			j.By, j.Due, j.Result.Notes, j.Result.Removed = "schedule", at(-60), []string{"one thing", "another one"}, []string{"cockroach-backups/19991201T000000Z"}
		}))}}}, 0},
		{"status_one_json", scene{args: "backup status " + jobID + " --json", answers: map[string][]canned{oneJob: {answer(aJob("queued"))}}}, 0},
		{"status_short", scene{args: "backup status 6f2a", answers: map[string][]canned{"GET /v1/jobs": {many}, "GET /v1/jobs/6f2a9c1e-0003-4c6f-8a91-0d2e4f6a8b10": {answer(failed)}}}, 0},
		{"status_short_several", scene{args: "backup status 5f2a9c1e", answers: map[string][]canned{"GET /v1/jobs": {many}}}, 1},
		{"status_short_none", scene{args: "backup status 9", answers: map[string][]canned{"GET /v1/jobs": {many}, "GET /v1/jobs/9": {{404, "text/plain", "Job 9 not found"}}}}, 1},
		{"status_running", scene{args: "backup status " + jobID, answers: map[string][]canned{oneJob: {answer(aJob("running", restore, progressed, func(j *wire.Job) { j.Cancelling = true }))}}}, 0},
		{"status_queued", scene{args: "backup status " + jobID, answers: map[string][]canned{oneJob: {answer(aJob("queued", func(j *wire.Job) { j.Waiting = "held back" }))}}}, 0},
		{"status_follow", scene{args: "backup status -f", answers: map[string][]canned{"GET /v1/jobs": {jobsOf(aJob("running"), aJob("failed", id("6f")))},
			oneJob: {answer(aJob("running", progressed)), answer(aJob("succeeded", done, func(j *wire.Job) { j.Dir, j.Database = "my dir", "status" }))}}}, 0},
		{"status_follow_several", scene{args: "backup status --follow", answers: map[string][]canned{"GET /v1/jobs": {many}}}, 1},
		{"status_follow_none", scene{args: "restore status --follow", answers: map[string][]canned{"GET /v1/jobs": {jobsOf(failed)}}}, 1},
		{"cancel", scene{args: "backup cancel", answers: map[string][]canned{"GET /v1/jobs": {jobsOf(aJob("running"), failed)},
			"POST /v1/jobs/" + jobID + "/cancel": {answer(aJob("running", func(j *wire.Job) { j.Cancelling = true }))}}}, 0},
		{"cancel_queued", scene{args: "restore cancel 5f", answers: map[string][]canned{"GET /v1/jobs": {jobsOf(aJob("queued"))}, "POST /v1/jobs/" + jobID + "/cancel": {answer(aJob("cancelled", restore))}}}, 0},
		{"cancel_message", scene{args: "backup cancel " + jobID, answers: map[string][]canned{"POST /v1/jobs/" + jobID + "/cancel": {{200, "application/json", `{"message":"noted"}`}}}}, 0},
		{"cancel_json", scene{args: "backup cancel --json " + jobID, answers: map[string][]canned{"POST /v1/jobs/" + jobID + "/cancel": {{200, "application/json", `{"message":"noted"}`}}}}, 0},
		{"cancel_several", scene{args: "backup cancel", answers: map[string][]canned{"GET /v1/jobs": {many}}}, 1},
		{"cancel_none", scene{args: "backup cancel", answers: map[string][]canned{"GET /v1/jobs": {jobsOf(failed)}}}, 1},
		{"cancel_ended", scene{args: "backup cancel " + jobID, answers: map[string][]canned{"POST /v1/jobs/" + jobID + "/cancel": {{208, "application/json", answer(failed).body}}}}, 1},
		{"cancel_twice", scene{args: "backup cancel " + jobID, answers: map[string][]canned{"POST /v1/jobs/" + jobID + "/cancel": {{208, "application/json", answer(aJob("running", func(j *wire.Job) { j.Cancelling = true })).body}}}}, 1},
		{"cancel_missing", scene{args: "backup cancel " + jobID, answers: map[string][]canned{"POST /v1/jobs/" + jobID + "/cancel": {{404, "application/json", `{"message":"Job not found"}`}}}}, 1},
		{"list", scene{args: "backup list my-bucket", answers: map[string][]canned{"POST /v1/backups": {backups}}}, 0},
		{"list_json", scene{args: "backup list my-bucket --database bank --iam --json", answers: map[string][]canned{"POST /v1/backups": {answer(wire.Backups{})}}}, 0},
		{"list_none", scene{args: "backup list my-bucket -p other", answers: map[string][]canned{"POST /v1/backups": {answer(wire.Backups{})}}}, 0},
		{"list_refused", scene{args: "backup list My_Bucket", answers: map[string][]canned{"POST /v1/backups": {refused}}}, 1},
		{"list_unreachable", scene{args: "backup list my-bucket", answers: map[string][]canned{"POST /v1/backups": {{502, "text/plain", "list s3://my-bucket: there is no such bucket. Check the bucket's name"}}}}, 1},
		{"list_not_there", scene{args: "backup list my-bucket", answers: map[string][]canned{"POST /v1/backups": {{501, "text/plain", "This scheduler does not look into buckets"}}}}, 1},
		{"list_lost_answer", scene{args: "backup list my-bucket", answers: map[string][]canned{"POST /v1/backups": {{503, "text/plain", "no answer in time"}}}}, 1},
		{"verify", scene{args: "backup verify my-bucket 20000101T000000Z/", answers: map[string][]canned{"POST /v1/backups": {backups},
			"POST /v1/jobs": {answer(aJob("queued", func(j *wire.Job) { j.Kind = "verify" }))}, oneJob: {answer(aJob("succeeded", done, func(j *wire.Job) { j.Kind = "verify" }))}}}, 0},
		{"verify_database", scene{args: "backup verify my-bucket two --database orders --no-wait", answers: map[string][]canned{
			"POST /v1/jobs": {answer(aJob("queued", func(j *wire.Job) { j.Kind, j.Database = "verify", "orders" }))}}}, 0},
		{"verify_several", scene{args: "backup verify my-bucket two", answers: map[string][]canned{"POST /v1/backups": {backups}}}, 1},
		{"verify_none", scene{args: "backup verify my-bucket three", answers: map[string][]canned{"POST /v1/backups": {backups}}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.env == nil {
				tt.env = withKeys()
			}
			p := play(t, tt.scene)
			if p.exit != tt.exit {
				t.Errorf("exit status %d, want %d\n%s", p.exit, tt.exit, p.stderr)
			}
			checkScene(t, tt.name, tt.scene, p)
		})
	}
}
