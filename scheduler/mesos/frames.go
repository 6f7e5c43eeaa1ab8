package mesos

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// headerSize holds the longest header that makes sense: a length in decimal digits.
const headerSize = 64

// frames reads events off a stream in RecordIO: a decimal length, a line feed, that many bytes
// (https://mesos.apache.org/documentation/latest/scheduler-http-api/#recordio-response-format).
//
// mesos-go's reader was weighed: it is limited to 4 MiB unless a buffer of the largest size is handed to it, it takes a
// length above 2^63 for negative, and it looks at the length only after that many bytes have come, so that an absurd one
// makes a stream of heartbeats look like the event's content for hours.
type frames struct {
	reader *bufio.Reader
	limit  int
	// frame is used again for each event; it grows as bytes arrive, not as a header promises.
	frame bytes.Buffer
}

// newFrames reads events of up to limit bytes.
func newFrames(from io.Reader, limit int) *frames {
	return &frames{reader: bufio.NewReader(from), limit: limit}
}

// next reads and decodes one event. A panic of the decoder, which has the index fault of CVE-2021-3121, is an error like
// any other malformed event. The event shares no memory with the buffer: the generated code copies texts and bytes.
func (f *frames) next() (event *scheduler.Event, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			event, err = nil, &MalformedError{Detail: fmt.Sprintf("decoding it failed: %v", panicked)}
		}
	}()
	length, err := f.header()
	if err != nil {
		return nil, err
	}
	f.frame.Reset()
	if _, err := io.CopyN(&f.frame, f.reader, length); errors.Is(err, io.EOF) {
		return nil, &MalformedError{Detail: "the stream ended in the middle of it"}
	} else if err != nil {
		return nil, fmt.Errorf("reading the stream: %w", err)
	}
	event = &scheduler.Event{}
	if err := event.Unmarshal(f.frame.Bytes()); err != nil {
		return nil, &MalformedError{Detail: err.Error()}
	}
	return event, nil
}

// header reads the length of the next event.
func (f *frames) header() (int64, error) {
	var header []byte
	for {
		digit, err := f.reader.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && len(header) == 0:
			return 0, errClosed
		case errors.Is(err, io.EOF):
			return 0, &MalformedError{Detail: "the stream ended in the middle of it"}
		case err != nil:
			return 0, fmt.Errorf("reading the stream: %w", err)
		case digit == '\n':
			return f.length(string(header))
		case len(header) == headerSize:
			return 0, &MalformedError{Detail: "its length is not a number"}
		}
		header = append(header, digit)
	}
}

func (f *frames) length(header string) (int64, error) {
	length, err := strconv.ParseUint(header, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || (err == nil && length > uint64(f.limit)):
		return 0, &TooLargeError{Limit: f.limit}
	case err != nil:
		return 0, &MalformedError{Detail: "its length is not a number"}
	}
	return int64(length), nil
}
