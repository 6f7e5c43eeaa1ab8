package metrics

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestStatsDLinesAreTheGoldenOnes(t *testing.T) {
	golden(t, "testdata/statsd.golden.txt", []byte(strings.Join(measured(t).document().lines(), "\n")+"\n"))
}

func TestALine(t *testing.T) {
	for _, tt := range []struct {
		name  string
		value float64
		want  string
	}{
		{"offers.received", 7, "offers.received:7|g"},
		{"large", 12345678901, "large:12345678901|g"},
		{"half", 0.5, "half:0.5|g"},
		// A bare -1 would mean "one less than before".
		{"plan_status.deploy", -1, "plan_status.deploy:0|g\nplan_status.deploy:-1|g"},
		{"a:b|c#d", 0, "a_b_c_d:0|g"},
	} {
		if got := line(tt.name, tt.value); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestPacketsAreFullAndNotTooLarge(t *testing.T) {
	long := strings.Repeat("x", 700)
	got := packets([]string{long, long, long, "a", "b"})
	if len(got) != 2 || got[0] != long+"\n"+long || got[1] != long+"\na\nb" {
		t.Errorf("got %d packets", len(got))
	}
	for _, packet := range packets(measured(t).document().lines()) {
		if len(packet) > packetLimit || packet == "" {
			t.Errorf("a packet of %d bytes", len(packet))
		}
	}
}

// wire keeps what is written into it, and cannot be opened while there is trouble.
type wire struct {
	net.Conn
	lock           sync.Mutex
	trouble        error
	packets        []string
	opened, closed int
}

func (w *wire) open() (net.Conn, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.trouble != nil {
		return nil, w.trouble
	}
	w.opened++
	return w, nil
}

// seen is what was written, and how often the wire was opened and closed.
func (w *wire) seen() (text string, opened, closed int) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return strings.Join(w.packets, "\n"), w.opened, w.closed
}

func (w *wire) fail(trouble error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.trouble = trouble
}

func (w *wire) Write(b []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.packets = append(w.packets, string(b))
	return len(b), nil
}

func (w *wire) Close() error {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.closed++
	return nil
}

func TestPushSendsInTheRhythmAndTellsOfTroubleOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		conn := &wire{}
		var log bytes.Buffer
		m := New(testSources())
		done := make(chan struct{})
		go func() {
			defer close(done)
			m.Push(ctx, StatsD{Address: "198.51.100.1:8125", Every: 10 * time.Second, Log: slog.New(slog.NewTextHandler(&log, nil)),
				Dial: func(_ context.Context, network, address string) (net.Conn, error) {
					if network != "udp" || address != "198.51.100.1:8125" {
						t.Errorf("dials %s %s", network, address)
					}
					return conn.open()
				}})
		}()
		after := func(span time.Duration) int {
			time.Sleep(span)
			synctest.Wait()
			_, opened, _ := conn.seen()
			return opened
		}
		if n := after(9 * time.Second); n != 0 {
			t.Errorf("%d pushes at once", n)
		}
		if n := after(time.Second); n != 1 {
			t.Errorf("%d pushes", n)
		}
		conn.fail(errors.New("no such host"))
		if n := after(30 * time.Second); n != 1 {
			t.Errorf("%d pushes", n)
		}
		conn.fail(nil)
		if n := after(20 * time.Second); n != 3 {
			t.Errorf("%d pushes", n)
		}
		cancel()
		<-done
		if text, _, closed := conn.seen(); closed != 3 || strings.Count(text, "offers.processed:5|g") != 3 {
			t.Errorf("%d sockets closed; sent %s", closed, text)
		}
		if told := log.String(); strings.Count(told, "no such host") != 1 || strings.Count(told, "again") != 1 {
			t.Errorf("the log says %s", told)
		}
	})
}

// Over a real socket of this machine.
func TestPushReachesASocket(t *testing.T) {
	listener, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	to := StatsD{Address: listener.LocalAddr().String(), Dial: (&net.Dialer{}).DialContext}
	if err := to.send(t.Context(), []string{"a:1|g", "b:0|g\nb:-1|g"}); err != nil {
		t.Fatal(err)
	}
	packet := make([]byte, packetLimit)
	if err := listener.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, _, err := listener.ReadFrom(packet)
	if err != nil || string(packet[:n]) != "a:1|g\nb:0|g\nb:-1|g" {
		t.Errorf("got %q, %v", packet[:n], err)
	}
}
