package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/diff"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/leader"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/metrics"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/probe"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/secrets"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/google/uuid"
)

// errFaults says that the environment has faults, which were printed.
var errFaults = errors.New("the configuration has faults; nothing was written or registered")

// Exit codes of the SDK (ProcessExit).
const (
	exitLock = 8
	exitAPI  = 9
)

// runningBuild is this process' own file as the kernel has it open (proc(5)): the build that runs, even after the file on
// disk was replaced or removed. It is what agents fetch as cockroachdb-node.
const runningBuild = "/proc/self/exe"

// tick is the core's sense of time passing.
const tick = time.Second

// start runs the scheduler until a signal, or until the core, the store or the lock ends it.
func start(ctx context.Context, environ []string) error {
	named := filesOf(environ)
	parsed := config.ParseFiles(environ, time.Now(), named.read)
	if len(parsed.Faults) > 0 {
		printFaults(parsed)
		return errFaults
	}
	settings := parsed.Settings
	log := logger(settings.Logs)
	for _, warning := range parsed.Warnings {
		log.Warn("configuration", "warning", warning)
	}
	// Opening looks and writes nothing: a store of another kind is refused before the lock leaves a trace in it.
	kept, err := store.Open(ctx, settings.Mesos.Store, settings.Root(), store.WithLogger(log))
	foreign := errors.Is(err, store.ErrForeignLayout)
	if foreign {
		err = takeOverFirst(ctx, settings, log)
	}
	if err != nil {
		return fmt.Errorf("open the state: %w", err)
	}
	leadership, err := lead(ctx, settings, log)
	if err != nil {
		return errors.Join(err, closed(kept))
	}
	defer leadership.Release()
	if foreign {
		if err := takeOver(ctx, settings, log); err != nil {
			return err
		}
		if kept, err = store.Open(ctx, settings.Mesos.Store, settings.Root(), store.WithLogger(log)); err != nil {
			return fmt.Errorf("open the state that was taken over: %w", err)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-leadership.Lost():
			cancel(&run.Ended{Code: exitLock, Message: leadership.Err().Error(),
				Remedy: "the process ends so that two schedulers never act at once; the next one goes on"})
		case <-ctx.Done():
		}
	}()
	return errors.Join(serve(ctx, kept, leadership, settings, named, log), kept.Close())
}

// closed closes a store that may not have been opened.
func closed(kept store.Store) error {
	if kept == nil {
		return nil
	}
	return kept.Close()
}

// serve loads the state, opens the API, and runs the loop.
func serve(ctx context.Context, kept store.Store, leadership *leader.Leadership, settings config.Settings, named *files, log *slog.Logger) error {
	stored, err := kept.Load(ctx)
	if err != nil {
		return fmt.Errorf("load the state: %w", err)
	}
	facts, err := core.Decode(stored)
	if err != nil {
		return err
	}
	target := settings.Target()
	rules := settings.Core()
	rules.FormerKept = !settings.Uninstalls() && formerKept(ctx, settings, facts, log)
	state, first := core.Start(facts, target, uuid.NewString(), time.Now(), rules)
	for _, effect := range first {
		if exit, ends := effect.(core.Exit); ends {
			return &run.Ended{Code: exit.Code, Message: exit.Message, Remedy: exit.Remedy}
		}
	}
	// A refused target stays refused in every part: we register as the one in force does.
	carrier, err := transport(settings, named, log)
	if err != nil {
		return err
	}
	service := state.Facts.Target().Service
	if service.Name == "" {
		// Nothing is stored and the service is to be removed: nobody is called.
		service = target.Service
	}
	master, err := connection(settings, service, facts.FrameworkID, carrier, log)
	if err != nil {
		return err
	}
	signing, found, err := certificates(settings, state.Facts, log)
	if err != nil {
		return err
	}
	way, err := newEntrance(settings.Access, named, log)
	if err != nil {
		return err
	}
	loop := run.New(state, run.Parts{Store: kept, Master: master, Log: log, Now: time.Now, Seed: seed, Tick: tick})
	measures := metrics.New(metrics.Sources{Snapshot: loop.Snapshot, Now: time.Now, Version: version, Database: settings.Version().String(),
		Lock: leadership, Heard: master.Heard, Queued: loop.Queued, Scheduled: settings.Scheduled(),
		Certificates: signing.Counts, Refused: way.refusals.Total, Expires: way.expires})
	signing.Core = loop
	tell(ctx, loop, found)
	loop.Observer, loop.Store = measures, measures.Store(kept)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	desk := &jobs.Desk{Core: loop, Keys: secrets.New(time.Now), Scheduled: settings.Scheduled(), Version: settings.Version(), Now: time.Now, NewID: uuid.NewString}
	if !settings.Uninstalls() {
		go desk.Run(ctx, log) // a service that goes makes no scheduled backups
	}
	closeAPI, err := listen(ctx, end, settings, named, way, loop, desk, signing, measures, log)
	if err != nil {
		return err
	}
	defer closeAPI()
	if address := settings.StatsD.Address(); address != "" {
		go measures.Push(ctx, metrics.StatsD{Address: address, Every: time.Duration(settings.StatsD.Every), Log: log})
	}
	go probe.Prober{Snapshot: loop.Snapshot, Tell: loop.Tell, Client: probe.Client(), Scheme: "http"}.Run(ctx)
	if err := loop.Run(ctx, first); err != nil {
		return err
	}
	var ended *run.Ended
	if errors.As(context.Cause(ctx), &ended) {
		return ended
	}
	if loop.Snapshot().Settings.Uninstall {
		if facts.Inherited.Kept != "" && loop.Snapshot().Removing.Done {
			clearFormer(ctx, settings, log)
		}
		log.Info("stopped", "uninstalled", loop.Snapshot().Removing.Done)
		return nil
	}
	log.Info("stopped; the cluster goes on without its scheduler")
	return nil
}

// lead waits for the right to act.
func lead(ctx context.Context, settings config.Settings, log *slog.Logger) (*leader.Leadership, error) {
	leadership, err := leader.Acquire(ctx, settings.Mesos.Store, settings.Root(), leader.WithLogger(log),
		leader.WithHolder(leader.ThisProcess(time.Now())), leader.WithWaiting(func(holder leader.Holder) {
			log.Info("another scheduler of this service leads, waiting", "holder", holder.String())
		}))
	if err != nil {
		return nil, fmt.Errorf("take the lock of the service: %w", err)
	}
	return leadership, nil
}

func connection(settings config.Settings, service tasks.Service, frameworkID string, carrier http.RoundTripper, log *slog.Logger) (*mesos.Connection, error) {
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	return mesos.New(mesos.Config{
		Masters: settings.Mesos.Master, TLS: bool(settings.Security.TLS), Transport: carrier, Log: log,
		Framework: mesos.Framework{ID: frameworkID, Name: service.Name, User: service.User, Principal: service.Principal,
			Role: service.Role, Hostname: host, WebURL: service.WebURL},
	})
}

// listen serves the API, and ends the process when it cannot.
func listen(ctx context.Context, end context.CancelCauseFunc, settings config.Settings, named *files, way *entrance, loop *run.Loop, desk *jobs.Desk, signing *certs.Desk,
	measures *metrics.Metrics, log *slog.Logger) (func(), error) {
	handler := api.Handler(loop, api.Options{Version: version, Database: settings.Version().String(), Helper: runningBuild,
		Access: way.access, Jobs: desk, Certificates: signing, Backups: listBackups(settings.Backup.Endpoint),
		Metrics: measures.Dropwizard(), Prometheus: measures.Prometheus(), Diff: diff.ForAPI(os.Environ(), named.again, loop.Snapshot, time.Now)})
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", settings.Port()))
	if err != nil {
		return nil, &run.Ended{Code: exitAPI, Message: fmt.Sprintf("open the API: %v", err),
			Remedy: "set PORT_API to a free port"}
	}
	server := way.server(handler)
	go func() {
		if err := server.Serve(way.listener(listener)); !errors.Is(err, http.ErrServerClosed) {
			end(&run.Ended{Code: exitAPI, Message: fmt.Sprintf("the API ended: %v", err),
				Remedy: "the process ends, because tasks could not fetch their helper any more; the next one goes on"})
		}
	}()
	log.Info("API open", "address", listener.Addr().String(), "reached at", settings.Target().Service.Scheduler(), "TLS", way.access.Secure, "tokens", way.access.Admits != nil)
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
	}, nil
}

func seed() (random [16]byte) {
	// rand.Read never fails (Go 1.24 and later).
	_, _ = rand.Read(random[:])
	return random
}

func logger(logs config.Logs) *slog.Logger {
	var level slog.Level
	// The choices of the setting are the level's own names.
	_ = level.UnmarshalText([]byte(logs.Level))
	options := &slog.HandlerOptions{Level: level}
	if logs.Format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// printFaults prints every fault with its remedy, and the warnings too: a misspelt variable is often the cause.
func printFaults(parsed config.Parsed) {
	for _, fault := range parsed.Faults {
		value := fmt.Sprintf("=%q", fault.Value)
		if fault.Value == "" {
			value = " (not set)"
		}
		fmt.Fprintf(os.Stderr, "%s%s: %s\n    remedy: %s\n", fault.Field, value, fault.Message, fault.Remedy)
	}
	for _, warning := range parsed.Warnings {
		fmt.Fprintln(os.Stderr, "warning:", warning)
	}
}
