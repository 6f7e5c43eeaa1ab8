package s3

import (
	"bytes"
	"fmt"

	"github.com/aws/aws-sdk-go/aws"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// send puts the filled buffer on its way as the next part.
func (u *Upload) send() error {
	if u.id == "" {
		if err := u.create(); err != nil {
			u.fail(err)
			return err
		}
	}
	if u.parts == maxParts {
		err := &Error{Kind: Other, Op: u.at.op, Bucket: u.at.bucket, Key: u.at.key,
			Problem: "it is larger than a store takes, 5 TiB", Remedy: "use the native method, which writes many objects"}
		if room := u.client.growth.capacity(); room < maxObject {
			err.Problem = fmt.Sprintf("it is larger than %.1f TiB, the most that goes through the memory of this task", float64(room)/(1<<40))
			err.Remedy = "set BACKUP_MEM_MB to twice as much or more, or use the native method"
		}
		u.fail(err)
		return err
	}
	number, body := u.parts, u.buffer
	u.parts, u.buffer = u.parts+1, nil
	u.mu.Lock()
	u.etags = append(u.etags, "")
	u.mu.Unlock()
	u.inFlight.Go(func() { u.store(number, body) })
	return nil
}

// store sends one part, as often as it takes. The buffer goes back only after success: after a failure the connection's own
// goroutine may still be reading it.
func (u *Upload) store(number int, body []byte) {
	answer, err := u.client.api.UploadPartWithContext(u.ctx, &sdk.UploadPartInput{
		Bucket: &u.at.bucket, Key: &u.at.key, UploadId: &u.id, PartNumber: aws.Int64(int64(number) + 1), Body: bytes.NewReader(body),
	})
	if err != nil {
		u.fail(u.client.fault(u.ctx, u.at, err))
		return
	}
	u.took(int64(len(body)), func() { u.etags[number] = aws.StringValue(answer.ETag) })
	u.pool <- body[:0]
}

// took notes what the store has, and tells.
func (u *Upload) took(bytes int64, note func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	note()
	u.stored += bytes
	if u.progress != nil {
		u.progress(u.stored)
	}
}
