package main

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/metrics"
	"github.com/spf13/cobra"
)

// metricsCommand writes the reference of metrics; `make generate` calls it.
func metricsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "metrics", Short: "Write the page docs/reference/metrics.md", Args: cobra.NoArgs, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return metrics.Markdown(cmd.OutOrStdout()) },
	}
}
