package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/signals"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// start is `cockroach start` and `cockroach start-single-node`.
func (c *session) start(context.Context) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	caught := make(chan os.Signal, 8)
	signal.Notify(caught, signals.Caught...)
	defer signal.Stop(caught)
	logs, err := c.openLog(&cfg)
	if err != nil {
		return err
	}
	defer logs.Close()
	if cfg.Certs == nil {
		c.warnInsecure()
	}
	c.checkNames(cfg)
	n, err := server.Start(cfg)
	if err != nil {
		return c.startFault(err)
	}
	defer n.Close()
	if err := c.leaveFiles(cfg, n); err != nil {
		return err
	}
	return (&watch{session: c, n: n, certs: cfg.Certs, log: cfg.Log, caught: caught}).run()
}

// startFault words what keeps a node from starting.
func (c *session) startFault(err error) error {
	var bind *server.BindError
	switch {
	case errors.As(err, &bind):
		flag := bind.Flag
		if c.v.Before(2, 1, 0) {
			flag = map[string]string{"--listen-addr": "--port", "--http-addr": "--http-port"}[flag]
		}
		err = fmt.Errorf("cockroach server exited with error: consider changing the port via %s: %w", flag, err)
	case errors.Is(err, store.ErrLocked):
		err = fmt.Errorf("could not cleanup temporary directories from record file: could not lock temporary directory, may still be in use: %w", err)
	default:
		err = fmt.Errorf("cockroach server exited with error: %w", err)
	}
	f := &failure{err: err, loud: true}
	if errors.Is(err, syscall.ENOSPC) && c.v.AtLeast(21, 2, 0) {
		f.code = 10
	}
	return f
}

// leaveFiles writes the pid file and the file with the URL. They say that the
// node listens, not that it is ready.
func (c *session) leaveFiles(cfg server.Config, n *server.Node) error {
	if f := c.p.Text("pid-file", ""); f != "" {
		if err := os.WriteFile(f, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err != nil {
			return fmt.Errorf("failed writing the PID: %w", err)
		}
	}
	if f := c.p.Text("listening-url-file", ""); f != "" {
		if err := os.WriteFile(f, []byte(c.sqlURL(cfg.Certs, n)+"\n"), 0o644); err != nil {
			return fmt.Errorf("failed writing the URL: %w", err)
		}
	}
	return nil
}

// watch is a running node with its signals.
type watch struct {
	*session
	n        *server.Node
	certs    *security.Manager
	log      *slog.Logger
	caught   chan os.Signal
	draining os.Signal // the signal that began the drain, nil before
}

// startupSilence is after how long a node that waits says so, and
// contactSilence after how long it says that it is alone.
const (
	startupSilence = 2 * time.Second
	contactSilence = 30 * time.Second
)

// run goes on until the node has stopped.
func (w *watch) run() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	serving, drained := w.n.Serving(), make(chan error, 1)
	waits, alone := time.After(startupSilence), time.After(contactSilence)
	var limit <-chan time.Time
	running := false
	for {
		select {
		case <-serving:
			serving, waits, alone = nil, nil, nil
			w.banner(w.n)
		case <-waits:
			w.sayWaiting()
		case <-alone:
			w.sayAlone()
		case err := <-w.n.Fatal():
			return &failure{err: fmt.Errorf("cockroach server exited with error: %w", err), loud: true, code: w.fatalCode(err)}
		case <-w.n.Quit():
			fmt.Fprintln(w.Out, "server drained and shutdown completed")
			return nil
		case err := <-drained:
			if err != nil {
				return fmt.Errorf("drain: %w", err)
			}
			fmt.Fprintln(w.Out, "server drained and shutdown completed")
			return w.end()
		case <-limit:
			w.shout("ERROR: time limit reached, initiating hard shutdown - node may take longer to restart & clients may need to wait for leases to expire")
			return exit{1}
		case sig := <-w.caught:
			early, err := w.on(sig)
			if early || err != nil {
				return err
			}
			if w.draining != nil && !running {
				running = true
				go func() { drained <- w.n.Drain(ctx) }()
				if d := signals.Limit(w.v); d > 0 && w.limit > 0 {
					limit = time.After(w.limit)
				} else if d > 0 {
					limit = time.After(d)
				}
			}
		}
	}
}

// fatalCode is the exit code of a fatal error while running.
// Source: cockroachdb-versions.md, 4.5.
func (w *watch) fatalCode(err error) int {
	var broken *server.StoreError
	switch {
	case errors.Is(err, syscall.ENOSPC) && w.v.AtLeast(21, 2, 0):
		return 10
	case w.v.AtLeast(20, 2, 4):
		return 7
	case errors.As(err, &broken):
		return 255
	}
	return 1
}

// on answers one signal. early means that the node is to stop at once.
func (w *watch) on(sig os.Signal) (early bool, err error) {
	switch signals.Meaning(w.v, sig, w.draining != nil) {
	case signals.Drain:
		w.draining = sig
		if sig == os.Interrupt {
			fmt.Fprintln(w.Out, "Note: a second interrupt will skip graceful shutdown and terminate forcefully")
		}
		fmt.Fprintln(w.Out, "initiating graceful shutdown of server")
		if w.n.Facts().Phase != server.Serving {
			fmt.Fprintln(w.Out, "too early to drain; used hard shutdown instead")
			return true, w.end()
		}
	case signals.Flush:
		w.reload()
	case signals.Stacks:
		w.stacks()
	case signals.Hard:
		w.sayHard(sig)
		die(sig)
	case signals.HardExit:
		w.sayHard(sig)
		return true, exit{143}
	}
	return false, nil
}

// end gives the exit code after a drain.
func (w *watch) end() error {
	if w.draining == os.Interrupt {
		return &failure{err: errors.New("interrupted"), loud: true, code: signals.ExitCode(w.v, w.draining)}
	}
	return nil
}

// logFolder is where the log goes: --log-dir, or the store.
func (c *session) logFolder(storePath string) string {
	return c.p.Text("log-dir", filepath.Join(storePath, "logs"))
}
