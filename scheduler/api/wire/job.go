package wire

import (
	"fmt"
	"io"
	"log/slog"
	"time"
)

// JobRequest asks for a backup, a restore or a verification: POST /v1/jobs. Empty fields have the standard values of
// docs/backup-restore.md.
type JobRequest struct {
	// Kind is backup, restore or verify.
	Kind     string `json:"kind"`
	Database string `json:"database"`
	Store
	// BackupDir is the folder below Dir; a backup without one gets a time stamp.
	BackupDir   string `json:"backupDir,omitempty"`
	Compress    string `json:"compress,omitempty"`
	Method      string `json:"method,omitempty"`
	Incremental bool   `json:"incremental,omitempty"`
	Into        string `json:"into,omitempty"`
	Existing    string `json:"existing,omitempty"`
	NewerDump   bool   `json:"newerDump,omitempty"`
}

// Store is where backups are, and the keys to it.
type Store struct {
	Bucket    string `json:"bucket"`
	Dir       string `json:"dir,omitempty"`
	Region    string `json:"region,omitempty"`
	Endpoint  string `json:"endpoint,omitempty"`
	PathStyle bool   `json:"pathStyle,omitempty"`
	// CA is a PEM bundle.
	CA   string `json:"ca,omitempty"`
	IAM  bool   `json:"iam,omitempty"`
	Keys Keys   `json:"keys,omitzero"`
}

// Keys are the keys to an object store. They print as [redacted] in every way but JSON, which is how they travel.
type Keys struct {
	AccessKeyID     string `json:"accessKeyId,omitempty"`
	SecretAccessKey string `json:"secretAccessKey,omitempty"`
	SessionToken    string `json:"sessionToken,omitempty"`
}

const redacted = "[redacted]"

// String hides the keys.
func (Keys) String() string { return redacted }

// Format hides the keys from every verb of package fmt.
func (Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides the keys from logs.
func (Keys) LogValue() slog.Value { return slog.StringValue(redacted) }

// Job is a job as the API shows it.
type Job struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Database string `json:"database"`
	Into     string `json:"into,omitempty"`
	// State is queued, running, succeeded, failed or cancelled.
	State string `json:"state"`
	// Waiting says what a queued job waits for.
	Waiting   string `json:"waiting,omitempty"`
	Bucket    string `json:"bucket"`
	Dir       string `json:"dir"`
	BackupDir string `json:"backupDir"`
	// Location is s3://bucket/dir/backup-dir.
	Location string     `json:"location"`
	By       string     `json:"by"`
	Due      *time.Time `json:"due,omitempty"`
	Asked    time.Time  `json:"asked"`
	Launched *time.Time `json:"launched,omitempty"`
	Ended    *time.Time `json:"ended,omitempty"`
	// Cancelling says that the job's end was asked for.
	Cancelling bool         `json:"cancelling,omitempty"`
	Problem    string       `json:"problem,omitempty"`
	Remedy     string       `json:"remedy,omitempty"`
	Progress   *JobProgress `json:"progress,omitempty"`
	Result     *JobResult   `json:"result,omitempty"`
}

// JobProgress is how far a running job is.
type JobProgress struct {
	At         time.Time `json:"at"`
	Doing      string    `json:"doing"`
	Rows       int64     `json:"rows"`
	TotalRows  int64     `json:"totalRows,omitempty"`
	Bytes      int64     `json:"bytes"`
	TotalBytes int64     `json:"totalBytes,omitempty"`
	Stored     int64     `json:"stored,omitempty"`
	Fraction   float64   `json:"fraction,omitempty"`
}

// JobResult is what a job that succeeded did.
type JobResult struct {
	Method   string     `json:"method"`
	Location string     `json:"location"`
	Manifest string     `json:"manifest,omitempty"`
	Tables   int        `json:"tables"`
	Rows     int64      `json:"rows"`
	Bytes    int64      `json:"bytes"`
	Stored   int64      `json:"stored,omitempty"`
	SHA256   string     `json:"sha256,omitempty"`
	Snapshot *time.Time `json:"snapshot,omitempty"`
	Version  string     `json:"version,omitempty"`
	// Seconds is from the job's first step to its last, BytesPerSecond the rate of Bytes.
	Seconds        float64  `json:"seconds"`
	BytesPerSecond float64  `json:"bytesPerSecond"`
	Notes          []string `json:"notes,omitempty"`
	Removed        []string `json:"removed,omitempty"`
}

// Jobs are the answer to GET /v1/jobs: the newest first.
type Jobs struct {
	Jobs List[Job] `json:"jobs"`
	// Schedule is the schedule of backups, nil without one.
	Schedule *Schedule `json:"schedule,omitempty"`
}

// Schedule is when backups are made by themselves.
type Schedule struct {
	Cron      string    `json:"cron"`
	Databases []string  `json:"databases"`
	Location  string    `json:"location"`
	Next      time.Time `json:"next"`
}

// Refused is the answer to a job that is not taken, with everything that is wrong with it.
type Refused struct {
	Message string  `json:"message"`
	Faults  []Fault `json:"faults,omitempty"`
}

// BackupsRequest asks which backups a bucket holds: POST /v1/backups (a POST because of the keys).
type BackupsRequest struct {
	Store
	// Database narrows the list down; empty means all.
	Database string `json:"database,omitempty"`
}

// Backups are the backups of a folder of a bucket, the newest first.
type Backups struct {
	Backups List[Backup] `json:"backups"`
}

// Backup is one backup in an object store.
type Backup struct {
	Database  string `json:"database"`
	BackupDir string `json:"backupDir"`
	// Method is dump or native; Manifest is false for backups that others made: nothing but the object is known of them.
	Method   string     `json:"method"`
	Manifest bool       `json:"manifest"`
	Location string     `json:"location"`
	Service  string     `json:"service,omitempty"`
	Version  string     `json:"version,omitempty"`
	Snapshot *time.Time `json:"snapshot,omitempty"`
	// Made is when the object was last changed.
	Made   *time.Time `json:"made,omitempty"`
	Tables int        `json:"tables,omitempty"`
	Rows   int64      `json:"rows,omitempty"`
	Bytes  int64      `json:"bytes,omitempty"`
	Stored int64      `json:"stored,omitempty"`
	SHA256 string     `json:"sha256,omitempty"`
	// Fault says what is wrong with it, empty when nothing is known to be.
	Fault string `json:"fault,omitempty"`
}
