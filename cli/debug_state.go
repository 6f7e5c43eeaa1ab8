package cli

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

func newDebugState(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:   "state",
		Short: "Show what the scheduler has stored beside its configurations",
	}, &cobra.Command{
		Use:   "framework_id",
		Short: "Show the id under which Mesos knows the service",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			err := s.showJSON(c.Context(), client.Path("state", "frameworkId"))
			return meaning(err, http.StatusNotFound, "the scheduler is not registered with Mesos yet",
				"See how far it is: "+s.program+" plan status deploy")
		},
	}, &cobra.Command{
		Use:   "properties",
		Short: "List the names of the stored properties",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.showJSON(c.Context(), client.Path("state", "properties"))
		},
	}, &cobra.Command{
		Use:               "property <name>",
		Short:             "Show one stored property",
		Args:              oneName("name of the property"),
		ValidArgsFunction: s.completeNames("state", "properties"),
		RunE: func(c *cobra.Command, args []string) error {
			err := s.showJSON(c.Context(), client.Path("state", "properties", args[0]))
			return s.notThere(err, fmt.Sprintf("there is no property %q", args[0]), "debug state properties")
		},
	}, &cobra.Command{
		Use:   "refresh_cache",
		Short: "Make the scheduler read its state from the store again",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			scheduler, err := s.connect()
			if err != nil {
				return err
			}
			answer, err := scheduler.Put(c.Context(), client.Path("state", "refresh"))
			if err != nil {
				return meaning(err, http.StatusConflict, "the scheduler keeps no cache of its state",
					"Nothing needs to be done: it reads what it needs from the store.")
			}
			return s.printJSON(answer)
		},
	})
}
