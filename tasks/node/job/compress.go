package job

import (
	"bufio"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
)

// window is the most memory that the history of a zstd stream may take, in bytes. A stream of others that wants more is refused:
// the job has little memory, and `zstd --long` is no usual way to pack a dump.
const window = 64 << 20

// packer packs what is written to it. Close ends the stream and leaves what is below open.
func packer(c backup.Compression, out io.Writer) (io.WriteCloser, error) {
	switch c {
	case backup.Gzip:
		return gzip.NewWriterLevel(out, gzip.BestSpeed)
	case backup.Zstd:
		// One goroutine packs while the next block is filled; a dump is made by one process and rarely faster.
		return zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20))
	case backup.Plain:
		return plain{out}, nil
	}
	return nil, fmt.Errorf("no way to pack as %q is known", c)
}

type plain struct{ io.Writer }

func (plain) Close() error { return nil }

// unpacker reads what packer wrote, and what others packed in the same ways: it looks at the first bytes and not at the name.
func unpacker(in io.Reader) (io.ReadCloser, backup.Compression, error) {
	buffered := bufio.NewReaderSize(in, 256<<10)
	head, err := buffered.Peek(4)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	switch {
	case len(head) >= 2 && head[0] == 0x1f && head[1] == 0x8b:
		r, err := gzip.NewReader(buffered)
		return r, backup.Gzip, err
	case len(head) == 4 && string(head) == "\x28\xb5\x2f\xfd":
		r, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*window), zstd.WithDecoderMaxWindow(window))
		if err != nil {
			return nil, "", err
		}
		return r.IOReadCloser(), backup.Zstd, nil
	}
	return io.NopCloser(buffered), backup.Plain, nil
}
