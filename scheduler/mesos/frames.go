package mesos

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/mesos/mesos-go/api/v1/lib/encoding/framing"
	"github.com/mesos/mesos-go/api/v1/lib/recordio"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// firstBuffer holds all events but those of large clusters.
const firstBuffer = 64 << 10

// frames reads events off a stream.
type frames struct {
	reader framing.Reader
	limit  int
}

// newFrames reads RecordIO with mesos-go, whose limit of 4 MiB is lifted: a master puts all offers of an allocation into
// one event. The option MaxMessageSize is no way to do that, it takes half of the limit from memory at once.
// The buffer grows to the largest event seen and is kept until the stream ends.
func newFrames(from io.Reader, limit int) (*frames, error) {
	reader := recordio.NewReader(from)
	sized, ok := reader.(interface{ Buffer([]byte, int) })
	if !ok {
		return nil, errors.New("mesos-go's RecordIO reader has no Buffer method any more")
	}
	sized.Buffer(make([]byte, 0, min(firstBuffer, limit)), limit)
	return &frames{reader: reader, limit: limit}, nil
}

// next reads and decodes one event. A panic of the decoder, which has the index fault of CVE-2021-3121, and of the frame
// reader, which takes a length above 2^63 for negative, is an error like any other malformed event. The event shares no
// memory with the read buffer: the generated code copies texts and bytes.
func (f *frames) next() (event *scheduler.Event, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			event, err = nil, &MalformedError{Detail: fmt.Sprintf("decoding it failed: %v", panicked)}
		}
	}()
	frame, err := f.reader.ReadFrame()
	if err != nil {
		return nil, f.explained(err)
	}
	event = &scheduler.Event{}
	if err := event.Unmarshal(frame); err != nil {
		return nil, &MalformedError{Detail: err.Error()}
	}
	return event, nil
}

func (f *frames) explained(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return errClosed
	case errors.Is(err, bufio.ErrTooLong):
		return &TooLargeError{Limit: f.limit}
	case errors.Is(err, framing.ErrorUnderrun):
		return &MalformedError{Detail: "the stream ended in the middle of it"}
	case errors.Is(err, framing.ErrorBadSize):
		return &MalformedError{Detail: "its length is not a number"}
	}
	return fmt.Errorf("reading the stream: %w", err)
}
