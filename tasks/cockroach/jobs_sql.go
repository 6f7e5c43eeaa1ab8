package cockroach

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// DatabaseJob is what the database says of one of its own jobs.
type DatabaseJob struct {
	// Status is pending, running, succeeded, failed, canceled, cancel-requested, reverting, paused and the like.
	Status string
	// Fraction is from 0 to 1.
	Fraction float64
	// Error is empty unless the job failed.
	Error string
}

// Over reports whether the job will not change any more.
func (j DatabaseJob) Over() bool {
	switch j.Status {
	case "succeeded", "failed", "canceled", "revert-failed":
		return true
	}
	return false
}

// Succeeded reports whether the job did what it was to do.
func (j DatabaseJob) Succeeded() bool { return j.Status == "succeeded" }

// JobQuery asks how a job stands; ReadJob reads the answer.
func JobQuery(id int64) string {
	return fmt.Sprintf("SELECT job_id, status, fraction_completed, error FROM [SHOW JOB %d];\n", id)
}

// ReadJob reads the answer to JobQuery. Found is false when the database does not know the job.
func ReadJob(stdout string, tags int) (job DatabaseJob, found bool, err error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return DatabaseJob{}, false, err
	}
	at, err := rows.Places("status", "fraction_completed", "error")
	if err != nil || len(rows.Rows) == 0 {
		return DatabaseJob{}, false, err
	}
	row := rows.Rows[0]
	job.Status = row[at[0]]
	if row[at[1]] != Null && row[at[1]] != "" {
		if job.Fraction, err = strconv.ParseFloat(row[at[1]], 64); err != nil {
			return DatabaseJob{}, false, fmt.Errorf("the database says that a job is %q done: %w", row[at[1]], err)
		}
	}
	if row[at[2]] != Null {
		job.Error = row[at[2]]
	}
	return job, true, nil
}

// CancelJob asks the database to stop a job. One that is over already is an error of the database; JobQuery tells.
func CancelJob(id int64) string { return fmt.Sprintf("CANCEL JOB %d;\n", id) }

// BulkJob is a backup or restore that the database does, whoever asked for it.
type BulkJob struct {
	ID int64
	// Description is the statement, with addresses that have no keys. Of a backup most releases put the folder of it in.
	Description string
	DatabaseJob
	// Created is when it was started, zero where the database does not say.
	Created time.Time
}

// written matches the folder of a full backup in a statement.
var written = regexp.MustCompile(`'/?(\d{4}/\d\d/\d\d-\d{6}\.\d+)'`)

// Subfolder is the full backup in the collection that the description names, empty when it names none.
func (j BulkJob) Subfolder() string {
	if found := written.FindStringSubmatch(j.Description); found != nil {
		return found[1]
	}
	return ""
}

// SubfolderAt is how the database names a full backup of a moment: by that moment, to a hundredth of a second.
func SubfolderAt(at time.Time) string { return at.UTC().Format("2006/01/02-150405.00") }

// BulkJobsQuery lists the database's own backups and restores: those under way, and those that ended lately; ReadBulkJobs reads
// the answer.
func BulkJobsQuery() string {
	return "SELECT job_id, description, status, created::TIMESTAMP::STRING AS began FROM [SHOW JOBS] WHERE job_type IN ('BACKUP', 'RESTORE');\n"
}

// ReadBulkJobs reads the answer to BulkJobsQuery.
func ReadBulkJobs(stdout string, tags int) ([]BulkJob, error) {
	rows, err := ReadCSV(stdout, tags)
	if err != nil {
		return nil, err
	}
	at, err := rows.Places("job_id", "description", "status", "began")
	if err != nil {
		return nil, err
	}
	var out []BulkJob
	for _, row := range rows.Rows {
		job := BulkJob{Description: row[at[1]], DatabaseJob: DatabaseJob{Status: row[at[2]]}}
		if job.ID, err = strconv.ParseInt(row[at[0]], 10, 64); err != nil {
			return nil, fmt.Errorf("the database says that a job has the id %q: %w", row[at[0]], err)
		}
		if began := row[at[3]]; began != Null && began != "" {
			if job.Created, err = readTimestamp(began); err != nil {
				return nil, err
			}
		}
		out = append(out, job)
	}
	return out, nil
}

// ClusterQuery asks for the cluster's id; ReadCluster reads the answer. It needs AllowInternals first.
func ClusterQuery() string { return "SELECT crdb_internal.cluster_id() AS id;\n" }

// ReadCluster reads the answer to ClusterQuery, a UUID.
func ReadCluster(stdout string, tags int) (string, error) { return readOne(stdout, tags) }
