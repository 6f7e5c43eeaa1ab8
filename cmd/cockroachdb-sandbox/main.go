// Command cockroachdb-sandbox runs the whole service on one machine, for people who have no Mesos: a loopback master
// with four agents that run tasks as local processes, the scheduler on top, and the stand-in database.
//
// It expects cockroachdb-scheduler, dcos-cockroachdb and the packed stand-in beside itself, where `make build` and
// `make stand-in` put them.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// version is set when the binary is built.
var version = "dev"

// options are the sandbox's flags.
type options struct {
	check   bool
	keep    bool
	secure  bool
	dir     string
	archive string
	timeout time.Duration
	nodes   int
}

func main() {
	// The scheduler is told to end with the thread that starts it (PR_SET_PDEATHSIG, prctl(2)); this keeps that thread the
	// main one, which lives as long as the process.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cockroachdb-sandbox:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	var opt options
	cmd := &cobra.Command{
		Use:   "cockroachdb-sandbox",
		Short: "Runs a loopback Mesos with four agents, the scheduler and the stand-in database",
		Args:  cobra.NoArgs, SilenceUsage: true, SilenceErrors: true, Version: version,
		RunE: func(cmd *cobra.Command, _ []string) error { return demo(cmd.Context(), opt) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&opt.check, "check", false, "deploy, show the plug-in's answers, stop; exit 0 only if all of it went well")
	flags.BoolVar(&opt.keep, "keep", false, "leave the folder with sandboxes, logs and state behind")
	flags.BoolVar(&opt.secure, "secure", false, "nodes and clients speak TLS, with certificates that the service makes")
	flags.StringVar(&opt.dir, "dir", "", "folder for sandboxes, logs and state (default: a temporary one)")
	flags.StringVar(&opt.archive, "archive", "", "archive of the database (default: the packed stand-in beside this program)")
	flags.DurationVar(&opt.timeout, "timeout", 3*time.Minute, "with --check: time for the deployment")
	flags.IntVar(&opt.nodes, "nodes", 3, "number of database nodes, up to 4 with the default placement")
	return cmd
}

// demo starts everything, shows it, and stops it again.
func demo(ctx context.Context, opt options) error {
	box, err := prepare(opt)
	if err != nil {
		return err
	}
	defer box.stop()
	if err := box.start(ctx); err != nil {
		return err
	}
	box.introduce(os.Stdout)
	err = box.watch(ctx, os.Stdout)
	switch {
	case ctx.Err() != nil:
		fmt.Println("\nstopping everything …")
		return nil
	case err != nil:
		return box.explained(err)
	case opt.check:
		return box.answers(ctx, os.Stdout)
	}
	if err := box.answers(ctx, os.Stdout); err != nil {
		return err
	}
	box.suggest(os.Stdout)
	return box.wait(ctx)
}

// beside is a file in this program's own folder.
func beside(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the own folder: %w", err)
	}
	path := filepath.Join(filepath.Dir(self), name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s is missing: run `make build stand-in` first (%w)", name, err)
	}
	return path, nil
}
