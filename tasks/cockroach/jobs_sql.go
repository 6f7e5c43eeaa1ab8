package cockroach

import (
	"fmt"
	"strconv"
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
