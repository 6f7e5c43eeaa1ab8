// Package command is the command line of cockroachdb-node. It wires sub-commands to packages node and metrics and decides
// nothing itself. It stands apart from the main package because two binaries carry it: cockroachdb-node, and the
// scheduler, which hands its own file to the agents under that name.
package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/job"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/metrics"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// exit is an exit code on its way up; whatever there was to say has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Main runs the command line and gives the exit code.
func Main(version string) int {
	err := commands(version).Execute()
	var code exit
	switch {
	case err == nil:
	case errors.As(err, &code):
		return int(code)
	default:
		fmt.Fprintln(os.Stderr, "cockroachdb-node:", err)
		return 1
	}
	return 0
}

func commands(version string) *cobra.Command {
	var sandbox string
	root := &cobra.Command{
		Use:           "cockroachdb-node",
		Short:         "Runs and watches one CockroachDB node in a Mesos task",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("say what to do: start, ready, live, idle, metrics, job or version; --help explains them")
		},
	}
	root.PersistentFlags().StringVar(&sandbox, "sandbox", "", "the task's sandbox (default: the folder of this program if it holds the node's state, else the current one)")
	root.AddCommand(
		startCommand(&sandbox),
		&cobra.Command{Use: "idle", Short: "Wait in place of the command of a paused pod", Args: cobra.NoArgs, Run: idle},
		checkCommand("ready", "Exit 0 when the database accepts SQL clients", &sandbox,
			func(ctx context.Context, dir string) (string, error) { return "ready", node.Ready(ctx, dir) }),
		checkCommand("live", "Exit 0 unless the database stopped answering", &sandbox, node.Live),
		&cobra.Command{Use: "metrics", Short: "Send the nodes' metrics to STATSD_UDP_HOST and STATSD_UDP_PORT", Args: cobra.NoArgs, RunE: forwardMetrics},
		jobCommand(version, &sandbox),
		&cobra.Command{Use: "version", Short: "Print the version of this program", Args: cobra.NoArgs,
			Run: func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), version) }},
	)
	return root
}

func startCommand(sandbox *string) *cobra.Command {
	return &cobra.Command{
		Use: "start", Short: "Run the database until it ends; settings are in the environment (CRDB_…)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := filepath.Abs(*sandbox)
			if err != nil {
				return fmt.Errorf("find the sandbox: %w", err)
			}
			signals := make(chan os.Signal, 8)
			signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP)
			start := node.Start{Dir: dir, Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr,
				Signals: signals, MountInfo: "/proc/self/mountinfo"}
			if code := start.Run(c.Context()); code != 0 {
				return exit(code)
			}
			return nil
		},
	}
}

func jobCommand(version string, sandbox *string) *cobra.Command {
	return &cobra.Command{
		Use: "job", Short: "Do one backup, restore or verification; settings are in the environment (CRDB_…)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := filepath.Abs(*sandbox)
			if err != nil {
				return fmt.Errorf("find the sandbox: %w", err)
			}
			environ := os.Environ()
			job.Forget()
			signals := make(chan os.Signal, 8)
			signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP)
			work := job.Job{Dir: dir, Environ: environ, Stdout: os.Stdout, Signals: signals, Tool: version}
			if code := work.Run(c.Context()); code != 0 {
				return exit(code)
			}
			return nil
		},
	}
}

func idle(c *cobra.Command, _ []string) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	node.Idle(c.Context(), node.NewJournal(c.OutOrStdout(), time.Now), signals)
}

func forwardMetrics(c *cobra.Command, _ []string) error {
	journal := node.NewJournal(os.Stdout, time.Now)
	settings, err := metrics.ParseSettings(os.Environ())
	if err != nil {
		journal.Say("ERROR: %v", err)
		return exit(tasks.ExitEnvironment)
	}
	ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	metrics.New(settings, journal, metrics.Interval).Run(ctx)
	return nil
}

func checkCommand(use, short string, sandbox *string, check func(context.Context, string) (string, error)) *cobra.Command {
	var limit time.Duration
	command := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := node.FindSandbox(*sandbox)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(c.Context(), limit)
			defer cancel()
			line, err := check(ctx, dir)
			if err != nil {
				fmt.Fprintln(c.OutOrStdout(), err)
				return exit(1)
			}
			fmt.Fprintln(c.OutOrStdout(), line)
			return nil
		},
	}
	command.Flags().DurationVar(&limit, "timeout", 5*time.Second, "give up after this time")
	return command
}
