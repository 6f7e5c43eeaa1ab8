package render

import "time"

// Moment shows a time to the second in UTC, whatever the time zone of the person: it is what the logs of the scheduler and
// of the database have. A time that is not known is a dash.
func Moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// ago is the time with how long it is before now, in whole seconds.
func ago(t, now time.Time) string { return distance(t, now, now.Sub(t), " (", " ago)") }

// ahead is the time with how long it is after now, in whole seconds.
func ahead(t, now time.Time) string { return distance(t, now, t.Sub(now), " (in ", ")") }

func distance(t, now time.Time, d time.Duration, before, behind string) string {
	text := Moment(t)
	if d = d.Truncate(time.Second); d <= 0 || t.IsZero() || now.IsZero() {
		return text
	}
	return text + before + d.String() + behind
}
