package jobs

import (
	"errors"
	"fmt"
	"strings"
	"time"
	// Time zones of CRON_TZ= are known on machines without a database of them too.
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

// Cron is when scheduled backups are due: the standard five fields, or one of @hourly, @daily, @weekly, @monthly, @yearly; in
// UTC, or in the zone that CRON_TZ=<zone> before it names.
type Cron struct{ schedule cron.Schedule }

// searched is how far ahead a time that a schedule never comes to is looked for; the library gives up after five years.
var searched = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

// ParseCron reads an expression. The error says what is wrong with it.
func ParseCron(expression string) (Cron, error) {
	zone, rest, zoned := strings.Cut(expression, " ")
	if strings.HasPrefix(zone, "CRON_TZ=") || strings.HasPrefix(zone, "TZ=") {
		// The library takes the text up to a blank without looking whether there is one.
		if !zoned || strings.TrimSpace(rest) == "" {
			return Cron{}, errors.New("names a zone and no time")
		}
	} else {
		rest = expression
	}
	if strings.HasPrefix(strings.TrimSpace(rest), "@every") {
		return Cron{}, errors.New("@every counts from the start of a process, which a restart begins anew")
	}
	schedule, err := cron.ParseStandard(expression)
	if err != nil {
		return Cron{}, fmt.Errorf("cannot be read: %w", err)
	}
	if schedule.Next(searched).IsZero() {
		return Cron{}, errors.New("names a day that never comes")
	}
	return Cron{schedule}, nil
}

// Next is the first due time after a time, zero when none comes within five years.
func (c Cron) Next(after time.Time) time.Time {
	next := c.schedule.Next(after.UTC())
	if next.IsZero() {
		return next
	}
	return next.UTC()
}

// Latest is the last due time after one time and not after another, zero when there is none.
func (c Cron) Latest(after, until time.Time) time.Time {
	start := after
	if longest := until.AddDate(-8, 0, 0); longest.After(after) {
		// No two times of a schedule that comes at all are further from each other.
		start = longest
	}
	// Going back in growing steps keeps the walk short, however long nobody looked.
	for back := time.Minute; ; back *= 2 {
		earlier := until.Add(-back)
		if !earlier.After(start) {
			break
		}
		if next := c.Next(earlier); !next.IsZero() && !next.After(until) {
			start = earlier
			break
		}
	}
	var latest time.Time
	for next := c.Next(start); !next.IsZero() && !next.After(until); next = c.Next(next) {
		latest = next
	}
	return latest
}
