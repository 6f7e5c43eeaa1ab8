package secrets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

var given = wire.Keys{AccessKeyID: "hushid", SecretAccessKey: "hushkey", SessionToken: "hushtoken"}

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func testSafe() (*Safe, *clock) {
	c := &clock{time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)}
	return New(c.now), c
}

func TestKeysAreTakenOnce(t *testing.T) {
	safe, _ := testSafe()
	safe.Put("job", wire.Keys{AccessKeyID: "older"})
	safe.Put("job", given)
	safe.Put("other", wire.Keys{AccessKeyID: "o"})
	entry := safe.kept["job"]
	if got, ok := safe.Take("job"); !ok || got != given {
		t.Error("the keys are not those that were put there")
	}
	if got, ok := safe.Take("job"); ok || got != (wire.Keys{}) {
		t.Error("the keys were given twice")
	}
	for _, left := range [][]byte{entry.id, entry.secret, entry.token} {
		if len(left) == 0 || !bytes.Equal(left, make([]byte, len(left))) {
			t.Errorf("%q is left in memory", left)
		}
	}
	if _, ok := safe.Take("nosuch"); ok || safe.Len() != 1 {
		t.Errorf("%d jobs have keys", safe.Len())
	}
}

func TestKeysAreForgotten(t *testing.T) {
	all, none := func(string) bool { return true }, func(string) bool { return false }
	for _, tt := range []struct {
		name string
		age  time.Duration
		do   func(*Safe)
		kept bool
	}{
		{"nothing happens", time.Hour, func(*Safe) {}, true},
		{"the job is live", time.Hour, func(s *Safe) { s.Sweep(all) }, true},
		{"the job ended", time.Hour, func(s *Safe) { s.Sweep(none) }, false},
		{"another job ended", time.Hour, func(s *Safe) { s.Sweep(func(job string) bool { return job == "job" }) }, true},
		{"the core has not heard of the job yet", 2 * time.Minute, func(s *Safe) { s.Sweep(none) }, true},
		{"the core never heard of it", 2*time.Minute + 1, func(s *Safe) { s.Sweep(none) }, false},
		{"the job was refused", 0, func(s *Safe) { s.Drop("job") }, false},
		{"another was refused", 0, func(s *Safe) { s.Drop("other") }, true},
		{"a day less a moment", 24*time.Hour - 1, func(s *Safe) { s.Sweep(all) }, true},
		{"a day", 24 * time.Hour, func(s *Safe) { s.Sweep(all) }, false},
		{"a day, and nobody sweeps", 24 * time.Hour, func(*Safe) {}, false},
	} {
		safe, c := testSafe()
		safe.Put("job", given)
		entry := safe.kept["job"]
		c.at = c.at.Add(tt.age)
		tt.do(safe)
		if got, ok := safe.Take("job"); ok != tt.kept || ok && got != given {
			t.Errorf("%s: kept %v", tt.name, ok)
		}
		if !bytes.Equal(entry.secret, make([]byte, len("hushkey"))) || safe.Len() != 0 {
			t.Errorf("%s: the key is left in memory", tt.name)
		}
	}
}

func TestASafeShowsNothing(t *testing.T) {
	safe, _ := testSafe()
	safe.Put("job", given)
	var shown bytes.Buffer
	fmt.Fprintf(&shown, "%v %+v %#v %s %q %x %d\n", safe, safe, safe, safe, safe, safe, safe)
	fmt.Fprintln(&shown, safe, struct{ S *Safe }{safe})
	text, err := json.Marshal(map[string]any{"safe": safe})
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(text)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("a fact", "safe", safe, "in", struct{ S *Safe }{safe})
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("a fact", "safe", safe, "in", struct{ S *Safe }{safe})
	for _, form := range []string{"hush", fmt.Sprintf("%x", "hush"), strings.Trim(fmt.Sprint([]byte("hush")), "[]")} {
		if strings.Contains(shown.String(), form) {
			t.Errorf("a key shows as %s:\n%s", form, shown.String())
		}
	}
	if strings.Count(shown.String(), redacted) < 12 {
		t.Errorf("shown:\n%s", shown.String())
	}
}
