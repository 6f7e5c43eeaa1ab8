package cli

import "github.com/spf13/cobra"

func newDebug(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:   "debug",
		Short: "Look into the scheduler; pause pods to look into their sandboxes",
		// Where these two were before version 0.40 of the SDK.
		SuggestFor: []string{"config", "state"},
	}, newDebugConfig(s), newDebugPod(s), newDebugState(s),
		debugOffers(s), debugPlans(s), debugReservations(s), debugTaskStatuses(s))
}
