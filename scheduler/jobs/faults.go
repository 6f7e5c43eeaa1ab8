package jobs

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Faults are everything that is wrong with a request. Fields have the names of the request's JSON; values are never secret.
type Faults []wire.Fault

// Error names all of them in one line.
func (f Faults) Error() string {
	var list []string
	for _, one := range f {
		text := one.Field + ": " + one.Message
		if one.Value != "" {
			text = fmt.Sprintf("%s %q: %s", one.Field, one.Value, one.Message)
		}
		list = append(list, text+" ("+one.Remedy+")")
	}
	return strings.Join(list, "; ")
}

func (f *Faults) add(field, value, message, remedy string) {
	*f = append(*f, wire.Fault{Field: field, Value: public(value), Message: message, Remedy: remedy})
}

// public leaves out what stands behind a question mark and before an @: the database's own addresses of backups hold keys there.
func public(value string) string {
	value, _, query := strings.Cut(value, "?")
	if at := strings.LastIndex(value, "@"); at >= 0 {
		value = "…" + value[at:]
	}
	if query {
		value += "?…"
	}
	return value
}

// fields are the names of the request's JSON for those of tasks.JobParams.
var fields = map[string]string{"backup_dir": "backupDir", "newer_dump": "newerDump", "path_style": "pathStyle"}

// take adds a fault of tasks/backup.
func (f *Faults) take(fault tasks.Fault) {
	field := fault.Field
	if name, ok := fields[field]; ok {
		field = name
	}
	f.add(field, fault.Value, fault.Message, fault.Remedy)
}

// Refusal is a job, or a word about one, that was not taken, with a status of HTTP and a sentence.
type Refusal struct {
	Code    int
	Message string
}

// Error is the sentence.
func (r *Refusal) Error() string { return r.Message }
