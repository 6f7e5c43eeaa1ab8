package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

func newDebugConfig(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:     "config",
		Aliases: []string{"configs"},
		Short:   "Show the configurations that the scheduler has stored",
	}, &cobra.Command{
		Use:   "list",
		Short: "List the ids of the configurations",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.showJSON(c.Context(), client.Path("configurations"))
		},
	}, &cobra.Command{
		Use:               "show <id>",
		Short:             "Show one configuration",
		Args:              oneName("id of the configuration"),
		ValidArgsFunction: s.completeNames("configurations"),
		RunE: func(c *cobra.Command, args []string) error {
			err := s.showJSON(c.Context(), client.Path("configurations", args[0]))
			return s.notThere(err, fmt.Sprintf("there is no configuration %q", args[0]), "debug config list")
		},
	}, &cobra.Command{
		Use:   "target",
		Short: "Show the configuration that the scheduler works towards",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			err := s.showJSON(c.Context(), client.Path("configurations", "target"))
			return s.notThere(err, "the scheduler has no target configuration yet", "debug config list")
		},
	}, &cobra.Command{
		Use:   "target_id",
		Short: "Show the id of that configuration",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			err := s.showJSON(c.Context(), client.Path("configurations", "targetId"))
			return s.notThere(err, "the scheduler has no target configuration yet", "debug config list")
		},
	})
}
