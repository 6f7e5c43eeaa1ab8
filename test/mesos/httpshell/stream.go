package httpshell

import (
	"context"
	"io"
	"strconv"
	"sync"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// stream is one subscription: a queue that the owner fills and the request's own goroutine writes out as RecordIO (decimal
// length, a line feed, that many bytes).
type stream struct {
	id     string
	faults *Faults

	mu    sync.Mutex
	queue []frame
	ended bool
	more  chan struct{} // one token: something changed
}

// frame is an event, or bytes that are written as they are.
type frame struct {
	event *scheduler.Event
	raw   []byte
}

func newStream(id string, faults *Faults) *stream {
	return &stream{id: id, faults: faults, more: make(chan struct{}, 1)}
}

func (s *stream) send(event *scheduler.Event) {
	if event.Type == scheduler.Event_HEARTBEAT && s.faults.noHeartbeats() {
		return
	}
	s.push(frame{event: event})
}

func (s *stream) push(f frame) {
	s.mu.Lock()
	if !s.ended {
		s.queue = append(s.queue, f)
	}
	s.mu.Unlock()
	s.stir()
}

// end lets the request finish after what is queued.
func (s *stream) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.stir()
}

func (s *stream) stir() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// next waits for frames. No frames and true means the stream has ended; an error, that the client has gone.
func (s *stream) next(ctx context.Context) (frames []frame, ended bool, err error) {
	for {
		held := s.faults.held()
		s.mu.Lock()
		if held == nil {
			frames, s.queue = s.queue, nil
			ended = s.ended
		}
		s.mu.Unlock()
		if len(frames) > 0 || ended {
			return frames, ended, nil
		}
		select {
		case <-ctx.Done():
			return nil, false, context.Cause(ctx)
		case <-held:
		case <-s.more:
		}
	}
}

// writeTo writes the stream until it ends or the client goes; flush is called whenever the queue is empty.
func (s *stream) writeTo(ctx context.Context, w io.Writer, flush func() error, media mediaType) error {
	for {
		frames, ended, err := s.next(ctx)
		if err != nil {
			return err
		}
		for _, f := range frames {
			if err := s.write(w, f, media); err != nil {
				return err
			}
		}
		if err := flush(); err != nil || ended {
			return err
		}
	}
}

func (s *stream) write(w io.Writer, f frame, media mediaType) error {
	record := f.raw
	if f.event != nil {
		data, err := media.encode(f.event)
		if err != nil {
			return err
		}
		record = append(append(strconv.AppendInt(nil, int64(len(data)), 10), '\n'), data...)
	}
	_, err := w.Write(record)
	return err
}
