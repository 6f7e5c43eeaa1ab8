package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func newPlan(s *session) *cobra.Command {
	c := group(&cobra.Command{
		Use:     "plan",
		Aliases: []string{"plans"},
		Short:   "Show what the scheduler does and how far it is, and steer it",
	}, planList(s), planStatus(s), planStart(s), planStop(s))
	for _, verb := range planVerbs {
		c.AddCommand(verb.command(s, "plan"))
	}
	return c
}

func planList(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the plans",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.showJSON(c.Context(), client.Path("plans"))
		},
	}
}

func planStatus(s *session) *cobra.Command {
	return &cobra.Command{
		Use:               "status <plan>",
		Aliases:           []string{"show"},
		Short:             "Show the phases and steps of a plan, with the reason of those that are not done",
		Example:           "  " + s.program + " plan status deploy",
		Args:              oneName("name of the plan"),
		ValidArgsFunction: s.completeNames("plans"),
		RunE:              func(c *cobra.Command, args []string) error { return s.showPlan(c.Context(), args[0]) },
	}
}

func (s *session) showPlan(ctx context.Context, name string) error {
	// 417 is a plan with errors, and the tree shows them.
	answer, err := s.ask(ctx, client.Path("plans", name), http.StatusExpectationFailed)
	if err != nil {
		return s.notThere(err, fmt.Sprintf("there is no plan %q", name), "plan list")
	}
	return showTree(s, answer, func(w io.Writer, p wire.Plan) error {
		return render.Plan(w, name, p, render.Options{})
	})
}
