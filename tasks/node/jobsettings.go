package node

import (
	"fmt"
	"regexp"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// jobVariables is the environment of a job as text.
type jobVariables struct {
	Job       string `env:"CRDB_JOB"`                    // the job's id
	Token     string `env:"CRDB_JOB_TOKEN"`              // good for collecting parameters and keys once
	Scheduler string `env:"CRDB_SCHEDULER"`              // http://host:port of the scheduler's API
	TaskID    string `env:"CRDB_TASK_ID"`                // Mesos' id of this task
	Service   string `env:"CRDB_SERVICE"`                // the service's name
	Version   string `env:"CRDB_VERSION"`                // release in the archive
	Archive   string `env:"CRDB_ARCHIVE"`                // file in the sandbox, as fetched
	SHA256    string `env:"CRDB_SHA256"`                 // sum of that file in hex; empty: not checked
	Dir       string `env:"CRDB_DIR"`                    // folder of the binary inside the archive; empty: searched
	Join      string `env:"CRDB_JOIN"`                   // host:port,… SQL addresses of the nodes, tried in order
	TLS       string `env:"CRDB_TLS" envDefault:"false"` // true: the database is secure
	CA        string `env:"CRDB_SCHEDULER_CA"`           // PEM: authorities of an https CRDB_SCHEDULER, beside the system's
	MemMB     string `env:"CRDB_MEM_MB"`                 // the task's memory in Mesos megabytes; empty: not known
	KillGrace string `env:"CRDB_KILL_GRACE"`             // seconds between SIGTERM and the agent's SIGKILL; empty: by version
}

// JobSettings is a checked environment of `cockroachdb-node job`. It lives here, and not with the job's own code, for the
// checks that it has in common with Settings.
type JobSettings struct {
	Program
	Ticket    tasks.JobTicket
	Scheduler SchedulerAccess
	// TLS says that the database is secure: its clients need a certificate.
	TLS             bool
	TaskID, Service string
	// Nodes are the SQL addresses.
	Nodes     []cockroach.Address
	KillGrace time.Duration
	// MemMB is the task's memory in Mesos megabytes, 0 when it is not known.
	MemMB int
}

// jobID keeps what goes into a path of the API to what an id consists of.
var jobID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// ParseJobSettings reads environ (NAME=value) and checks all of it. The error is a *BadEnvironment with every mistake.
func ParseJobSettings(environ []string) (JobSettings, error) {
	var vars jobVariables
	if err := env.ParseWithOptions(&vars, env.Options{Environment: env.ToMap(environ)}); err != nil {
		return JobSettings{}, fmt.Errorf("read the environment: %w", err)
	}
	var c checker
	s := JobSettings{
		Program: Program{Archive: c.inside(cockroach.EnvArchive, vars.Archive, true), Dir: c.inside(cockroach.EnvDir, vars.Dir, false), SHA256: c.sum(vars.SHA256)},
		Ticket:  tasks.JobTicket{ID: c.needed(cockroach.EnvJob, vars.Job), Token: vars.Token}, Scheduler: c.scheduler(vars.Scheduler, vars.CA), TLS: c.yes(cockroach.EnvTLS, vars.TLS),
		TaskID: c.needed(cockroach.EnvTaskID, vars.TaskID), Service: c.needed(cockroach.EnvService, vars.Service),
		Nodes: c.addresses(cockroach.EnvJoin, vars.Join, true),
	}
	if vars.Job != "" && !jobID.MatchString(vars.Job) {
		c.mistake(cockroach.EnvJob, vars.Job, "it is no id of a job", "Give the id that the scheduler made")
	}
	if vars.Token == "" {
		c.mistake(cockroach.EnvJobToken, "", "it is missing", "The scheduler makes one for each launch")
	}
	s.Version = c.version(vars.Version)
	if vars.MemMB != "" {
		s.MemMB = c.number(cockroach.EnvMemMB, vars.MemMB, 1, 1<<30, "the task's memory in MB")
	}
	s.KillGrace = c.grace(vars.KillGrace, s.Version)
	if len(c.mistakes) > 0 {
		return JobSettings{}, &BadEnvironment{c.mistakes}
	}
	return s, nil
}
