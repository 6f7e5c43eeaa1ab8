package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Backup says which backups are made by themselves, and what a job of the admin pod takes of an agent. Only the latter, and the
// version, are part of the target: a change of the rest restarts nothing but the scheduler.
type Backup struct {
	Schedule  string   `env:"BACKUP_SCHEDULE" help:"When backups are made by themselves: a cron expression of five fields (0 2 * * * is each night at two), in UTC or in a zone named before it (CRON_TZ=Europe/Berlin 0 2 * * *). Of runs that were missed the latest is made up for, once. Empty means never."`
	Databases string   `env:"BACKUP_DATABASES" help:"Databases that the schedule backs up, separated by commas, one job each."`
	Bucket    string   `env:"BACKUP_S3_BUCKET" help:"Bucket that scheduled backups go to."`
	Dir       string   `env:"BACKUP_S3_DIR" envDefault:"cockroach-backups" help:"Folder in the bucket. Each run makes a folder in it, named by its time, the service and the first part of the cluster's id: 20261122T020000Z-cockroachdb-845c6f31."`
	Region    string   `env:"BACKUP_S3_REGION" envDefault:"us-west-1" help:"Region of the bucket."`
	Endpoint  string   `env:"BACKUP_S3_ENDPOINT" help:"host:port, or a URL with http or https, of a store that speaks S3. Empty means AWS."`
	PathStyle Flag     `env:"BACKUP_S3_PATH_STYLE" envDefault:"false" help:"Whether the bucket stands in the path of requests and not in the name of the host, as many stores that are not AWS need it."`
	CAFile    string   `env:"BACKUP_S3_CA_FILE" help:"CA certificates in PEM that the store's certificate may be certified by beside the system's: the text, or the path of a file that holds it, from the working directory or MESOS_SANDBOX."`
	IAM       Flag     `env:"BACKUP_S3_IAM" envDefault:"false" help:"Whether scheduled backups use the role of the agent's machine in AWS in place of keys."`
	KeyID     Secret   `env:"BACKUP_AWS_ACCESS_KEY_ID" help:"Access key id for scheduled backups. On DC/OS Enterprise it comes from a secret."`
	Key       Secret   `env:"BACKUP_AWS_SECRET_ACCESS_KEY" help:"Secret access key that belongs to it. It is handed to the task of a backup when that asks for it, and stands in no task, store or log."`
	Token     Secret   `env:"BACKUP_AWS_SESSION_TOKEN" help:"Session token, where the keys need one. Keys with a token end after some hours, so a schedule hardly wants them."`
	Compress  string   `env:"BACKUP_COMPRESS" envDefault:"gzip" choices:"gzip,zstd,none" help:"How scheduled dumps are compressed. A native backup is compressed by the database, whatever is set here."`
	Method    string   `env:"BACKUP_METHOD" envDefault:"auto" choices:"auto,dump,native" help:"How scheduled backups are made: dump up to v20.2, native from v20.2 on. auto takes native where the version has it."`
	KeepCount Count    `env:"BACKUP_KEEP_COUNT" envDefault:"0" min:"0" max:"10000" help:"How many scheduled backups of a database are kept; older ones are removed once a new one succeeded. 0 keeps all."`
	KeepAge   Duration `env:"BACKUP_KEEP_AGE" envDefault:"0s" min:"0s" max:"87600h" help:"How old scheduled backups become before they are removed (720h is 30 days), once a new one succeeded. 0 keeps all. The newest is always kept."`
	CPUs      Amount   `env:"BACKUP_CPUS" envDefault:"1" min:"0.01" max:"1024" help:"CPUs of a backup, restore or verification."`
	Mem       Count    `env:"BACKUP_MEM_MB" envDefault:"512" min:"256" max:"16777216" help:"Memory of a backup, restore or verification in MB."`
	Disk      Count    `env:"BACKUP_DISK_MB" envDefault:"1024" min:"64" max:"1048576" help:"Disk of its sandbox in MB, for the database's archive and what is unpacked of it. Backups themselves are streamed and need none."`
	Placement string   `env:"BACKUP_PLACEMENT" help:"Where backups, restores and verifications may run, as a Marathon constraint. Empty means anywhere."`
}

// names are the databases of the schedule.
func (b Backup) names() []string {
	var list []string
	for name := range strings.SplitSeq(b.Databases, ",") {
		if name = strings.TrimSpace(name); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// constraint is the placement as the target holds it, where anywhere is the empty text.
func (b Backup) constraint() string {
	if b.Placement == anywhere || b.Placement == "null" {
		return ""
	}
	return b.Placement
}

// request asks for a scheduled backup of one database.
func (b Backup) request(database string) wire.JobRequest {
	ca := ""
	if isPEM(b.CAFile) {
		// A path is one whose file was not looked at.
		ca = b.CAFile
	}
	return wire.JobRequest{Kind: string(tasks.JobBackup), Database: database, Compress: b.Compress, Method: b.Method, Store: wire.Store{
		Bucket: b.Bucket, Dir: b.Dir, Region: b.Region, Endpoint: b.Endpoint, PathStyle: bool(b.PathStyle), CA: ca, IAM: bool(b.IAM),
		Keys: wire.Keys{AccessKeyID: string(b.KeyID), SecretAccessKey: string(b.Key), SessionToken: string(b.Token)}}}
}

// Scheduled are the backups that are made by themselves, nil without a schedule. It is only meant for settings without faults.
func (s Settings) Scheduled() *jobs.Scheduled {
	b := s.Backup
	if b.Schedule == "" {
		return nil
	}
	cron, err := jobs.ParseCron(b.Schedule)
	if err != nil {
		return nil
	}
	request := b.request("any")
	job, keys, err := jobs.Parse(request, s.Version(), time.Time{})
	if err != nil {
		return nil
	}
	params := job.Params
	params.Database, params.BackupDir = "", ""
	params.KeepCount, params.KeepAge = int(b.KeepCount), time.Duration(b.KeepAge)
	return &jobs.Scheduled{Text: b.Schedule, Cron: cron, Service: s.Service.Name, Databases: b.names(), Params: params, Keys: keys}
}

// warnings tells of what has no effect.
func (b Backup) warnings() []string {
	if b.Schedule != "" {
		if b.KeepCount == 0 && b.KeepAge == 0 {
			return []string{"BACKUP_SCHEDULE is set, and neither BACKUP_KEEP_COUNT nor BACKUP_KEEP_AGE: scheduled backups are never removed."}
		}
		return nil
	}
	var set []string
	for _, one := range []struct{ name, value string }{{"BACKUP_DATABASES", b.Databases}, {"BACKUP_S3_BUCKET", b.Bucket},
		{"BACKUP_AWS_ACCESS_KEY_ID", string(b.KeyID)}, {"BACKUP_AWS_SECRET_ACCESS_KEY", string(b.Key)}} {
		if one.value != "" {
			set = append(set, one.name)
		}
	}
	if len(set) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s has no effect without BACKUP_SCHEDULE.", strings.Join(set, ", "))}
}

// repeated is a name that is there twice, empty when none is.
func repeated(names []string) string {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return name
		}
	}
	return ""
}
