package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// end tells how the job ended, until the scheduler has taken it or says that it does not matter any more. There is no limit: a
// scheduler that is away comes back, if after days, and a task that ends without a word has failed there. A task that is told to stop
// tries on for as long as its kill grace, which Run watches, lets it.
func (d *desk) end(ctx context.Context, end tasks.JobEnd, grace time.Duration) {
	// The job's own context may have ended: that is often why there is something to tell.
	telling, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), errStopped) {
			time.AfterFunc(max(grace-3*lastSecond, lastSecond), stop)
		}
	})()
	end = fit(end, usualSizes)
	pause, said, cut := d.pace.first, "", false
	for {
		a, err := d.post(telling, "report", report{ticket: d.ticket, End: &end})
		switch {
		case err == nil && a.status/100 == 2:
			return
		case err == nil && gone(a):
			d.journal.Say("the scheduler knows already that this job is over: %s", a.message())
			return
		case err == nil && a.status/100 == 4 && !a.passing() && cut:
			d.journal.Say("WARNING: the end could not be reported: %v", orStatus(a, nil))
			return
		case err == nil && a.status/100 == 4 && !a.passing():
			// Whatever it does not like, less of it may do.
			end, cut = fit(end, shortSizes), true
		}
		if text := orStatus(a, err).Error(); text != said && telling.Err() == nil {
			d.journal.Say("cannot report the end of the job at the scheduler, trying on: %s", text)
			said = text
		}
		if !sleep(telling, pause) {
			d.journal.Say("WARNING: the end could not be reported: %s", said)
			return
		}
		pause = min(2*pause, d.pace.end)
	}
}

// sizes bound what an end says: the entries of a list, the bytes of an entry, those of problem and remedy, and those of all of it as
// JSON, where one byte of text may take six.
type sizes struct{ entries, entry, text, all int }

// The API takes bodies of 64 KiB (scheduler/api), ticket included.
var (
	usualSizes = sizes{50, 500, 4000, 56 << 10}
	shortSizes = sizes{5, 200, 500, 12 << 10}
)

// fit cuts what an end says to sizes. What is left out stands in the task's own log.
func fit(end tasks.JobEnd, s sizes) tasks.JobEnd {
	for {
		small := end
		small.Problem, small.Remedy = shorten(end.Problem, s.text), shorten(end.Remedy, s.text)
		if end.Result != nil {
			result := *end.Result
			result.Notes, result.Removed = firstOf(result.Notes, s), firstOf(result.Removed, s)
			small.Result = &result
		}
		if text, err := json.Marshal(small); err != nil || len(text) <= s.all || s.entries == 0 {
			return small
		}
		s.entries, s.entry, s.text = s.entries/2, s.entry/2, s.text/2
	}
}

// firstOf are the first entries of a list, with how many more there were.
func firstOf(list []string, s sizes) []string {
	if len(list) == 0 {
		return list
	}
	n := min(len(list), s.entries)
	out := make([]string, 0, n+1)
	for _, text := range list[:n] {
		out = append(out, shorten(text, s.entry))
	}
	if n < len(list) {
		out = append(out, fmt.Sprintf("and %d more", len(list)-n))
	}
	return out
}

// shorten keeps the beginning of a text of valid UTF-8, in bytes, and says so.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && text[most]&0xc0 == 0x80 {
		most--
	}
	return text[:most] + "…"
}
