package s3

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// creation is the request for a multipart upload. Once it is under way it does not end with the upload: the store makes what it
// was asked for whether or not somebody still listens, perhaps after it was looked for, so whoever aborts needs the answer.
type creation struct {
	done   chan created
	cancel context.CancelFunc
}

type created struct {
	id       string // empty when there is no upload, or none that is known
	doubtful bool   // a multipart upload may exist whose id was never received
	err      error
}

// create gets the id of a multipart upload. When the upload ends meanwhile, it returns at once and leaves the rest to Abort.
func (u *Upload) create() error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(u.ctx))
	c := &creation{make(chan created, 1), cancel}
	go func() {
		defer cancel()
		c.done <- u.askForID(ctx, cancel)
	}()
	select {
	case answer := <-c.done:
		return u.know(answer)
	case <-u.ctx.Done():
		u.creating = c
		return u.failure()
	}
}

// askForID sends the request, with further tries for as long as the upload has not ended.
func (u *Upload) askForID(ctx context.Context, cancel context.CancelFunc) created {
	req, answer := u.client.api.CreateMultipartUploadRequest(&sdk.CreateMultipartUploadInput{
		Bucket: &u.at.bucket, Key: &u.at.key, Metadata: aws.StringMap(u.metadata),
	})
	req.SetContext(ctx)
	req.Config.SleepDelay = func(d time.Duration) {
		if sleep(u.ctx, d) != nil {
			cancel() // nobody waits for another try
		}
	}
	err := req.Send()
	// An answer that never came may have been a yes.
	refused, answered := err.(awserr.RequestFailure)
	return created{
		id:       aws.StringValue(answer.UploadId),
		doubtful: req.RetryCount > 0 || err != nil && (!answered || refused.StatusCode() >= 500),
		err:      err,
	}
}

func (u *Upload) know(answer created) error {
	u.creating, u.id, u.doubtful = nil, answer.id, answer.doubtful
	return u.client.fault(u.ctx, u.at, answer.err)
}

// awaitCreation waits for an answer that was still to come when the upload ended, and gives it up when ctx ends.
func (u *Upload) awaitCreation(ctx context.Context) {
	if u.creating == nil {
		return
	}
	defer context.AfterFunc(ctx, u.creating.cancel)()
	_ = u.know(<-u.creating.done) // why there is none does not matter any more: the upload has failed
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
