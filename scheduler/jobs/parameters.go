package jobs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// A parameter of plan start, as the older service had them (and names that AWS' own tools use), and where it goes.
type parameter struct {
	// names are all spellings, ours first.
	names  []string
	secret bool
	set    func(*wire.JobRequest, string)
	// flag parameters are true or false.
	flag func(*wire.JobRequest, bool)
}

var parameters = []parameter{
	{names: []string{"AWS_ACCESS_KEY_ID"}, secret: true, set: func(r *wire.JobRequest, v string) { r.Keys.AccessKeyID = v }},
	{names: []string{"AWS_SECRET_ACCESS_KEY"}, secret: true, set: func(r *wire.JobRequest, v string) { r.Keys.SecretAccessKey = v }},
	{names: []string{"AWS_SESSION_TOKEN"}, secret: true, set: func(r *wire.JobRequest, v string) { r.Keys.SessionToken = v }},
	{names: []string{"DATABASE_NAME", "DATABASE"}, set: func(r *wire.JobRequest, v string) { r.Database = v }},
	{names: []string{"S3_BUCKET_NAME", "S3_BUCKET"}, set: func(r *wire.JobRequest, v string) { r.Bucket = v }},
	{names: []string{"S3_DIR_PATH", "S3_DIR"}, set: func(r *wire.JobRequest, v string) { r.Dir = v }},
	{names: []string{"S3_BACKUP_DIR"}, set: func(r *wire.JobRequest, v string) { r.BackupDir = v }},
	{names: []string{"REGION", "AWS_DEFAULT_REGION"}, set: func(r *wire.JobRequest, v string) { r.Region = v }},
	{names: []string{"S3_ENDPOINT"}, set: func(r *wire.JobRequest, v string) { r.Endpoint = v }},
	{names: []string{"S3_PATH_STYLE"}, flag: func(r *wire.JobRequest, v bool) { r.PathStyle = v }},
	{names: []string{"S3_IAM"}, flag: func(r *wire.JobRequest, v bool) { r.IAM = v }},
	{names: []string{"COMPRESS"}, set: func(r *wire.JobRequest, v string) { r.Compress = v }},
	{names: []string{"METHOD"}, set: func(r *wire.JobRequest, v string) { r.Method = v }},
	{names: []string{"INTO"}, set: func(r *wire.JobRequest, v string) { r.Into = v }},
	{names: []string{"EXISTING"}, set: func(r *wire.JobRequest, v string) { r.Existing = v }},
	{names: []string{"NEWER_DUMP"}, flag: func(r *wire.JobRequest, v bool) { r.NewerDump = v }},
}

// FromParameters makes a request of the parameters of `plan start backup`, `restore` or `verify`. An empty value counts as not
// given. The error is Faults, which names parameters that are not known without their values: a key may have got there.
func FromParameters(kind string, params map[string]string) (wire.JobRequest, error) {
	request := wire.JobRequest{Kind: kind}
	var faults Faults
	given := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		known, value := parameterOf(name), strings.TrimSpace(params[name])
		if known == nil {
			faults.add(name, "", "is not a parameter of this plan", "use "+knownNames())
			continue
		}
		if value == "" {
			continue
		}
		if other, twice := given[known.names[0]]; twice && params[other] != params[name] {
			faults.add(name, "", "says something else than "+other, "give one of them")
			continue
		}
		given[known.names[0]] = name
		switch {
		case known.set != nil:
			known.set(&request, value)
		case value == "true" || value == "false":
			known.flag(&request, value == "true")
		default:
			faults.add(name, value, "is neither true nor false", "write true or false")
		}
	}
	if len(faults) > 0 {
		return wire.JobRequest{}, faults
	}
	return request, nil
}

func parameterOf(name string) *parameter {
	for i := range parameters {
		if slices.Contains(parameters[i].names, name) {
			return &parameters[i]
		}
	}
	return nil
}

func knownNames() string {
	var names []string
	for _, one := range parameters {
		names = append(names, one.names[0])
	}
	return strings.Join(names, ", ")
}

// Received is the SDK's answer to plan start: the parameters in the order of their names, without secret values.
func Received(plan string, params map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		value := params[name]
		if known := parameterOf(name); known == nil || known.secret {
			value = "[redacted]"
		}
		list = append(list, name+"="+value)
	}
	return fmt.Sprintf("Received cmd: start %s with parameters: {%s}", plan, strings.Join(list, ", "))
}

// secretWords are in the names of what people call their secrets.
var secretWords = []string{"SECRET", "TOKEN", "PASSWORD", "PASSWD", "CREDENTIAL", "KEY"}

// Hidden are the parameters of a plan that is no job's, without the values that may be secret: a person may have named another
// plan than was meant.
func Hidden(params map[string]string) map[string]string {
	hidden := maps.Clone(params)
	for name := range hidden {
		if slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(strings.ToUpper(name), word) }) {
			hidden[name] = "[redacted]"
		}
	}
	return hidden
}
