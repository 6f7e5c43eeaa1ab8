package cli

import "github.com/spf13/cobra"

func newDebugPod(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:     "pod",
		Aliases: []string{"pods"},
		Short:   "Pause pods, to look into their sandboxes, and resume them",
	}, podPause.command(s), podResume.command(s))
}
