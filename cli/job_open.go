package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// errNoneOpen: a command without an id is about the only job that has not ended.
var errNoneOpen = errors.New("no backup, restore or verification waits or runs")

// openJob is the id of the only job that has not ended.
func (s *session) openJob(ctx context.Context, verb, flag string) (string, error) {
	_, jobs, err := s.allJobs(ctx)
	if err != nil {
		return "", err
	}
	var open []wire.Job
	for _, job := range jobs.Jobs {
		if !ended(job) {
			open = append(open, job)
		}
	}
	switch len(open) {
	case 0:
		return "", errNoneOpen
	case 1:
		return open[0].ID, nil
	}
	var lines []string
	for _, job := range open {
		lines = append(lines, strings.TrimSpace(s.jobCommand(verb, job.ID)+" "+flag)+"  # the "+render.JobName(job))
	}
	return "", &severalError{len(open), lines}
}

// severalError is a command that leaves open which job it is about.
type severalError struct {
	count    int
	commands []string
}

// Error says how many there are.
func (e *severalError) Error() string {
	return fmt.Sprintf("%d jobs wait or run: say which one", e.count)
}

// completeJobs offers the ids of jobs, for the first argument.
func (s *session) completeJobs(fits func(wire.Job) bool) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var ids []string
		for _, job := range askForNames[wire.Jobs](c, s, client.Path("jobs")).Jobs {
			if fits(job) {
				ids = append(ids, job.ID)
			}
		}
		return offer(begun, ids)
	}
}
