package cli

import (
	"encoding/json"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// jobRefusedError is a job, or a certificate, that the scheduler does not take, with all that is wrong with it.
type jobRefusedError struct {
	text   string
	faults []wire.Fault
}

// Error says that the job was refused.
func (e *jobRefusedError) Error() string { return e.text }

// refusedJob reads what is wrong with a request.
func refusedJob(c *client.Client, answer client.Answer) error {
	var refused wire.Refused
	if err := json.Unmarshal(answer.Body, &refused); err != nil || refused.Message == "" && len(refused.Faults) == 0 {
		return c.Failure(answer)
	}
	text := refused.Message
	if text == "" {
		text = "the scheduler refuses the request"
	}
	return &jobRefusedError{text, refused.Faults}
}

// fieldFlags are the flags that set what the scheduler calls otherwise.
var fieldFlags = map[string]string{
	"bucket": "s3-bucket", "dir": "--s3-dir", "backup_dir": "--s3-backup-dir", "backupDir": "--s3-backup-dir", "region": "--region",
	"endpoint": "--s3-endpoint", "path_style": "--s3-path-style", "pathStyle": "--s3-path-style", "ca": "--ca-file", "iam": "--iam",
	"compress": "--compress", "method": "--method", "incremental": "--incremental", "into": "--into", "existing": "--existing",
	"newer_dump": "--newer-dump", "newerDump": "--newer-dump", "keys.accessKeyId": accessFlag, "keys.secretAccessKey": secretFlag,
	"keys.sessionToken": tokenVar, "lifetime": "--lifetime",
}

func adviseJobRefused(e *jobRefusedError) advice {
	var faults []wire.Fault
	for _, fault := range e.faults {
		if client.SecretName(fault.Field) {
			fault.Value = ""
		}
		if fault.Field == "request" {
			fault.Value = "" // a signing request is as long, and was made here
		}
		if flag := fieldFlags[fault.Field]; flag != "" {
			fault.Field = flag
		}
		if fault.Field == "--ca-file" {
			fault.Value = "" // a certificate is long and says nothing to a person
		}
		faults = append(faults, fault)
	}
	return advice{text: e.text, try: faultLines(faults)}
}

// jobFailedError is a job that did not succeed.
type jobFailedError struct {
	job    wire.Job
	follow string // the command that shows the job
}

// Error says how the job ended.
func (e *jobFailedError) Error() string {
	what := "the " + render.JobNoun(e.job.Kind)
	switch {
	case e.job.State == cancelled:
		return what + " was cancelled"
	case e.job.Problem == "":
		return what + " failed, and the scheduler does not say why"
	}
	return what + " failed: " + e.job.Problem
}

func adviseJobFailed(e *jobFailedError) advice {
	a := advice{text: e.Error()}
	if e.job.State == failed && e.job.Remedy != "" {
		a.try = append(a.try, render.Sentence(e.job.Remedy))
	}
	a.try = append(a.try, "See all of it: "+e.follow)
	return a
}
