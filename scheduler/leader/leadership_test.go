package leader

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsLeftOfALeadership(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := time.Now()
		l := limited(taken.Add(10*time.Second), func() {})
		for _, tt := range []struct {
			pass, left time.Duration
			extend     time.Duration
		}{
			{pass: 4 * time.Second, left: 6 * time.Second},
			{extend: 10 * time.Second, left: 10 * time.Second},
			{pass: 11 * time.Second, left: 0},
			// A leadership that has ended stays ended.
			{extend: 10 * time.Second, left: 0},
		} {
			time.Sleep(tt.pass)
			synctest.Wait()
			if tt.extend > 0 {
				l.extend(time.Now().Add(tt.extend))
			}
			if left, limited := l.Left(); left != tt.left || !limited {
				t.Errorf("%s are left, %v, want %s", left, limited, tt.left)
			}
		}
		if !l.Since().Equal(taken) {
			t.Errorf("taken at %s, want %s", l.Since(), taken)
		}
		if _, limited := forever().Left(); limited {
			t.Error("a file's lock has an end")
		}
	})
}
