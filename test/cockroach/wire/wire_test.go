package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"testing"
	"time"
)

func serve(t *testing.T, h Handler) (*Server, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := NewServer(h)
	s.Serve(l)
	t.Cleanup(s.Close)
	return s, l.Addr().String()
}

func TestAnswersAndFaults(t *testing.T) {
	_, addr := serve(t, func(_ context.Context, op string, body json.RawMessage, _ []byte) (any, error) {
		switch op {
		case "echo":
			return body, nil
		case "fault":
			return nil, &Fault{Code: AlreadyExists, Message: "there", SQLState: "42P07", Hint: "go"}
		}
		return nil, errors.New("plain")
	})
	p := NewPool(Dialer{})
	defer p.Close()
	var out struct{ N int }
	for i := range 3 {
		if err := p.Call(t.Context(), addr, "echo", map[string]int{"N": i}, &out); err != nil || out.N != i {
			t.Errorf("echo %d: %+v, %v", i, out, err)
		}
	}
	var f *Fault
	if err := p.Call(t.Context(), addr, "fault", nil, nil); !errors.As(err, &f) || *f != (Fault{AlreadyExists, "there", "42P07", "", "go"}) ||
		f.RPC() != "rpc error: code = AlreadyExists desc = there" {
		t.Errorf("fault: %v", err)
	}
	if err := p.Call(t.Context(), addr, "other", nil, nil); !errors.As(err, &f) || f.Code != Unknown || f.Message != "plain" {
		t.Errorf("plain error: %v", err)
	}
}

// TestHangingUpEndsTheCall: a caller that goes away, or a server that closes,
// ends a call that hangs.
func TestHangingUpEndsTheCall(t *testing.T) {
	began, ended := make(chan bool), make(chan bool, 2)
	s, addr := serve(t, func(ctx context.Context, _ string, _ json.RawMessage, _ []byte) (any, error) {
		began <- true
		<-ctx.Done()
		ended <- true
		return nil, ctx.Err()
	})
	c, err := Dialer{}.Dial(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Call(ctx, "hang", nil, nil) }()
	<-began
	cancel()
	if err := <-done; err == nil || errors.Is(err, ErrNotSent) {
		t.Errorf("a call that was given up: %v", err)
	}
	c.Close()
	<-ended

	go func() { done <- NewPool(Dialer{}).Call(t.Context(), addr, "hang", nil, nil) }()
	<-began
	s.Close()
	<-ended
	if err := <-done; err == nil {
		t.Error("a call to a closed server succeeded")
	}
}

// TestNotSent: a caller can tell that nothing happened.
func TestNotSent(t *testing.T) {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	addr := l.Addr().String()
	l.Close()
	if err := NewPool(Dialer{}).Call(t.Context(), addr, "x", nil, nil); !errors.Is(err, ErrNotSent) {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestStrangerIsHungUpOn: whoever does not greet gets no answer.
func TestStrangerIsHungUpOn(t *testing.T) {
	_, addr := serve(t, func(context.Context, string, json.RawMessage, []byte) (any, error) { return nil, nil })
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write([]byte("GET / HTTP/1.1\r\nHost: somebody\r\n\r\n"))
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if n, err := c.Read(make([]byte, 10)); n != 0 || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%d bytes, %v", n, err)
	}
}
