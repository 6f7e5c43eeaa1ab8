package cli

import (
	"errors"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func debugOffers(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "offers",
		Short:   "Show why the offers of the last minutes were refused",
		Example: "  " + s.program + " debug offers",
		Args:    noArguments,
		RunE:    look(s, "offers", render.Offers),
	}
}

func debugPlans(s *session) *cobra.Command {
	return &cobra.Command{
		Use:               "plans [plan] [phase] [step]",
		Short:             "Show the state of the scheduler and of all plans, or of parts of them",
		Example:           "  " + s.program + " debug plans\n  " + s.program + " debug plans deploy node-deploy",
		Args:              names(nil, "name of the plan", "name of the phase", "name of the step"),
		ValidArgsFunction: s.completePlanParts(3),
		RunE:              look(s, "plans", render.DebugPlans),
	}
}

func debugTaskStatuses(s *session) *cobra.Command {
	return &cobra.Command{
		Use:               "task-statuses [plan] [phase] [step]",
		Aliases:           []string{"task_statuses", "taskStatuses"},
		Short:             "Show the tasks behind the steps of all plans, or of parts of them",
		Example:           "  " + s.program + " debug task-statuses\n  " + s.program + " debug task-statuses deploy",
		Args:              names(nil, "name of the plan", "name of the phase", "name of the step"),
		ValidArgsFunction: s.completePlanParts(3),
		RunE:              look(s, "taskStatuses", render.TaskStatuses),
	}
}

// look asks a question below /v1/debug; arguments are plan, phase and step to narrow it down to.
func look[T any](s *session, what string, draw func(io.Writer, T) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		query := url.Values{}
		for i, arg := range args {
			query.Set([]string{"plan", "phase", "step"}[i], arg)
		}
		path := client.Path("debug", what)
		if len(query) > 0 {
			path += "?" + query.Encode()
		}
		answer, err := s.ask(c.Context(), path)
		if err != nil {
			return s.older(err)
		}
		// The SDK answers a filter that names nothing with success and a sentence.
		if wrong, err := client.Decode[wire.InvalidInput](answer); err == nil && wrong.Text != "" {
			return errors.New(wrong.Text)
		}
		return showTree(s, answer, draw)
	}
}
