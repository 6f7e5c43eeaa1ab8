package node

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Fault is a reason for the helper to end, with the exit code that tells it from others and what to do about it.
type Fault struct {
	Code    int
	Problem string
	Remedy  string
	// Err is the underlying error, if any.
	Err error
}

// Error is the problem, its cause and the remedy in one line.
func (f *Fault) Error() string {
	text := f.Problem
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	if f.Remedy != "" {
		text += ". " + f.Remedy
	}
	return text
}

// Unwrap gives the underlying error.
func (f *Fault) Unwrap() error { return f.Err }

// ExitCode is the code to end with for err: that of a Fault in it, 1 otherwise.
func ExitCode(err error) int {
	var fault *Fault
	var bad *BadEnvironment
	switch {
	case err == nil:
		return 0
	case errors.As(err, &bad):
		return tasks.ExitEnvironment
	case errors.As(err, &fault):
		return fault.Code
	}
	return 1
}

// Mistake is one fault of the environment.
type Mistake struct {
	// Variable and Value name it; Value is empty when it is missing.
	Variable, Value string
	// Problem says what is wrong, Remedy what to write instead.
	Problem, Remedy string
}

func (m Mistake) String() string {
	return fmt.Sprintf("%s=%q: %s. %s.", m.Variable, m.Value, m.Problem, m.Remedy)
}

// BadEnvironment is all faults of a task's environment at once.
type BadEnvironment struct{ Mistakes []Mistake }

// Error lists the faults, one a line.
func (b *BadEnvironment) Error() string {
	lines := make([]string, len(b.Mistakes))
	for i, m := range b.Mistakes {
		lines[i] = m.String()
	}
	return "the task's environment is faulty:\n  " + strings.Join(lines, "\n  ")
}
