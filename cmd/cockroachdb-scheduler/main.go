// Command cockroachdb-scheduler is the Mesos framework: it reads its environment, and deploys and keeps a CockroachDB
// cluster. Run as cockroachdb-node (by that file name) it is the helper in the tasks' sandboxes, so that the scheduler
// can hand its own file to the agents and an installation is one download.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/command"
	"github.com/spf13/cobra"
)

// version is set when the binary is built.
var version = "dev"

// exitConfig is the exit code for faults of the environment.
const exitConfig = 2

func main() {
	if filepath.Base(os.Args[0]) == "cockroachdb-node" {
		os.Exit(command.Main(version))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	os.Exit(exitCode(err))
}

// exitCode prints an error once, with its remedy, and finds its code.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "cockroachdb-scheduler:", err)
	var ended *run.Ended
	switch {
	case errors.As(err, &ended):
		return ended.Code
	case errors.Is(err, errFaults), errors.Is(err, errNotTakenOver):
		return exitConfig
	}
	return 1
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cockroachdb-scheduler",
		Short: "Deploys and keeps a CockroachDB cluster on Mesos; configured by its environment",
		Args:  cobra.NoArgs, SilenceUsage: true, SilenceErrors: true, Version: version,
		RunE: func(cmd *cobra.Command, _ []string) error { return start(cmd.Context(), os.Environ()) },
	}
	cmd.AddCommand(settingsCommand(), diffCommand(), metricsCommand(), takeoverCommand())
	return cmd
}

func settingsCommand() *cobra.Command {
	markdown, asJSON := false, false
	settings := &cobra.Command{
		Use: "settings", Short: "List every setting with default, bounds and meaning", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if markdown {
				return config.Markdown(cmd.OutOrStdout())
			}
			if asJSON {
				return config.JSON(cmd.OutOrStdout())
			}
			return config.List(cmd.OutOrStdout())
		},
	}
	settings.Flags().BoolVar(&asJSON, "json", false, "write them as JSON")
	settings.Flags().BoolVar(&markdown, "markdown", false, "write the page docs/reference/settings.md")
	return settings
}
