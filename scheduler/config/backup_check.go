package config

import (
	"errors"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
)

// backupFields are the settings behind the fields of a request for a job, with what to do about a value that is wrong.
var backupFields = map[string]struct{ setting, remedy string }{
	"database":             {"BACKUP_DATABASES", "write the names of the databases, separated by commas, such as bank,shop"},
	"bucket":               {"BACKUP_S3_BUCKET", "write the name of an existing bucket, without an address and folders"},
	"dir":                  {"BACKUP_S3_DIR", "write a folder of letters, digits and hyphens, such as cockroach-backups"},
	"region":               {"BACKUP_S3_REGION", "write it as in us-west-1"},
	"endpoint":             {"BACKUP_S3_ENDPOINT", "write host:port, or http:// or https:// before it, or leave it out for AWS"},
	"ca":                   {"BACKUP_S3_CA_FILE", "give the certificates of the store's CA in PEM, or the path of a file that holds them, without keys"},
	"iam":                  {"BACKUP_S3_IAM", "leave it out, or the keys"},
	"keys.accessKeyId":     {"BACKUP_AWS_ACCESS_KEY_ID", "set both keys, or BACKUP_S3_IAM=true for the role of the agent's machine"},
	"keys.secretAccessKey": {"BACKUP_AWS_SECRET_ACCESS_KEY", "set both keys, or BACKUP_S3_IAM=true for the role of the agent's machine"},
	"keys.sessionToken":    {"BACKUP_AWS_SESSION_TOKEN", "set it as it was given, or leave it out"},
	"method":               {"BACKUP_METHOD", "leave it out, or write auto, which takes what the version has"},
	"compress":             {"BACKUP_COMPRESS", "write one of gzip, zstd, none"},
}

// needed are the settings that a schedule means nothing without.
var needed = []string{"database", "bucket", "keys.accessKeyId", "keys.secretAccessKey"}

func (s Settings) checkBackup(f *faults) {
	b := s.Backup
	_, err := placement.Parse(b.Placement)
	var parse *placement.ParseError
	if errors.As(err, &parse) {
		for _, fault := range parse.Faults {
			f.add("BACKUP_PLACEMENT", b.Placement, fault.Problem(), asClause(fault.Remedy))
		}
	}
	if b.Schedule == "" {
		return
	}
	if _, err := jobs.ParseCron(b.Schedule); err != nil {
		f.add("BACKUP_SCHEDULE", b.Schedule, err.Error(), "write five fields: minute, hour, day of the month, month, day of the week; 0 2 * * * is each night at two")
	}
	names := b.names()
	if twice := repeated(names); twice != "" {
		f.add("BACKUP_DATABASES", b.Databases, "names "+twice+" twice", "name each database once")
	}
	if len(names) == 0 {
		names = []string{""}
	}
	for i, name := range names {
		s.checkJob(name, i == 0, f)
	}
}

// checkJob asks what would be wrong with the job of one database; what they have in common is told with the first.
func (s Settings) checkJob(database string, first bool, f *faults) {
	request := s.Backup.request(database)
	version, _, err := s.Database.version()
	if err != nil {
		// A version that is not known has a fault of its own, and says nothing about methods.
		request.Method = string(backup.Auto)
	}
	_, _, err = jobs.Parse(request, version, time.Time{})
	var found jobs.Faults
	if !errors.As(err, &found) {
		return
	}
	for _, fault := range found {
		about, ok := backupFields[fault.Field]
		if !ok || !first && fault.Field != "database" {
			continue
		}
		value, message, remedy := fault.Value, fault.Message, about.remedy
		if value == "" && missing(fault.Field, request.Database, request.Bucket, request.Keys.AccessKeyID, request.Keys.SecretAccessKey) {
			message = "is needed with BACKUP_SCHEDULE"
		} else if strings.HasPrefix(fault.Field, "keys.") {
			remedy = fault.Remedy
		}
		f.add(about.setting, value, message, remedy)
	}
}

// missing says that a needed setting has no value; given are their values.
func missing(field string, given ...string) bool {
	for i, name := range needed {
		if name == field {
			return strings.TrimSpace(given[i]) == ""
		}
	}
	return false
}
