package job

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
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
			case err != nil:
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

// end tells how the job ended, until the scheduler has taken it or says that it does not matter any more. A task that was told to
// stop has no more time than its kill grace, which Run watches.
func (d *desk) end(ctx context.Context, end tasks.JobEnd, grace time.Duration) {
	limit := d.pace.end
	if errors.Is(context.Cause(ctx), errStopped) {
		limit = min(limit, grace)
	}
	// The job's own context may have ended: that is often why there is something to tell.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	err := d.patiently(ctx, limit, "report the end of the job", func() (bool, error) {
		a, err := d.post(ctx, "report", report{ticket: d.ticket, End: &end})
		switch {
		case err == nil && a.status/100 == 2:
			return true, nil
		case err == nil && gone(a):
			d.journal.Say("the scheduler knows already that this job is over: %s", a.message())
			return true, nil
		}
		return false, orStatus(a, err)
	})
	if err != nil {
		d.journal.Say("WARNING: the end could not be reported: %v", err)
	}
}
