package e2e

import (
	"regexp"
	"testing"
	"time"
)

// eventually asks again and again until nothing is missing. A scheduler that ends meanwhile ends the wait: what it did not
// do, it never will.
func eventually(t *testing.T, p *process, what string, check func() error) {
	t.Helper()
	within(t, p, patience, what, check)
}

// within is eventually with a bound of its own.
func within(t *testing.T, p *process, bound time.Duration, what string, check func() error) {
	t.Helper()
	late := time.After(bound)
	for {
		running := p == nil || p.running()
		began := time.Now()
		err := check()
		if err == nil {
			return
		}
		if !running {
			t.Fatalf("the scheduler ended before: %s: %v", what, err)
		}
		// Many look by starting a program: whoever waits leaves most of the time to what is waited for.
		select {
		case <-time.After(min(max(100*time.Millisecond, 4*time.Since(began)), 500*time.Millisecond)):
		case <-late:
			t.Fatalf("not within %s: %s: %v", bound, what, err)
		}
	}
}

// always asks again and again for a while, and fails as soon as something is missing.
func always(t *testing.T, while time.Duration, what string, check func() error) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for end := time.Now().Add(while); time.Now().Before(end); <-again.C {
		if err := check(); err != nil {
			t.Fatalf("%s: no more: %v", what, err)
		}
	}
}

// matches fails the test when a text has no match.
func matches(t *testing.T, what, text, pattern string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(text) {
		t.Errorf("%s does not show %s:\n%s", what, pattern, text)
	}
}
