package s3

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"runtime/debug"
	"sync"
)

// What Write and Complete return when it is over.
var (
	errAborted   = errors.New("the upload was aborted")
	errCompleted = errors.New("the upload was completed")
)

// Upload is one object being written, of a length that nobody knows yet. One goroutine writes and completes; Abort may come from
// any. Nothing is visible in the bucket before Complete.
type Upload struct {
	client   *Client
	at       place
	metadata map[string]string
	progress func(int64)

	// ctx is that of the upload. It ends with the caller's, with the first part that fails for good, and with Abort.
	ctx  context.Context
	fail context.CancelCauseFunc

	writing  sync.Mutex // held by Write, Complete and the working half of Abort
	id       string     // of the multipart upload; empty as long as there is none
	doubtful bool       // a multipart upload may exist whose id was never received
	creating *creation  // the multipart upload was asked for, and nobody has read the answer
	asked    bool       // the store was asked to make the object visible
	ended    bool       // completed or aborted
	parts    int        // how many were sent off
	size     int64      // of the buffers in the pool
	held     int        // how many buffers the pool has, in and out
	pool     chan []byte
	buffer   []byte // what is being filled; its capacity is the part's size
	written  int64
	sum      hash.Hash
	inFlight sync.WaitGroup

	mu     sync.Mutex
	etags  []string // by part number less one
	stored int64
}

// Upload begins to write an object. Nothing is sent before a whole part has been written: CheckBucket tells beforehand whether
// the bucket is there. Metadata becomes the object's own (x-amz-meta-…). Progress, if not nil, is called with the number of
// bytes that the store has taken so far, never twice at the same time. The upload ends in Complete or Abort; a deferred Abort
// is right in every case. One upload at a time writes to a key: where the answer to the first request got lost, all incomplete
// uploads of that very key are aborted at the end.
func (c *Client) Upload(ctx context.Context, bucket, key string, metadata map[string]string, progress func(stored int64)) (*Upload, error) {
	u := &Upload{client: c, at: place{"write", bucket, key}, metadata: metadata, progress: progress, sum: sha256.New()}
	u.ctx, u.fail = context.WithCancelCause(ctx)
	if err := u.failure(); err != nil {
		return nil, err
	}
	return u, nil
}

// Write takes bytes of the object. It blocks while all buffers are in flight, and fails at once when the context has ended or a
// part has failed for good; every later call then fails too.
func (u *Upload) Write(p []byte) (int, error) {
	u.writing.Lock()
	defer u.writing.Unlock()
	taken := 0
	for {
		if err := u.failure(); err != nil {
			return taken, err
		}
		if taken == len(p) {
			return taken, nil
		}
		if u.buffer != nil && len(u.buffer) == cap(u.buffer) {
			// Only now: if the object ends here, it needs no multipart upload, or this part is its last.
			if err := u.send(); err != nil {
				return taken, err
			}
		}
		if u.buffer == nil {
			if err := u.take(); err != nil {
				return taken, err
			}
		}
		piece := p[taken:min(len(p), taken+cap(u.buffer)-len(u.buffer))]
		u.buffer = append(u.buffer, piece...)
		_, _ = u.sum.Write(piece) // a hash takes everything
		u.written += int64(len(piece))
		taken += len(piece)
	}
}

// failure is why nothing more can be written, or nil.
func (u *Upload) failure() error {
	return u.client.fault(u.ctx, u.at, context.Cause(u.ctx))
}

// Format shows where the object goes and nothing else, whatever the verb.
func (u *Upload) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.at.String()) }

// take gets an empty buffer of the next part's size from the pool, and waits for one.
func (u *Upload) take() error {
	if size := u.client.growth.size(u.parts + 1); size != u.size {
		if err := u.resize(size); err != nil {
			return err
		}
	}
	select {
	case u.buffer = <-u.pool:
	case <-u.ctx.Done():
		return u.failure()
	}
	if u.buffer == nil {
		u.buffer = make([]byte, 0, u.size) // at the first use, so that a small object takes one
	}
	return nil
}

// resize changes the pool to buffers of another size, once all smaller ones have come back and their memory is returned.
func (u *Upload) resize(size int64) error {
	for range u.held {
		select {
		case <-u.pool:
		case <-u.ctx.Done():
			return u.failure()
		}
	}
	if u.held > 0 {
		debug.FreeOSMemory() // ten times in five terabytes: without it the old and the new buffers would be held together
	}
	u.size, u.held = size, buffers(size, u.client.growth.first, u.client.options.Memory, u.client.options.Parallel)
	u.pool = make(chan []byte, u.held)
	for range u.held {
		u.pool <- nil
	}
	return nil
}
