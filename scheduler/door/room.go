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
	// place is where it stands among those that wait, nil while it is answered. Both are under the room's lock.
	place *list.Element
	left  bool
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

// asks ends the waiting: a request of its is being answered.
func (g *guest) asks() {
	g.room.mu.Lock()
	defer g.room.mu.Unlock()
	g.stop()
}

// waits begins it again, behind all others.
func (g *guest) waits() {
	g.room.mu.Lock()
	defer g.room.mu.Unlock()
	if g.place == nil && !g.left {
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

// guestOf is the connection below those that were made of it, nil when it is none of a room.
func guestOf(conn net.Conn) *guest {
	for {
		switch c := conn.(type) {
		case *guest:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// Serve has a server tell the room of its connections: one waits until a handler begins to answer it, and again once the answer was
// sent. So whoever sends a request slowly can be closed for others, and whoever is answered cannot.
func Serve(server *http.Server) {
	handler := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, ok := r.Context().Value(guestKey{}).(*guest); ok {
			g.asks()
		}
		handler.ServeHTTP(w, r)
	})
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		if g := guestOf(conn); g != nil {
			return context.WithValue(ctx, guestKey{}, g)
		}
		return ctx
	}
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		// The end of the handler is too early: net/http sends what it buffered after that.
		if g := guestOf(conn); g != nil && state == http.StateIdle {
			g.waits()
		}
	}
}
