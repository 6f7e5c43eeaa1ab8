package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// headway is how many bytes a connection has to bring for the count of tries to start again.
const headway = 1 << 20

// Get reads an object as a stream. A connection that is cut or stands still is replaced by one for the rest of the very same
// object; the read fails when that did not help several times in a row, or when the object was replaced meanwhile. What is
// read is never more and never less than the object. Close ends the request.
func (c *Client) Get(ctx context.Context, bucket, key string) (io.ReadCloser, Object, error) {
	return c.get(ctx, bucket, Object{Key: key})
}

// GetSame is Get of an object that was read before, and of no other that has its name since: that is an error, before or while it
// is read. Where the store told no ETag, the size has to do.
func (c *Client) GetSame(ctx context.Context, bucket string, object Object) (io.ReadCloser, Object, error) {
	reader, found, err := c.get(ctx, bucket, object)
	if err == nil && (found.Size != object.Size || object.ETag != "" && found.ETag != object.ETag) {
		_ = reader.Close() // nothing was read
		return nil, found, replaced(place{"read", bucket, object.Key}, "since it was read before")
	}
	return reader, found, err
}

func replaced(at place, when string) *Error {
	return &Error{Kind: Other, Op: at.op, Bucket: at.bucket, Key: at.key, Problem: "the object was replaced " + when,
		Remedy: "see that nobody writes to it, then start again"}
}

// get asks for an object, of the ETag that is named if one is.
func (c *Client) get(ctx context.Context, bucket string, object Object) (io.ReadCloser, Object, error) {
	key := object.Key
	r := &reader{client: c, at: place{"read", bucket, key}}
	if object.ETag != "" {
		r.etag = aws.String(`"` + object.ETag + `"`)
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	answer, err := r.open()
	if changed(err) {
		r.cancel()
		return nil, Object{}, replaced(r.at, "since it was read before")
	}
	if err != nil {
		r.cancel()
		return nil, Object{}, c.fault(ctx, r.at, err)
	}
	if answer.ContentLength == nil || *answer.ContentLength < 0 {
		_ = r.Close() // nothing was read
		return nil, Object{}, &Error{Kind: Other, Op: "read", Bucket: bucket, Key: key, Problem: "the store does not say how long it is"}
	}
	r.etag = answer.ETag
	r.object = Object{key, *answer.ContentLength, unquote(answer.ETag), aws.TimeValue(answer.LastModified)}
	return r, r.object, nil
}

type reader struct {
	client *Client
	at     place
	ctx    context.Context
	cancel context.CancelFunc
	object Object
	etag   *string // as the store gave it

	body   io.ReadCloser // nil: to be opened at offset
	offset int64
	tries  int   // in a row
	mark   int64 // the offset when tries began
	err    error // what ended the body
}

// open asks for the object from the offset on.
func (r *reader) open() (*sdk.GetObjectOutput, error) {
	in := &sdk.GetObjectInput{Bucket: &r.at.bucket, Key: &r.at.key}
	if r.offset > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", r.offset))
	}
	in.IfMatch = r.etag
	answer, err := r.client.api.GetObjectWithContext(r.ctx, in)
	if err != nil {
		return nil, err
	}
	if r.offset > 0 && !strings.HasPrefix(aws.StringValue(answer.ContentRange), fmt.Sprintf("bytes %d-", r.offset)) {
		_ = answer.Body.Close() // not what was asked for
		return nil, &Error{Kind: Other, Op: r.at.op, Bucket: r.at.bucket, Key: r.at.key,
			Problem: "the connection was cut and the store cannot continue in the middle", Remedy: "start again"}
	}
	r.body = answer.Body
	return answer, nil
}

// Read reads on, over as many connections as it takes.
func (r *reader) Read(p []byte) (int, error) {
	for len(p) > 0 {
		if r.offset == r.object.Size {
			return 0, io.EOF
		}
		if r.body == nil {
			if err := r.resume(); err != nil {
				return 0, err
			}
		}
		n, err := r.body.Read(p[:min(int64(len(p)), r.object.Size-r.offset)])
		r.offset += int64(n)
		if err != nil && r.offset < r.object.Size {
			_ = r.body.Close() // broken already
			r.body, r.err = nil, err
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, nil
}

// resume opens the rest after a cut.
func (r *reader) resume() error {
	if r.offset-r.mark >= headway {
		r.tries, r.mark = 0, r.offset
	}
	r.tries++
	if r.tries > r.client.options.Retries {
		return r.client.fault(r.ctx, r.at, r.err)
	}
	wait := min(r.client.tuning.first<<min(r.tries-1, 20), r.client.tuning.most)
	if err := aws.SleepWithContext(r.ctx, wait); err != nil {
		return r.client.fault(r.ctx, r.at, err)
	}
	_, err := r.open()
	if changed(err) {
		return replaced(r.at, "while it was read")
	}
	return r.client.fault(r.ctx, r.at, err)
}

// changed says that the object has another ETag than the one that was asked for.
func changed(err error) bool {
	failed := awserr.RequestFailure(nil)
	return errors.As(err, &failed) && failed.StatusCode() == 412
}

// Close ends the request.
func (r *reader) Close() error {
	r.cancel()
	if r.body == nil {
		return nil
	}
	return r.body.Close()
}
