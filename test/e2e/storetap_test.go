package e2e

import (
	"encoding/binary"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// closeSession is ZooKeeper's request 0 of that kind (-11).
var closeSession = []byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xf5}

// tapStore is the address of a way to a ZooKeeper server that knows what is written.
func (s *snare) tapStore(t *testing.T, server string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go s.carry(client, server)
		}
	}()
	return listener.Addr().String()
}

// carry takes a client's frames to the server and back: four bytes of length, then so many bytes (ZooKeeper's protocol,
// zookeeper.jute). The first frame each way makes the session and has no header.
func (s *snare) carry(client net.Conn, server string) {
	defer client.Close()
	keeper, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer keeper.Close()
	answered, before := make(chan struct{}), s.strikes()
	defer func() {
		if s.strikes() > before && writeFrame(keeper, closeSession) == nil {
			// The successor need not wait until the session of the dead one times out.
			<-answered
		}
	}()
	// awaited is the number of the write after whose answer the scheduler dies; strike kills it.
	var awaited atomic.Int64
	var strike atomic.Pointer[func()]
	go func() {
		defer close(answered)
		defer client.Close()
		for session, deaf := true, false; ; session = false {
			frame, err := readFrame(keeper)
			if err != nil {
				return
			}
			if kill := strike.Load(); kill != nil && !session && !deaf && int64(number(frame)) == awaited.Load() {
				deaf = true // it never hears of it
				(*kill)()
			}
			deaf = deaf || writeFrame(client, frame) != nil
		}
	}()
	for session := true; ; session = false {
		frame, err := readFrame(client)
		if err != nil {
			return
		}
		if !session && isMulti(frame) {
			kill, after := s.wrote(frame)
			switch {
			case kill != nil && !after:
				kill()
				return
			case kill != nil:
				awaited.Store(int64(number(frame)))
				strike.Store(&kill)
			}
		}
		if writeFrame(keeper, frame) != nil {
			return
		}
	}
}

func (s *snare) strikes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.struck
}

// wrote looks at a write, and says whether the scheduler is to be killed at it.
func (s *snare) wrote(frame []byte) (strike func(), after bool) {
	s.mu.Lock()
	at := change{was: s.records, now: records(frame), raw: string(frame)}
	s.mu.Unlock()
	strike, after = s.takes(func(m point) bool { return m.write != nil && m.write(at) })
	if strike != nil && !after {
		return strike, after // it is never written
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := map[string]stored{}
	for _, from := range []map[string]stored{s.records, at.now} {
		for task, record := range from {
			next[task] = record
		}
	}
	s.records = next
	return strike, after
}

// multi is the number of ZooKeeper's request for several changes at once.
const multi = 14

func isMulti(frame []byte) bool {
	return len(frame) >= 8 && binary.BigEndian.Uint32(frame[4:]) == multi
}

// number is what a request and its answer have in common.
func number(frame []byte) int32 {
	if len(frame) < 4 {
		return 0
	}
	return int32(binary.BigEndian.Uint32(frame))
}

func readFrame(from io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(from, size[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, binary.BigEndian.Uint32(size[:]))
	_, err := io.ReadFull(from, frame)
	return frame, err
}

func writeFrame(to io.Writer, frame []byte) error {
	_, err := to.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(frame))), frame...))
	return err
}
