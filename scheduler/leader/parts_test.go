package leader

import (
	"errors"
	"testing"
	"time"
)

func TestParseQueue(t *testing.T) {
	got := parseQueue([]string{
		"_c_b-lock-0000000012", "by-hand", "_c_a-lock-0000000002", "lock-1", "0000000001", "", "_c_c-lock-000000000x",
	})
	want := []string{"_c_a-lock-0000000002", "_c_b-lock-0000000012"}
	// A bare number has no dash and still counts as a number of ten digits.
	want = append([]string{"0000000001"}, want...)
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i, p := range got {
		if p.name != want[i] {
			t.Errorf("place %d is %s, want %s", i, p.name, want[i])
		}
	}
}

func TestParseHolder(t *testing.T) {
	tests := []struct{ data, want string }{
		{`{"host":"agent-7","pid":4711,"started":"2025-01-31T10:00:00Z"}`, "host agent-7, process 4711, started 2025-01-31T10:00:00Z"},
		{`{"host":"agent-7"}`, "host agent-7"},
		{"10.0.0.7", "host 10.0.0.7"},
		{"", "a scheduler that did not say who it is"},
		{"{broken", "a scheduler that did not say who it is"},
		{"\xff\xfe", "a scheduler that did not say who it is"},
	}
	for _, tt := range tests {
		if got := parseHolder([]byte(tt.data)).String(); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.data, got, tt.want)
		}
	}
	if h := ThisProcess(time.Now()); h.Host == "" || h.PID == 0 || h.Started.Nanosecond() != 0 {
		t.Errorf("this process is %+v", h)
	}
}

func TestFence(t *testing.T) {
	l := limited(time.Now().Add(time.Hour), func() {})
	l.extend(time.Now().Add(-time.Second)) // the process was frozen past the end
	if l.Held() {
		t.Error("held after the end")
	}
	<-l.Lost()
	if !errors.Is(l.Err(), ErrDoubt) {
		t.Errorf("reason %v", l.Err())
	}
	l.extend(time.Now().Add(time.Hour))
	if l.Held() {
		t.Error("a lost leadership was extended")
	}
	l.lose(ErrGone)
	if !errors.Is(l.Err(), ErrDoubt) {
		t.Errorf("the first reason was replaced by %v", l.Err())
	}

	early := limited(time.Now().Add(time.Hour), func() {})
	early.timeUp() // a timer that was overtaken by an extension
	if !early.Held() {
		t.Error("an old timer ended an extended leadership")
	}
}
