package job

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// reports tells the scheduler how far the job is, in the background.
type reports struct {
	done   chan struct{}
	cancel context.CancelFunc
	over   sync.Once
}

// follow reports each change of what the job is doing at once, and numbers from time to time. unasked is called when the scheduler
// does not want the job to go on. A scheduler that cannot be reached changes nothing.
func (d *desk) follow(ctx context.Context, how *progress, unasked func()) *reports {
	ctx, cancel := context.WithCancel(ctx)
	r := &reports{done: make(chan struct{}), cancel: cancel}
	go func() {
		defer close(r.done)
		ticker := time.NewTicker(d.pace.report)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-how.kick:
			case <-ticker.C:
			}
			now, changed := how.take(time.Now())
			if !changed {
				continue
			}
			a, err := d.post(ctx, "report", report{ticket: d.ticket, Progress: &now})
			switch {
			case err != nil || a.passing():
				how.again()
			case gone(a):
				d.journal.Say("the scheduler says that this job is over: %s", a.message())
				unasked()
				return
			}
		}
	}()
	return r
}

// stop ends the reports; none is under way when it returns.
func (r *reports) stop() {
	r.over.Do(r.cancel)
	<-r.done
}

// gone says that no report of this task is wanted: the job ended, was given up, or belongs to a later launch.
func gone(a answer) bool { return a.status == http.StatusGone || a.status == http.StatusForbidden }
