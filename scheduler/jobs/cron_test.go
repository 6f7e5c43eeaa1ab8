package jobs

import (
	"testing"
	"time"
)

func at(text string) time.Time {
	parsed, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		panic(err)
	}
	return parsed
}

func TestWhenABackupIsDue(t *testing.T) {
	for _, tt := range []struct {
		name, cron     string
		after, until   string
		latest, coming string // the time that is due, and the first after until
	}{
		{"before the first", "0 2 * * *", "2026-11-22 02:00:00", "2026-11-23 01:59:59", "", "2026-11-23 02:00:00"},
		{"on the second", "0 2 * * *", "2026-11-22 02:00:00", "2026-11-23 02:00:00", "2026-11-23 02:00:00", "2026-11-24 02:00:00"},
		{"many were missed", "*/5 * * * *", "2026-11-01 00:00:00", "2026-11-22 12:03:00", "2026-11-22 12:00:00", "2026-11-22 12:05:00"},
		{"only in a window of the past", "* * 1 1 *", "2020-01-01 00:00:00", "2026-11-22 12:00:00", "2026-01-01 23:59:00", "2027-01-01 00:00:00"},
		{"every leap day", "0 0 29 2 *", "2000-01-01 00:00:00", "2026-11-22 12:00:00", "2024-02-29 00:00:00", "2028-02-29 00:00:00"},
		{"since ever", "@yearly", "0001-01-01 00:00:00", "2026-11-22 12:00:00", "2026-01-01 00:00:00", "2027-01-01 00:00:00"},
		{"a clock that was set back", "* * * * *", "2026-11-22 12:00:00", "2026-11-22 11:00:00", "", "2026-11-22 11:01:00"},
		{"in another zone", "CRON_TZ=Europe/Berlin 0 2 * * *", "2026-11-22 00:00:00", "2026-11-22 12:00:00", "2026-11-22 01:00:00", "2026-11-23 01:00:00"},
		{"in an hour that a zone leaves out", "CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28 12:00:00", "2026-03-30 12:00:00", "2026-03-30 00:30:00", "2026-03-31 00:30:00"},
		{"in an hour that a zone has twice, it comes twice", "CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-24 12:00:00", "2026-10-25 12:00:00", "2026-10-25 01:30:00", "2026-10-26 01:30:00"},
		{"by a name", "@hourly", "2026-11-22 11:30:00", "2026-11-22 12:30:00", "2026-11-22 12:00:00", "2026-11-22 13:00:00"},
	} {
		cron, err := ParseCron(tt.cron)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var latest time.Time
		if tt.latest != "" {
			latest = at(tt.latest)
		}
		if got := cron.Latest(at(tt.after), at(tt.until)); got != latest {
			t.Errorf("%s: due %s, want %s", tt.name, got, latest)
		}
		// Whatever zone the question comes in, the answer is the same.
		if got := cron.Next(at(tt.until).In(time.FixedZone("x", 3600*9))); got != at(tt.coming) {
			t.Errorf("%s: next %s, want %s", tt.name, got, tt.coming)
		}
	}
}

func TestExpressionsThatAreNone(t *testing.T) {
	for _, text := range []string{"", " ", "* * * *", "* * * * * *", "60 * * * *", "tomorrow", "@never", "@every 1h", "CRON_TZ=UTC @every 1h", "TZ=UTC",
		"CRON_TZ=UTC ", "CRON_TZ=Nowhere/Town 0 2 * * *", "0 0 30 2 *", "TZ=", "CRON_TZ=", "@", "*/0 * * * *"} {
		if _, err := ParseCron(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzParseCron(f *testing.F) {
	for _, text := range []string{"0 2 * * *", "CRON_TZ=Europe/Berlin */7 1-3 29 2 SUN", "TZ=UTC", "@daily", "TZ= 0 0 1 1 *"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cron, err := ParseCron(text)
		if err != nil {
			return
		}
		latest := cron.Latest(noon.AddDate(-1, 0, 0), noon)
		if latest.After(noon) {
			t.Errorf("%q: %s is due at noon", text, latest)
		}
		if next := cron.Next(latest); !latest.IsZero() && !next.IsZero() && !next.After(noon) {
			t.Errorf("%q: %s is due, and %s too", text, latest, next)
		}
	})
}
