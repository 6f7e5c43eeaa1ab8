package mesos

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// TestBrokenStreams: whatever comes instead of an event ends the stream with a reason, and the next one works.
func TestBrokenStreams(t *testing.T) {
	whole := string(record(t, rescind("o")))
	tests := []struct{ name, data, reason string }{
		{"no protobuf", "5\nhello", "malformed event"},
		{"missing field", "4\n" + string([]byte{0x08, 0x03, 0x22, 0x00}), "malformed event"},
		{"length is a word", "length\nhello", "its length is not a number"},
		{"length is endless", strings.Repeat("9", 400), "its length is not a number"},
		{"length above 2^63", "9223372036854775808\nhello", "more than 1048576 bytes"},
		{"length without content", "1000000000000\n", "more than 1048576 bytes"},
		{"decoder panics", framed(panicking(t)), "malformed event"},
		{"ends inside", whole[:len(whole)-1], "ended in the middle"},
		{"too large", fmt.Sprintf("%d\n%s", 2<<20, bytes.Repeat([]byte{0}, 2<<20)), "more than 1048576 bytes"},
		{"no framework id", string(record(t, &scheduler.Event{Type: scheduler.Event_SUBSCRIBED, Subscribed: &scheduler.Event_Subscribed{
			FrameworkID: &mesos.FrameworkID{}}})), "names no framework id"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMaster(t)
			config := testConfig(m.URL)
			config.LargestEvent = 1 << 20
			c := start(t, config)
			s := m.next()
			wait[core.Subscribed](c)
			s.raw(test.data)
			s.close()
			if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, test.reason) {
				t.Errorf("reason %q, want %q in it", got.Reason, test.reason)
			}
			m.next()
			wait[core.Subscribed](c)
		})
	}
}

// panicking is a frame on which the generated decoder of mesos-go indexes outside its slice (CVE-2021-3121): behind a
// hundred good bytes an unknown field whose length makes the index overflow.
func panicking(tb testing.TB) []byte {
	frame, err := rescind(strings.Repeat("o", 100)).Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return append(frame, 0x7a, 0xeb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)
}

// TestDecoderPanicIsAnError: the panic is real, and does not get out.
func TestDecoderPanicIsAnError(t *testing.T) {
	frame := panicking(t)
	panicked := func() (p any) {
		defer func() { p = recover() }()
		_ = (&scheduler.Event{}).Unmarshal(frame)
		return nil
	}()
	if panicked == nil {
		t.Fatal("this frame does not make mesos-go panic: find another one")
	}
	reader := newFrames(strings.NewReader(framed(frame)), 1000)
	if _, err := reader.next(); err == nil || !strings.Contains(err.Error(), "decoding it failed") {
		t.Errorf("got %v", err)
	}
}

func framed(frame []byte) string { return fmt.Sprintf("%d\n%s", len(frame), frame) }

func TestRefusedSubscription(t *testing.T) {
	tests := []struct {
		status       int
		text, reason string
	}{
		{400, "Framework cannot be found", "Framework cannot be found"},
		{401, "", "give the service an account"},
		{403, "Not authorized to use roles", "allow it to register"},
		{404, "", "check MESOS_MASTER"},
		{503, "Master has not finished recovery", "the master is not ready yet"},
		{202, "", "refused SUBSCRIBE with 202"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.status), func(t *testing.T) {
			m := newMaster(t)
			m.do(func() {
				m.subscribe = func(n int, w http.ResponseWriter, _ *http.Request) bool {
					if n > 3 {
						return false
					}
					w.WriteHeader(test.status)
					fmt.Fprint(w, test.text)
					return true
				}
			})
			c := start(t, testConfig(m.URL))
			got := wait[core.Disconnected](c)
			if !strings.Contains(got.Reason, test.reason) || !strings.Contains(got.Reason, test.text) ||
				!strings.Contains(got.Reason, fmt.Sprint(test.status)) {
				t.Errorf("reason %q", got.Reason)
			}
			m.next() // it tries again for ever
			wait[core.Subscribed](c)
			if n := c.log.count("not connected"); n != 1 {
				t.Errorf("%d lines in the log about three equal refusals, want 1", n)
			}
		})
	}
}

func TestNotAMaster(t *testing.T) {
	tests := []struct {
		header http.Header
		reason string
	}{
		{http.Header{"Content-Type": {"text/html"}}, "check that this is a Mesos master"},
		{http.Header{"Content-Type": {"application/x-protobuf"}}, "gave no Mesos-Stream-Id"},
	}
	for _, test := range tests {
		m := newMaster(t)
		m.do(func() {
			m.subscribe = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				for key, values := range test.header {
					w.Header()[key] = values
				}
				fmt.Fprint(w, "<html>")
				return true
			}
		})
		c := start(t, testConfig(m.URL))
		if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, test.reason) {
			t.Errorf("reason %q, want %q in it", got.Reason, test.reason)
		}
		c.stop()
	}
}

// TestReasonsAreToldOnce: one Disconnected and one line for each reason of a loss, not for each try.
func TestReasonsAreToldOnce(t *testing.T) {
	m := newMaster(t)
	m.do(func() {
		m.subscribe = func(n int, w http.ResponseWriter, _ *http.Request) bool {
			switch {
			case n <= 3:
				w.WriteHeader(http.StatusServiceUnavailable)
			case n <= 6:
				w.WriteHeader(http.StatusForbidden)
			default:
				return false
			}
			return true
		}
	})
	c := start(t, testConfig(m.URL))
	for _, status := range []string{"503", "403"} {
		if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, status) {
			t.Errorf("reason %q, want %s in it", got.Reason, status)
		}
	}
	s := m.next()
	wait[core.Subscribed](c) // no third Disconnected before it
	if n := c.log.count("not connected"); n != 2 {
		t.Errorf("%d lines about two reasons", n)
	}
	s.close()
	wait[core.Disconnected](c)
	m.next()
	wait[core.Subscribed](c)
	if n := c.log.count("not connected"); n != 3 {
		t.Errorf("%d lines after a second loss, want 3", n)
	}
}

// TestUnreachableMaster: our own port, which changes with each try, is no new reason.
func TestUnreachableMaster(t *testing.T) {
	m := newMaster(t)
	m.do(func() {
		m.subscribe = func(n int, w http.ResponseWriter, _ *http.Request) bool {
			if n > 4 {
				return false
			}
			connection, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				connection.Close()
			}
			return true
		}
	})
	c := start(t, testConfig(m.URL))
	wait[core.Disconnected](c)
	m.next()
	wait[core.Subscribed](c)
	if n := c.log.count("not connected"); n > 2 {
		t.Errorf("%d lines about one trouble", n)
	}
}
