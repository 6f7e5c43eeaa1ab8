package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// pieces of a dump are handed from the reader to the packer: so many of so many bytes.
const (
	pieceBytes = 256 << 10
	pieceCount = 8
)

// dumpInto runs the dump and streams it, counted and packed, to out: dump process, reader and census, packer. Each waits for the
// slower one. It returns when all of them have ended, with what was counted; the error is nil only when the dump's exit code was 0
// and its last statement whole.
func (w *work) dumpInto(whole context.Context, have contents, pack backup.Compression, out io.Writer) (dump.Counts, error) {
	ctx, cancel := context.WithCancel(whole)
	defer cancel()
	r, in, err := pipe()
	if err != nil {
		return dump.Counts{}, err
	}
	defer r.Close()
	at, _ := w.db.address()
	child := w.db.child(cockroach.DumpCommand(w.db.client, w.db.access(at), w.params.Database, cockroach.SnapshotText(have.at)))
	var stderr tail
	child.Stdout, child.Stderr = in, &stderr
	p, err := child.Start()
	_ = in.Close() // the child has its own; with this one open the end would never be read
	if err != nil {
		return dump.Counts{}, fmt.Errorf("run cockroach dump: %w", err)
	}
	full, free := make(chan []byte, pieceCount), make(chan []byte, pieceCount)
	for range pieceCount {
		free <- nil // made when it is first needed
	}
	packed := make(chan error, 1)
	go func() {
		err := packAll(full, free, pack, out)
		if err != nil {
			cancel() // ends the dump: nobody takes it any more
		}
		packed <- err
	}()
	exited := make(chan int, 1)
	go func() {
		code, err := wait(ctx, p)
		if err != nil {
			// A read that waits for more ends with the last process that could write.
			code = -1
		}
		exited <- code
	}()
	census := dump.NewCensus()
	readErr := w.readAll(ctx, r, census, full, free)
	close(full)
	if readErr != nil {
		cancel()
	}
	packErr, code := <-packed, <-exited
	counts, unfinished := census.End()
	failed := dumpFault(code, &stderr)
	switch {
	case packErr != nil:
		return counts, packErr
	case whole.Err() != nil:
		return counts, context.Cause(whole)
	case readErr != nil:
		return counts, fmt.Errorf("read the dump: %w", readErr)
	case failed != nil:
		return counts, failed
	case unfinished != nil:
		return counts, faultOf("`cockroach dump` ended with exit code 0 in the middle of a statement", unfinished, "try again; nothing was stored")
	}
	return counts, nil
}

func dumpFault(code int, stderr *tail) error {
	if code <= 0 {
		return nil
	}
	said := readSQLError(clientResult{code: code, stderr: stderr.String()})
	return faultOf(fmt.Sprintf("`cockroach dump` ended with exit code %d", code), said,
		"nothing was stored. If the node was lost, try again; if a value cannot be written as SQL, change its column, or upgrade to v20.2 or later and use --method native")
}

// readAll reads the dump to its end, counts, and hands on.
func (w *work) readAll(ctx context.Context, in *os.File, census *dump.Census, full chan<- []byte, free <-chan []byte) error {
	for {
		var piece []byte
		select {
		case piece = <-free:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if piece == nil {
			piece = make([]byte, pieceBytes)
		}
		n, err := io.ReadAtLeast(in, piece[:pieceBytes], pieceBytes)
		if n > 0 {
			if _, err := census.Write(piece[:n]); err != nil {
				return err
			}
			bytes, _, rows := census.Progress()
			w.how.set(func(p *tasks.JobProgress) { p.Bytes, p.Rows = bytes, rows })
			full <- piece[:n] // never waits: there are no more pieces than places
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// packAll packs pieces until there are no more, and ends the stream. The object below is not complete by that.
func packAll(full <-chan []byte, free chan<- []byte, pack backup.Compression, out io.Writer) error {
	packing, err := packer(pack, out)
	if err != nil {
		return err
	}
	for piece := range full {
		if _, err := packing.Write(piece); err != nil {
			return err
		}
		free <- piece
	}
	if err := packing.Close(); err != nil {
		return fmt.Errorf("pack the dump: %w", err)
	}
	return nil
}
