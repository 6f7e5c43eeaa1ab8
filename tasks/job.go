package tasks

import "time"

// JobKind says what a one-shot job of the admin pod does. It names the job's task and plan too.
type JobKind string

// Kinds of jobs.
const (
	JobBackup  JobKind = "backup"
	JobRestore JobKind = "restore"
	JobVerify  JobKind = "verify"
)

// JobKinds are all of them, in the order in which their plans are listed.
var JobKinds = []JobKind{JobBackup, JobRestore, JobVerify}

// Task is the full name of the job's task: admin-0-backup.
func (k JobKind) Task() string { return AdminInstance.Task(string(k)) }

// AdminInstance is the one instance of the admin pod.
var AdminInstance = Pod{Type: AdminPod, Index: 0}

// JobState is how far a job is.
type JobState string

// States of a job. A queued one has no task; the last three never change again.
const (
	JobQueued    JobState = "queued"
	JobRunning   JobState = "running"
	JobSucceeded JobState = "succeeded"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Ended says that a job will not change any more.
func (s JobState) Ended() bool {
	return s == JobSucceeded || s == JobFailed || s == JobCancelled
}

// Who asked for a job, beside ByOperator.
const BySchedule = "schedule"

// Job is one backup, restore or verification. It is stored when it is asked for, before the caller hears that it was taken,
// and again when it is launched and when it ends. Keys of the object store are no part of it, ever.
type Job struct {
	// ID is a UUID, made by whoever asks.
	ID     string    `json:"id"`
	Kind   JobKind   `json:"kind"`
	Params JobParams `json:"params"`
	// By is ByOperator or BySchedule; Due is the time of the schedule that the job is for.
	By  string    `json:"by"`
	Due time.Time `json:"due,omitzero"`
	// KeysKept says that whoever holds the keys can give them again after a restart of the scheduler: they come from its
	// own settings, or no keys are needed.
	KeysKept bool      `json:"keys_kept,omitempty"`
	Asked    time.Time `json:"asked"`
	// Launched is when the last launch was decided, Ended when the job's end was known.
	Launched time.Time `json:"launched,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
	State    JobState  `json:"state"`
	// TaskID is the last launch. Collected says that this launch has fetched its parameters and keys: from then on the job has
	// had an effect, and is never launched again by itself.
	TaskID    string `json:"task_id,omitempty"`
	Collected bool   `json:"collected,omitempty"`
	// Tries counts launches.
	Tries int `json:"tries,omitempty"`
	// Cancelling is when somebody asked for the job's end.
	Cancelling time.Time `json:"cancelling,omitzero"`
	// Problem and Remedy say why a job failed.
	Problem string `json:"problem,omitempty"`
	Remedy  string `json:"remedy,omitempty"`
	// Result is what a job that succeeded did.
	Result *JobResult `json:"result,omitempty"`
}

// JobParams say what a job is to do. They are shown to everybody, so they hold no secret.
type JobParams struct {
	// Database is the database that is backed up, or the one that the backup was made of.
	Database string `json:"database"`
	Bucket   string `json:"bucket"`
	// Dir and BackupDir are the two folders of a backup's objects: <Dir>/<BackupDir>/<Database>.sql.
	Dir       string `json:"dir"`
	BackupDir string `json:"backup_dir"`
	Region    string `json:"region,omitempty"`
	// Endpoint is host:port or a URL of an S3-compatible store; empty means AWS.
	Endpoint  string `json:"endpoint,omitempty"`
	PathStyle bool   `json:"path_style,omitempty"`
	// CA is a PEM bundle that the store's certificate is checked with, beside the system's.
	CA string `json:"ca,omitempty"`
	// IAM uses the role of the machine that the job runs on in place of keys.
	IAM bool `json:"iam,omitempty"`
	// Compress is none, gzip or zstd (dump only); Method is auto, dump or native.
	Compress string `json:"compress,omitempty"`
	Method   string `json:"method,omitempty"`
	// Incremental adds to the native backup that is in BackupDir.
	Incremental bool `json:"incremental,omitempty"`
	// Into is the database that is restored into, when it is not Database.
	Into string `json:"into,omitempty"`
	// Existing is what a restore does with a database that has tables: refuse, keep or drop.
	Existing string `json:"existing,omitempty"`
	// NewerDump lets a restore try a dump of a later database version.
	NewerDump bool `json:"newer_dump,omitempty"`
	// KeepCount and KeepAge say which older scheduled backups a scheduled one removes when it succeeded. Zero keeps all.
	KeepCount int           `json:"keep_count,omitempty"`
	KeepAge   time.Duration `json:"keep_age,omitempty"`
}

// What a restore does with a database that has tables.
const (
	// ExistingRefuse changes nothing and fails.
	ExistingRefuse = "refuse"
	// ExistingKeep loads the backup beside what is there; a table of the same name ends it.
	ExistingKeep = "keep"
	// ExistingDrop drops the database first.
	ExistingDrop = "drop"
)

// Target is the database that a job works on: two jobs never work on one at a time.
func (p JobParams) Target() string {
	if p.Into != "" {
		return p.Into
	}
	return p.Database
}

// JobResult is what a job did.
type JobResult struct {
	Method string `json:"method"`
	// Location is s3://bucket/… of the object or collection, without keys.
	Location string `json:"location"`
	// Manifest is the key of the manifest, empty when there was none.
	Manifest string `json:"manifest,omitempty"`
	Tables   int    `json:"tables"`
	Rows     int64  `json:"rows"`
	// Bytes are those of the dump, or of the data that the database told; Stored those in the object store.
	Bytes  int64 `json:"bytes"`
	Stored int64 `json:"stored,omitempty"`
	// SHA256 is of the object as stored, in hex; a native backup has none.
	SHA256 string `json:"sha256,omitempty"`
	// Snapshot is the moment that the backup shows.
	Snapshot time.Time `json:"snapshot,omitzero"`
	// Version is the database's.
	Version string `json:"version,omitempty"`
	// Took is from the task's first step to its last.
	Took time.Duration `json:"took"`
	// Notes are what the person should know: a backup without a manifest, views left out.
	Notes []string `json:"notes,omitempty"`
	// Removed are the folders of backups that retention removed.
	Removed []string `json:"removed,omitempty"`
}

// JobProgress is how far a running job says it is. It is never stored.
type JobProgress struct {
	At time.Time `json:"at"`
	// Doing is a few words: "dumping", "loading table orders".
	Doing string `json:"doing"`
	// Rows and Bytes done, and what there is to do, 0 where that is not known. Bytes are those of the dump.
	Rows       int64 `json:"rows,omitempty"`
	TotalRows  int64 `json:"totalRows,omitempty"`
	Bytes      int64 `json:"bytes,omitempty"`
	TotalBytes int64 `json:"totalBytes,omitempty"`
	// Stored are bytes that the object store has.
	Stored int64 `json:"stored,omitempty"`
	// Fraction is 0 to 1 where the job knows no more (native backups).
	Fraction float64 `json:"fraction,omitempty"`
}

// JobEnd is how a job's task says that it ended.
type JobEnd struct {
	State   JobState   `json:"state"`
	Problem string     `json:"problem,omitempty"`
	Remedy  string     `json:"remedy,omitempty"`
	Result  *JobResult `json:"result,omitempty"`
}

// JobTicket is what a launch of a job knows of it: enough to fetch the rest, once.
type JobTicket struct {
	ID string `json:"id"`
	// Token is good for fetching parameters and keys, once. It stands in the task's environment, where others may read it:
	// whoever uses it before the task makes the job fail.
	Token string `json:"token"`
	// Report is handed out with the parameters, and is good for the reports of this launch.
	Report string `json:"report,omitempty"`
}
