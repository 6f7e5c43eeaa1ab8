package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/diff"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/spf13/cobra"
)

// errRefused says that the change would be refused; the faults were printed.
var errRefused = errors.New("the change would be refused")

// exitUnread is the exit code of diff when the stored state could not be read; 1 and 2 say that it was, and what came of it.
const exitUnread = 3

// diffCommand shows what this environment would do to the deployed service. It reads the stored state beside a running
// scheduler, and writes nothing.
func diffCommand() *cobra.Command {
	markdown, asJSON := false, false
	command := &cobra.Command{
		Use: "diff", Short: "Show what starting the scheduler with this environment would change, and what it would restart", Args: cobra.NoArgs,
		Long: "Compares this environment with the target that is stored at STATE_STORE, and shows what would be refused, or what would be " +
			"added and restarted, in which order, and why. It may run beside the scheduler, and changes nothing.\n\n" +
			"Exit codes: 0 nothing or a valid change, 1 the change would be refused, 2 the environment has faults, 3 the stored state could not be read.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if markdown {
				return diff.Reference(cmd.OutOrStdout())
			}
			parsed := config.ParseFiles(os.Environ(), time.Now(), filesOf(os.Environ()).read)
			for _, warning := range parsed.Warnings {
				fmt.Fprintln(cmd.ErrOrStderr(), "warning:", warning)
			}
			var facts core.Facts
			if len(parsed.Faults) == 0 {
				var err error
				if facts, err = diff.Stored(cmd.Context(), parsed.Settings); err != nil {
					return &run.Ended{Code: exitUnread, Message: err.Error(),
						Remedy: "diff looks where STATE_STORE and FRAMEWORK_NAME of this environment point"}
				}
			}
			return show(cmd.OutOrStdout(), diff.Compare(parsed, facts), asJSON)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write it as POST /v1/diff answers")
	command.Flags().BoolVar(&markdown, "markdown", false, "write the page docs/reference/changes.md")
	return command
}

// show prints the result, and turns what is wrong into an error with its exit code.
func show(w io.Writer, result diff.Result, asJSON bool) error {
	if err := write(w, result, asJSON); err != nil {
		return err
	}
	switch {
	case len(result.Bad) > 0:
		return errFaults
	case len(result.Refused) > 0:
		return errRefused
	}
	return nil
}

func write(w io.Writer, result diff.Result, asJSON bool) error {
	if !asJSON {
		return result.Text(w)
	}
	text, err := wire.Marshal(result.Wire())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}
