package s3

import (
	"context"

	"github.com/aws/aws-sdk-go/aws"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// AbortStale aborts every incomplete multipart upload of objects under a prefix, and says how many those were. It is for what
// a killed process left behind: whoever calls it knows that nobody is writing there.
func (c *Client) AbortStale(ctx context.Context, bucket, prefix string) (int, error) {
	return c.abortAll(ctx, bucket, prefix, false)
}

// abortAll aborts the uploads under a prefix, or of that very key.
func (c *Client) abortAll(ctx context.Context, bucket, prefix string, exact bool) (int, error) {
	var found []*sdk.MultipartUpload
	err := c.api.ListMultipartUploadsPagesWithContext(ctx, &sdk.ListMultipartUploadsInput{Bucket: &bucket, Prefix: &prefix},
		func(page *sdk.ListMultipartUploadsOutput, _ bool) bool {
			for _, upload := range page.Uploads {
				if !exact || aws.StringValue(upload.Key) == prefix {
					found = append(found, upload)
				}
			}
			return true
		})
	if err != nil {
		return 0, c.fault(ctx, place{"abort", bucket, prefix}, err)
	}
	for i, upload := range found {
		if err := c.abortOne(ctx, bucket, aws.StringValue(upload.Key), aws.StringValue(upload.UploadId)); err != nil {
			return i, err
		}
	}
	return len(found), nil
}

// abortOne aborts one upload; one that is gone is as good.
func (c *Client) abortOne(ctx context.Context, bucket, key, id string) error {
	_, err := c.api.AbortMultipartUploadWithContext(ctx, &sdk.AbortMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: &id})
	if isNoUpload(err) {
		return nil
	}
	return c.fault(ctx, place{"abort", bucket, key}, err)
}
