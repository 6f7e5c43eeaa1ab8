package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover"
	"github.com/google/uuid"
)

// errNotTakenOver says that the former scheduler's state cannot be taken over; the faults were printed.
var errNotTakenOver = errors.New("the state of the former scheduler cannot be taken over; nothing was written")

// plan is a takeover as it would be done now.
type takeoverPlan struct {
	state  store.FormerState
	kept   string
	facts  core.Facts
	report takeover.Report
}

// planTakeover looks at what the former scheduler left. It writes nothing.
func planTakeover(ctx context.Context, former *store.Former, settings config.Settings, now time.Time) (takeoverPlan, error) {
	state, err := former.Read(ctx)
	if err != nil {
		return takeoverPlan{}, err
	}
	target := settings.Target()
	target.ID = uuid.NewString()
	plan := takeoverPlan{state: state, kept: store.KeptName(now.UTC().Format("20060102T150405Z"))}
	plan.facts, plan.report, _ = takeover.Adopt(takeover.Found{Nodes: state.Nodes, Holders: state.Holders}, target, plan.kept, now)
	return plan, nil
}

// takeOverFirst looks, before the lock is asked for, whether a former scheduler's state could be taken over. What cannot be is
// refused here, so that not even our place in the queue for the lock is written.
func takeOverFirst(ctx context.Context, settings config.Settings, log *slog.Logger) error {
	former, err := store.OpenFormer(ctx, settings.Mesos.Store, settings.Root(), store.WithLogger(log))
	if err != nil {
		return err
	}
	defer former.Close()
	for until := time.Now().Add(lockFades); ; {
		plan, err := planTakeover(ctx, former, settings, time.Now())
		if err != nil {
			return err
		}
		if !plan.report.OnlyLocked() || time.Now().After(until) {
			return refused(os.Stderr, plan)
		}
		log.Info("the former scheduler's lock is still there, waiting for it to go", "holders", plan.state.Holders)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(lockLook):
		}
	}
}

// lockFades is how long the lock of a former scheduler that has just been killed may stay: its session in ZooKeeper outlives it by
// a minute (Curator's default), and a little for the server. lockLook is how often we look.
const (
	lockFades = 90 * time.Second
	lockLook  = 2 * time.Second
)

func refused(w io.Writer, plan takeoverPlan) error {
	if len(plan.report.Refused) == 0 {
		return nil
	}
	if err := plan.report.Text(w); err != nil {
		return err
	}
	return errNotTakenOver
}

// takeOver makes the former scheduler's state ours. It is called with the lock held, and looks again: what was seen before may
// have changed, or another process of ours may have done it meanwhile.
func takeOver(ctx context.Context, settings config.Settings, log *slog.Logger) error {
	former, err := store.OpenFormer(ctx, settings.Mesos.Store, settings.Root(), store.WithLogger(log))
	if err != nil {
		return err
	}
	defer former.Close()
	plan, err := planTakeover(ctx, former, settings, time.Now())
	if err != nil {
		return err
	}
	if !plan.state.Foreign() {
		return nil
	}
	if err := refused(os.Stderr, plan); err != nil {
		return err
	}
	if err := former.TakeOver(ctx, plan.state, plan.kept, core.Encode(plan.facts)); err != nil {
		return err
	}
	for _, entry := range plan.facts.Journal.Since(0) {
		attrs := make([]any, 0, 2*len(entry.Facts))
		for _, fact := range entry.Facts {
			attrs = append(attrs, fact.Name, fact.Value)
		}
		log.Info(entry.Message, attrs...)
	}
	for _, one := range plan.report.Differences {
		log.Info("comes into force when a task is next launched", "what", one.What, "now", one.Now, "then", one.Then, "tasks", one.Tasks)
	}
	for _, room := range plan.report.Room {
		log.Warn("the next launch needs more of the agent than the task holds", "room", room)
	}
	return nil
}

// formerKept says whether the former scheduler's state is still put aside. When that cannot be found out it counts as kept.
func formerKept(ctx context.Context, settings config.Settings, facts core.Facts, log *slog.Logger) bool {
	if facts.Inherited.Kept == "" {
		return false
	}
	former, err := store.OpenFormer(ctx, settings.Mesos.Store, settings.Root(), store.WithLogger(log))
	if err != nil {
		return !errors.Is(err, store.ErrNotZooKeeper)
	}
	defer former.Close()
	state, err := former.Read(ctx)
	if err != nil {
		log.Warn("it is not known whether the former scheduler's state is still kept; its reservations are left alone", "error", err)
		return true
	}
	return slices.Contains(state.Kept, facts.Inherited.Kept)
}

// printPlan writes a dry run.
func printPlan(w io.Writer, plan takeoverPlan, asJSON bool) error {
	if asJSON {
		text, err := json.MarshalIndent(plan.report, "", "  ")
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		_, err = fmt.Fprintf(w, "%s\n", text)
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	} else if err := plan.report.Text(w); err != nil {
		return err
	}
	if len(plan.report.Refused) > 0 {
		return errNotTakenOver
	}
	return nil
}

// clearLimit bounds the last work of a scheduler that was told to end.
const clearLimit = 10 * time.Second

// clearFormer removes what a takeover left beside our state once the service is removed. What stays holds nobody up but a Java-based
// service of the same name.
func clearFormer(ctx context.Context, settings config.Settings, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearLimit)
	defer cancel()
	former, err := store.OpenFormer(ctx, settings.Mesos.Store, settings.Root(), store.WithLogger(log))
	if err == nil {
		defer former.Close()
		err = former.Clear(ctx)
	}
	if err != nil {
		log.Warn("the copy of the former scheduler's state stays; remove it with takeover confirm", "error", err)
	}
}
