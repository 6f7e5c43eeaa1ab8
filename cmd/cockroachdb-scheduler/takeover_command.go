package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/leader"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/spf13/cobra"
)

// lockPatience is how long undo waits for a scheduler that is just ending.
const lockPatience = 5 * time.Second

// takeoverCommand shows, confirms and undoes the takeover of a former scheduler's state. The scheduler itself does it when it starts.
func takeoverCommand() *cobra.Command {
	var dry, asJSON, force bool
	command := &cobra.Command{
		Use: "takeover --dry-run", Short: "Show what starting the scheduler here would take over of a Java-based service", Args: cobra.NoArgs,
		Long: "Reads what the Java-based scheduler left at STATE_STORE for FRAMEWORK_NAME, and shows which tasks, reservations and volumes " +
			"would be adopted, and what would be refused. It writes nothing, and may run beside the former scheduler. The takeover itself " +
			"happens when the scheduler is started.\n\n" +
			"Exit codes: 0 it would be taken over, 2 it would be refused or the environment has faults, 3 nothing is there to be taken over, " +
			"or the state could not be read.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !dry {
				return &run.Ended{Code: exitConfig, Message: "the takeover happens when the scheduler is started",
					Remedy: "give --dry-run to see what it would be, or one of the commands undo and confirm"}
			}
			return withFormer(cmd, func(ctx context.Context, settings config.Settings, former *store.Former) error {
				plan, err := planTakeover(ctx, former, settings, time.Now())
				switch {
				case err != nil:
					return unread(err)
				case plan.state.Own:
					return unread(errors.New("the state is this scheduler's own already"))
				case !plan.state.Foreign():
					return unread(errors.New("no scheduler has left any state there"))
				}
				return printPlan(cmd.OutOrStdout(), plan, asJSON)
			})
		},
	}
	command.Flags().BoolVar(&dry, "dry-run", false, "show what would be taken over")
	command.Flags().BoolVar(&asJSON, "json", false, "write it as JSON")
	undo := &cobra.Command{
		Use: "undo", Short: "Give the service back to the Java-based scheduler, while this one is stopped", Args: cobra.NoArgs,
		Long: "Brings the state of the former scheduler back and removes that of this one. The scheduler has to be stopped first. " +
			"Where this scheduler has launched tasks meanwhile it is refused, and says what the former scheduler would not know; --force does it all the same.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withFormer(cmd, func(ctx context.Context, settings config.Settings, former *store.Former) error {
				return undoTakeover(ctx, cmd.OutOrStdout(), settings, former, force)
			})
		},
	}
	undo.Flags().BoolVar(&force, "force", false, "go back although this scheduler has launched tasks")
	confirm := &cobra.Command{
		Use: "confirm", Short: "Remove the state of the Java-based scheduler that was put aside; there is no way back then", Args: cobra.NoArgs,
		Long: "Removes the copy of the former scheduler's state. It may run beside the scheduler. Reservations that belonged to none of the " +
			"adopted tasks are given back when the scheduler next starts.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withFormer(cmd, func(ctx context.Context, _ config.Settings, former *store.Former) error {
				return confirmTakeover(ctx, cmd.OutOrStdout(), former)
			})
		},
	}
	command.AddCommand(undo, confirm)
	return command
}

func unread(err error) error {
	return &run.Ended{Code: exitUnread, Message: err.Error(), Remedy: "it is looked for where STATE_STORE and FRAMEWORK_NAME of this environment point"}
}

// withFormer reads the environment and connects.
func withFormer(cmd *cobra.Command, do func(context.Context, config.Settings, *store.Former) error) error {
	parsed := config.ParseFiles(os.Environ(), time.Now(), filesOf(os.Environ()).read)
	if len(parsed.Faults) > 0 {
		printFaults(parsed)
		return errFaults
	}
	former, err := store.OpenFormer(cmd.Context(), parsed.Settings.Mesos.Store, parsed.Settings.Root())
	if err != nil {
		return unread(err)
	}
	defer former.Close()
	return do(cmd.Context(), parsed.Settings, former)
}

func confirmTakeover(ctx context.Context, w io.Writer, former *store.Former) error {
	state, err := former.Read(ctx)
	if err != nil {
		return unread(err)
	}
	if !state.Own && state.Foreign() {
		return unread(errors.New("the service is the former scheduler's: nothing was taken over"))
	}
	removed, err := former.Confirm(ctx)
	if err != nil {
		return err
	}
	if len(removed) == 0 {
		_, err = fmt.Fprintln(w, "No state of a former scheduler is put aside.")
	} else {
		_, err = fmt.Fprintf(w, "Removed %v. There is no way back to the former scheduler now; what only it knew of is given back when this scheduler next starts.\n", removed)
	}
	return err
}

func undoTakeover(ctx context.Context, w io.Writer, settings config.Settings, former *store.Former, force bool) error {
	patience, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	leadership, err := leader.Acquire(patience, settings.Mesos.Store, settings.Root())
	if err != nil {
		return &run.Ended{Code: exitLock, Message: err.Error(), Remedy: "stop the scheduler first: set the instances of its app to 0"}
	}
	defer leadership.Release()
	state, err := former.Read(ctx)
	switch {
	case err != nil:
		return unread(err)
	case len(state.Kept) == 0:
		return unread(errors.New("no complete state of a former scheduler is put aside"))
	case !state.Own:
		return unread(errors.New("the service is the former scheduler's already"))
	}
	kept := state.Kept[len(state.Kept)-1]
	lost, err := launchedSince(ctx, settings)
	if err != nil && !force {
		return unread(err)
	}
	if len(lost) > 0 && !force {
		for _, line := range lost {
			fmt.Fprintln(w, line)
		}
		return &run.Ended{Code: 1, Message: "this scheduler has changed what the former one knows; nothing was written",
			Remedy: "stay with this scheduler, or give --force: the former one kills these tasks and launches its own"}
	}
	if err := former.Undo(ctx, kept); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "The state of the former scheduler is back as it was (%s). Start that scheduler now, and not this one.\n", kept)
	return err
}

// launchedSince lists what the former scheduler would not know.
func launchedSince(ctx context.Context, settings config.Settings) ([]string, error) {
	values, err := store.Read(ctx, settings.Mesos.Store, settings.Root())
	if err != nil {
		return nil, err
	}
	facts, err := core.Decode(values)
	if err != nil {
		return nil, err
	}
	var lost []string
	for _, name := range slices.Sorted(maps.Keys(facts.Records)) {
		if record := facts.Records[name]; record.TaskID != facts.Inherited.Tasks[name] {
			lost = append(lost, fmt.Sprintf("%s was launched by this scheduler as %q on %s, volume %q.", name, record.TaskID, record.Agent.Hostname, record.VolumeID()))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(facts.Inherited.Tasks)) {
		if facts.Records[name] == nil {
			lost = append(lost, name+" was removed by this scheduler.")
		}
	}
	return lost, nil
}
