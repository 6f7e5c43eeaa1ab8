package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// Complete sends the rest and makes the object visible. When ctx ends, the whole upload fails. After an error call Abort; where
// the store was asked and its answer is not known (Unreachable, or ctx ended meanwhile), the object may be there nevertheless,
// whole: what it would be is then returned beside the error, with an ETag if that can be told.
func (u *Upload) Complete(ctx context.Context) (Uploaded, error) {
	stop := context.AfterFunc(ctx, func() { u.fail(context.Cause(ctx)) })
	defer stop()
	u.writing.Lock()
	defer u.writing.Unlock()
	if ctx.Err() != nil {
		u.fail(context.Cause(ctx))
	}
	if err := u.failure(); err != nil {
		return Uploaded{}, err
	}
	finish := u.finish
	if u.id == "" {
		finish = u.put
	}
	etag, err := finish()
	if err != nil && u.asked {
		return Uploaded{Bytes: u.written, SHA256: hex.EncodeToString(u.sum.Sum(nil)), ETag: u.composite()}, err
	}
	if err != nil {
		return Uploaded{}, err
	}
	u.ended = true
	u.pool, u.buffer = nil, nil
	if u.doubtful {
		// The object is good: what cannot be removed of an upload that nobody knows is left to AbortStale.
		_, _ = u.client.AbortStale(u.ctx, u.at.bucket, u.at.key)
	}
	u.fail(errCompleted)
	return Uploaded{Bytes: u.written, SHA256: hex.EncodeToString(u.sum.Sum(nil)), ETag: etag}, nil
}

// put stores an object that fits into one part.
func (u *Upload) put() (string, error) {
	u.asked = true
	answer, err := u.client.api.PutObjectWithContext(u.ctx, &sdk.PutObjectInput{
		Bucket: &u.at.bucket, Key: &u.at.key, Metadata: aws.StringMap(u.metadata), Body: bytes.NewReader(u.buffer),
	})
	if err != nil {
		return "", u.client.fault(u.ctx, u.at, err)
	}
	u.took(int64(len(u.buffer)), func() {})
	return unquote(answer.ETag), nil
}

// finish sends the last part, waits for all, and has the store join them.
func (u *Upload) finish() (string, error) {
	if err := u.send(); err != nil {
		return "", err
	}
	u.inFlight.Wait()
	if err := u.failure(); err != nil {
		return "", err
	}
	parts := make([]*sdk.CompletedPart, len(u.etags))
	for i := range parts {
		parts[i] = &sdk.CompletedPart{ETag: &u.etags[i], PartNumber: aws.Int64(int64(i) + 1)}
	}
	u.asked = true
	answer, err := u.client.patient.CompleteMultipartUploadWithContext(u.ctx, &sdk.CompleteMultipartUploadInput{
		Bucket: &u.at.bucket, Key: &u.at.key, UploadId: &u.id, MultipartUpload: &sdk.CompletedMultipartUpload{Parts: parts},
	})
	if err == nil {
		return unquote(answer.ETag), nil
	}
	if isNoUpload(err) {
		// The answer to an earlier try got lost, and this one found nothing left to complete.
		if etag := u.composite(); etag != "" {
			object, headErr := u.client.Head(u.ctx, u.at.bucket, u.at.key)
			if headErr == nil && object.ETag == etag && object.Size == u.written {
				return etag, nil
			}
		}
	}
	return "", u.client.fault(u.ctx, place{"complete", u.at.bucket, u.at.key}, err)
}

// composite is the ETag of an object made of parts whose ETags are MD5 sums: the sum of the sums, and how many. Empty
// where a store's are not, as with encryption by a key of the store's user, and of an object in one piece.
func (u *Upload) composite() string {
	if len(u.etags) == 0 {
		return ""
	}
	whole := md5.New()
	for _, etag := range u.etags {
		sum, err := hex.DecodeString(strings.Trim(etag, `"`))
		if err != nil || len(sum) != md5.Size {
			return ""
		}
		_, _ = whole.Write(sum) // a hash takes everything
	}
	return fmt.Sprintf("%x-%d", whole.Sum(nil), len(u.etags))
}

// Abort ends the upload and removes what was sent of it, within half a minute and whatever has become of the upload's own
// context. After Complete or an earlier Abort it does nothing. When it fails it may be called again; AbortStale does the same
// later.
func (u *Upload) Abort() error {
	u.fail(errAborted) // first, so that a Write or Complete that waits lets go of the lock
	u.writing.Lock()
	defer u.writing.Unlock()
	if u.ended {
		return nil
	}
	u.inFlight.Wait() // a part that arrives after the abort would stay
	u.pool, u.buffer = nil, nil
	ctx, cancel := context.WithTimeout(context.Background(), u.client.tuning.abort)
	defer cancel()
	half, enough := context.WithTimeout(ctx, u.client.tuning.abort/2) // the rest is for the abort itself
	u.awaitCreation(half)
	enough()
	if u.id != "" {
		if err := u.client.abortOne(ctx, u.at.bucket, u.at.key, u.id); err != nil {
			return err
		}
	}
	if u.doubtful {
		if _, err := u.client.AbortStale(ctx, u.at.bucket, u.at.key); err != nil {
			return err
		}
	}
	u.ended = true
	return nil
}

func isNoUpload(err error) bool {
	fault, ok := err.(awserr.Error)
	return ok && fault.Code() == sdk.ErrCodeNoSuchUpload
}
