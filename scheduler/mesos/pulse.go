package mesos

import (
	"io"
	"time"
)

// pulse listens for the master's heartbeat: it ends the stream when a read brings nothing for too long. Bytes count,
// not events, so that a large event on a slow line is no silence; and time between reads, when the inbox is busy, does
// not count.
type pulse struct {
	from  io.Reader
	limit time.Duration
	timer *time.Timer
}

// newPulse calls dead, from another goroutine, when the limit has passed in silence.
func newPulse(from io.Reader, limit time.Duration, dead func(error)) *pulse {
	p := &pulse{from: from, limit: limit}
	p.timer = time.AfterFunc(limit, func() { dead(&SilentError{For: p.limit}) })
	p.timer.Stop()
	return p
}

// expect sets the longest silence from the master's own heartbeat interval.
func (p *pulse) expect(interval time.Duration, missed int) {
	if interval > 0 {
		p.limit = interval * time.Duration(missed)
	}
}

func (p *pulse) Read(buffer []byte) (int, error) {
	p.timer.Reset(p.limit)
	defer p.timer.Stop()
	return p.from.Read(buffer)
}
