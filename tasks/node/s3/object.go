package s3

import (
	"bytes"
	"context"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// Object is what a store tells about an object.
type Object struct {
	Key          string
	Size         int64 // bytes
	ETag         string
	LastModified time.Time
}

// Uploaded is what became of an upload.
type Uploaded struct {
	Bytes  int64
	SHA256 string // of what was written, in hexadecimal
	ETag   string // as the store gave it, without quotes
}

// CheckBucket asks for one name in the bucket: unlike a HEAD, that is answered with a text that tells a wrong key from a
// missing bucket and a wrong region. It is tried a few times only.
func (c *Client) CheckBucket(ctx context.Context, bucket string) error {
	_, err := c.api.ListObjectsV2WithContext(ctx, &sdk.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int64(1)}, hasty)
	return c.fault(ctx, place{"check", bucket, ""}, err)
}

// Put writes a small object in one request. It becomes visible whole.
func (c *Client) Put(ctx context.Context, bucket, key string, body []byte, contentType string) error {
	in := &sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body)}
	if contentType != "" {
		in.ContentType = &contentType
	}
	_, err := c.api.PutObjectWithContext(ctx, in)
	return c.fault(ctx, place{"write", bucket, key}, err)
}

// Head tells about one object.
func (c *Client) Head(ctx context.Context, bucket, key string) (Object, error) {
	answer, err := c.api.HeadObjectWithContext(ctx, &sdk.HeadObjectInput{Bucket: &bucket, Key: &key})
	if err == nil {
		return Object{key, aws.Int64Value(answer.ContentLength), unquote(answer.ETag), aws.TimeValue(answer.LastModified)}, nil
	}
	if _, refused := err.(awserr.RequestFailure); refused && ctx.Err() == nil {
		// The answer to a HEAD has no text; that to a GET says what is wrong.
		reader, object, err := c.Get(ctx, bucket, key)
		if err == nil {
			_ = reader.Close() // nothing was read
		}
		return object, err
	}
	return Object{}, c.fault(ctx, place{"read", bucket, key}, err)
}

// List calls each with the objects whose key begins with prefix, in order, all pages. With a delimiter, what has it after the
// prefix is summed up, and folder is called with those beginnings instead. Either may be nil. An error of theirs ends the
// list and is returned as it is.
func (c *Client) List(ctx context.Context, bucket, prefix, delimiter string, each func(Object) error, folder func(prefix string) error) error {
	in := &sdk.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
	if delimiter != "" {
		in.Delimiter = &delimiter
	}
	var own error
	err := c.api.ListObjectsV2PagesWithContext(ctx, in, func(page *sdk.ListObjectsV2Output, _ bool) bool {
		for _, common := range page.CommonPrefixes {
			if folder != nil && own == nil {
				own = folder(aws.StringValue(common.Prefix))
			}
		}
		for _, o := range page.Contents {
			if each != nil && own == nil {
				own = each(Object{aws.StringValue(o.Key), aws.Int64Value(o.Size), unquote(o.ETag), aws.TimeValue(o.LastModified)})
			}
		}
		return own == nil
	})
	if own != nil {
		return own
	}
	return c.fault(ctx, place{"list", bucket, prefix}, err)
}

// deleteBatch is the most keys that one request may name.
const deleteBatch = 1000

// Delete removes objects. One that is not there is no error.
func (c *Client) Delete(ctx context.Context, bucket string, keys ...string) error {
	for len(keys) > 0 {
		batch := keys[:min(len(keys), deleteBatch)]
		keys = keys[len(batch):]
		names := make([]*sdk.ObjectIdentifier, len(batch))
		for i := range batch {
			names[i] = &sdk.ObjectIdentifier{Key: &batch[i]}
		}
		answer, err := c.api.DeleteObjectsWithContext(ctx, &sdk.DeleteObjectsInput{
			Bucket: &bucket, Delete: &sdk.Delete{Objects: names, Quiet: aws.Bool(true)},
		})
		if err != nil {
			return c.fault(ctx, place{"delete", bucket, batch[0]}, err)
		}
		for _, failed := range answer.Errors {
			code := aws.StringValue(failed.Code)
			if code == sdk.ErrCodeNoSuchKey {
				continue
			}
			refused := awserr.NewRequestFailure(awserr.New(code, aws.StringValue(failed.Message), nil), statusOf(code), "")
			return c.fault(ctx, place{"delete", bucket, aws.StringValue(failed.Key)}, refused)
		}
	}
	return nil
}

// statusOf is the status that a code has where it comes alone: in a list of errors there is none.
func statusOf(code string) int {
	if code == "AccessDenied" {
		return 403
	}
	return 500
}
