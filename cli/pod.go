package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func newPod(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:     "pod",
		Aliases: []string{"pods"},
		Short:   "Show the pods of the service and their tasks, restart and replace them",
	}, podList(s), podStatus(s), podInfo(s), podRestart.command(s), podReplace.command(s))
}

func podList(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the pods",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.showJSON(c.Context(), client.Path("pod"))
		},
	}
}

func podStatus(s *session) *cobra.Command {
	return &cobra.Command{
		Use:               "status [pod]",
		Short:             "Show the tasks of one pod or of all",
		Example:           "  " + s.program + " pod status cockroachdb-0",
		Args:              perhapsName("name of the pod"),
		ValidArgsFunction: s.completeNames("pod"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				answer, err := s.ask(c.Context(), client.Path("pod", "status"))
				if err != nil {
					return err
				}
				return showTree(s, answer, func(w io.Writer, p wire.ServicePods) error {
					return render.Pods(w, p, render.Options{})
				})
			}
			answer, err := s.ask(c.Context(), client.Path("pod", args[0], "status"))
			if err != nil {
				return s.noPod(err, fmt.Sprintf("there is no pod %q", args[0]), "pod list")
			}
			return showTree(s, answer, func(w io.Writer, p wire.Pod) error {
				return render.Pod(w, p, render.Options{})
			})
		},
	}
}

func podInfo(s *session) *cobra.Command {
	return &cobra.Command{
		Use:               "info <pod>",
		Short:             "Show all that Mesos knows of a pod's tasks, as JSON",
		Example:           "  " + s.program + " pod info cockroachdb-0",
		Args:              oneName("name of the pod"),
		ValidArgsFunction: s.completeNames("pod"),
		RunE: func(c *cobra.Command, args []string) error {
			err := s.showJSON(c.Context(), client.Path("pod", args[0], "info"))
			return s.noPod(err, fmt.Sprintf("there is no pod %q", args[0]), "pod list")
		},
	}
}
