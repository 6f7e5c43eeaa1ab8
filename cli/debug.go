package cli

import "github.com/spf13/cobra"

func newDebug(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:   "debug",
		Short: "Look into the scheduler: its configurations and its state",
		// Where these two were before version 0.40 of the SDK.
		SuggestFor: []string{"config", "state"},
	}, newDebugConfig(s), newDebugState(s))
}
