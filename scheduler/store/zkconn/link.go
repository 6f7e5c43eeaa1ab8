package zkconn

import (
	"encoding/binary"
	"net"
	"sync/atomic"
	"time"
)

// greetingSize is the length of the part of the server's first packet that we read: packet length, protocol version and
// granted time-out in milliseconds, four bytes each (ZooKeeper's ConnectResponse in zookeeper.jute).
const greetingSize = 12

// link is one TCP connection. It reads the granted session time-out as it passes, and shortens the library's longest wait.
type link struct {
	net.Conn
	granted  *atomic.Int64 // milliseconds, shared by all links of a Conn
	asked    time.Duration
	greeting [greetingSize]byte
	seen     int
}

// Read passes bytes through and looks at the first twelve.
func (l *link) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if l.seen < greetingSize && n > 0 {
		l.seen += copy(l.greeting[l.seen:], p[:n])
		if l.seen == greetingSize {
			// A refused (expired) session is answered with a time-out of zero: that says nothing about ours.
			if ms := int32(binary.BigEndian.Uint32(l.greeting[8:])); ms > 0 {
				l.granted.Store(int64(ms))
			}
		}
	}
	return n, err
}

// SetReadDeadline keeps every wait for the server under two thirds of the session, the point at which the library itself
// gives up a silent connection once it has greeted.
func (l *link) SetReadDeadline(t time.Time) error {
	if t.IsZero() {
		return l.Conn.SetReadDeadline(t)
	}
	session := max(l.asked, time.Duration(l.granted.Load())*time.Millisecond)
	if latest := time.Now().Add(session * 2 / 3); t.After(latest) {
		t = latest
	}
	return l.Conn.SetReadDeadline(t)
}
