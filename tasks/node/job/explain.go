package job

import (
	"errors"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// fault is a reason for a job to fail. The remedy is a sentence without its full stop.
func fault(problem, remedy string) *node.Fault {
	return &node.Fault{Code: tasks.ExitJobFailed, Problem: problem, Remedy: remedy}
}

// faultOf is fault with a cause.
func faultOf(problem string, err error, remedy string) *node.Fault {
	f := fault(problem, remedy)
	f.Err = err
	return f
}

// leftover says that something of a job that ended could not be tidied away.
type leftover struct {
	what   string
	err    error
	remedy string
}

func (l *leftover) Error() string { return l.what + ": " + l.err.Error() }
func (l *leftover) Unwrap() error { return l.err }

// explain takes an error apart into what went wrong and what to do about it. The errors of all packages below carry both.
func explain(err error) (problem, remedy string) {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var problems, remedies []string
		for _, one := range several.Unwrap() {
			p, r := explain(one)
			problems = append(problems, p)
			if r != "" {
				remedies = append(remedies, r)
			}
		}
		return strings.Join(problems, "; "), strings.Join(remedies, "; ")
	}
	switch own := err.(type) {
	case *node.Fault:
		problem, remedy = own.Problem, own.Remedy
		if own.Err != nil {
			inner, innerRemedy := explain(own.Err)
			problem += ": " + inner
			if remedy == "" {
				remedy = innerRemedy
			}
		}
		return problem, remedy
	case *s3.Error:
		where := own.Op + " s3://" + own.Bucket
		if own.Key != "" {
			where += "/" + own.Key
		}
		return where + ": " + own.Problem, own.Remedy
	case *tasks.Fault:
		return own.Message, own.Remedy
	case tasks.Fault:
		return own.Message, own.Remedy
	case *leftover:
		return own.Error(), own.remedy
	}
	// A wrapping in words: the remedy stands in what it wraps.
	if inner := errors.Unwrap(err); inner != nil {
		innerProblem, innerRemedy := explain(inner)
		return strings.Replace(err.Error(), inner.Error(), innerProblem, 1), innerRemedy
	}
	return err.Error(), ""
}

// sentence is a problem with its remedy.
func sentence(problem, remedy string) string {
	if remedy == "" {
		return problem
	}
	return problem + ". " + strings.ToUpper(remedy[:1]) + remedy[1:]
}
