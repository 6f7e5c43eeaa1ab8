package node

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// killDelay is how long a hard stop by SIGTERM may take before SIGKILL follows; v20.1.5 needs 0.1 s.
const killDelay = time.Second

// watch waits for the end of the database, passes signals on, and sees to it that a stop ends within the kill grace.
type watch struct {
	settings Settings
	db       *Process
	state    *stateKeeper
	journal  *Journal
	signals  <-chan os.Signal
	// verdict delivers once how the node's way into its cluster ended; a *Fault stops the database.
	verdict <-chan error
	// abandon gives up the way into the cluster: a node that is being stopped initialises nothing.
	abandon func()

	began time.Time // of the drain
	hard  bool      // the drain was broken off
	fault *Fault    // why the helper itself stopped the database
}

// run returns the task's exit code.
func (w *watch) run() int {
	var drainEnds, kill <-chan time.Time
	stop := func(reason string) {
		if !w.began.IsZero() {
			return
		}
		w.began = time.Now()
		w.abandon()
		w.state.advance(Stopping)
		w.journal.Say("%s: asking the database to drain; it is stopped hard after %s of %s", reason,
			cockroach.HardStopAfter(w.settings.KillGrace), w.settings.KillGrace)
		drainEnds = time.After(cockroach.HardStopAfter(w.settings.KillGrace))
	}
	for {
		select {
		case code := <-w.db.Exited:
			return w.ended(code)
		case sig := <-w.signals:
			if sig == syscall.SIGTERM {
				stop("SIGTERM")
			} else {
				w.journal.Say("passing signal %s on to the database", sig)
			}
			w.send(sig)
		case err := <-w.verdict:
			if errors.As(err, &w.fault) {
				w.journal.Say("ERROR: %v", w.fault)
				stop("wrong cluster")
				w.send(syscall.SIGTERM)
			} else if err != nil && !errors.Is(err, context.Canceled) {
				w.journal.Say("WARNING: %v", err)
			}
		case <-drainEnds:
			w.hard = true
			w.journal.Say("WARNING: the drain did not end within %.1f s: stopping the database hard. Clients may see errors, and the next start may take longer", time.Since(w.began).Seconds())
			if cockroach.HardStop(w.settings.Version) == cockroach.Term {
				w.send(syscall.SIGTERM)
				kill = time.After(min(killDelay, w.settings.KillGrace/10))
				continue
			}
			w.kill()
		case <-kill:
			w.kill()
		}
	}
}

func (w *watch) send(sig os.Signal) {
	number, _ := sig.(syscall.Signal)
	if err := w.db.Signal(number); err != nil {
		w.journal.Say("WARNING: cannot pass %s on to the database: %v", sig, err)
	}
}

func (w *watch) kill() {
	if err := w.db.Kill(); err != nil {
		w.journal.Say("WARNING: cannot kill the database: %v", err)
	}
}

// ended reports how the database went, and returns the code to end with.
func (w *watch) ended(code int) int {
	w.state.advance(Stopping)
	switch {
	case w.hard:
		w.journal.Say("the database was stopped hard, its drain had not ended (exit code %d: %s)", code, cockroach.ExitReason(w.settings.Version, code))
	case !w.began.IsZero() && code == 0:
		w.journal.Say("the database drained and stopped within %.1f s (exit code 0)", time.Since(w.began).Seconds())
	default:
		w.journal.Say("the database ended with exit code %d: %s", code, cockroach.ExitReason(w.settings.Version, code))
	}
	if w.fault != nil {
		return w.fault.Code
	}
	return code
}
