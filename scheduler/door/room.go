package door

import (
	"container/list"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
)

// Room bounds how many connections of a listener there are, so that the process never runs out of file descriptors; one more is
// accepted and waits. When it is
// full, the connection that has waited for the longest time with no request to answer is closed to make place; while all
// are being answered, the next one waits in the kernel's queue.
type Room struct {
	net.Listener
	most int

	mu      sync.Mutex
	changed *sync.Cond // a place is free, or somebody waits again
	count   int
	closed  bool
	waiting *list.List // of *guest, the longest wait first
}

// NewRoom bounds a listener to so many connections, one at least.
func NewRoom(listener net.Listener, most int) *Room {
	r := &Room{Listener: listener, most: max(1, most), waiting: list.New()}
	r.changed = sync.NewCond(&r.mu)
	return r
}

// Accept takes the next connection, and gives it out when there is place. Errors: net.ErrClosed, and those of the listener.
func (r *Room) Accept() (net.Conn, error) {
	conn, err := r.Listener.Accept()
	if err != nil {
		return nil, err
	}
	g := &guest{Conn: conn, room: r}
	if !r.seat(g) {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	return g, nil
}

// seat finds a place for a connection, and says false when the listener was closed before there was one.
func (r *Room) seat(g *guest) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.count >= r.most && !r.closed {
		longest := r.waiting.Front()
		if longest == nil {
			r.changed.Wait()
			continue
		}
		r.mu.Unlock()
		_ = longest.Value.(*guest).Close() // it is gone for us, whatever its socket says
		r.mu.Lock()
	}
	if r.closed {
		return false
	}
	r.count++
	g.place = r.waiting.PushBack(g)
	return true
}

// Close closes the listener. Connections go on.
func (r *Room) Close() error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.changed.Broadcast()
	return r.Listener.Close()
}

// guest is a connection that has a place.
type guest struct {
	net.Conn
	room *Room
	// place is where it stands among those that wait, nil while it is answered. requests is how many are being answered: with
	// HTTP/2 there may be several. All under the room's lock.
	place    *list.Element
	requests int
	left     bool
}

// Close gives the place back.
func (g *guest) Close() error {
	r := g.room
	r.mu.Lock()
	if !g.left {
		g.left = true
		r.count--
		g.stop()
	}
	r.mu.Unlock()
	r.changed.Signal()
	return g.Conn.Close()
}

// stop ends the waiting.
func (g *guest) stop() {
	if g.place != nil {
		g.room.waiting.Remove(g.place)
		g.place = nil
	}
}

func (g *guest) asks() {
	g.room.mu.Lock()
	defer g.room.mu.Unlock()
	g.requests++
	g.stop()
}

func (g *guest) answered() {
	g.room.mu.Lock()
	defer g.room.mu.Unlock()
	g.requests--
	if g.requests == 0 && !g.left {
		g.place = g.room.waiting.PushBack(g)
		g.room.changed.Signal()
	}
}

// CloseWrite lets net/http end an answer so that the other side can still read it.
func (g *guest) CloseWrite() error { return closeWrite(g.Conn) }

// ReadFrom keeps the kernel's way from a file to a socket.
func (g *guest) ReadFrom(from io.Reader) (int64, error) { return io.Copy(g.Conn, from) }

func closeWrite(conn net.Conn) error {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

type guestKey struct{}

// ConnContext tells Busy which connection a request came by; it is for http.Server.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	for {
		switch c := conn.(type) {
		case *guest:
			return context.WithValue(ctx, guestKey{}, c)
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return ctx
		}
	}
}

// Busy keeps a connection in the room as long as one of its requests is being answered.
func Busy(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, ok := r.Context().Value(guestKey{}).(*guest); ok {
			g.asks()
			defer g.answered()
		}
		handler.ServeHTTP(w, r)
	})
}
